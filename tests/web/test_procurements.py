"""The pages of procurements and processes, and the record."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.support.platform import Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]


def test_a_procurement_is_started_with_its_team(platform: Platform, visit: Visit) -> None:
    visitor = visit("lead")
    fields = {
        "process": "small",
        "title": "Badeplass",
        "reference": "2026/9",
        "organisation": "town",
        "role.procurement-lead": "lead",
        "role.need-owner": "owner",
    }

    answer = visitor.press("/procurements/start?process=small", "/procurements/start", fields)
    page = visitor.get(answer.headers["location"])

    assert page.status_code == 200
    assert "Badeplass" in page.text
    assert "Owner" in page.text


def test_who_leads_nothing_cannot_start_and_reads_why(platform: Platform, visit: Visit) -> None:
    visitor = visit("owner")
    fields = {"process": "small", "title": "x", "reference": "1", "organisation": "town"}

    page = visitor.get("/procurements/start")
    answer = visitor.press("/tasks", "/procurements/start", fields)

    assert "Bare anskaffelsesledere" in page.text
    assert answer.status_code == 403


def test_the_page_tells_where_it_stands_and_who_has_the_ball(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()

    page = visit("lead").get(f"/procurements/{procurement}").text

    assert "<svg" in page
    assert "Ballen ligger hos" in page
    assert "Siste hendelser" in page


@pytest.mark.parametrize("path", ["", "/log", "/audit"])
def test_a_procurement_of_others_does_not_exist(
    platform: Platform, visit: Visit, path: str
) -> None:
    procurement = platform.start()

    assert visit("stranger").get(f"/procurements/{procurement}{path}").status_code == 404
    assert procurement not in visit("stranger").get("/procurements").text


def test_suspending_needs_a_reason_and_resuming_takes_it_up_again(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    visitor, address = visit("lead"), f"/procurements/{procurement}"

    refused = visitor.press(address, f"{address}/suspend")
    visitor.press(address, f"{address}/suspend", {"_reason": "Venter på budsjett"})
    suspended = visitor.get(address).text
    visitor.press(address, f"{address}/resume", {"_reason": "Vedtatt"})

    assert refused.status_code == 409
    assert "På vent" in suspended
    assert "Venter på budsjett" in visitor.get(f"{address}/log").text
    assert "På vent" not in visitor.get(address).text


def test_the_lead_goes_back_and_the_record_keeps_both(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    platform.to_gate(procurement)
    visitor, address = visit("lead"), f"/procurements/{procurement}"
    point = (
        visitor.get(address).text.split('name="to"')[1].split('<option value="')[2].split('"')[0]
    )

    answer = visitor.press(address, f"{address}/rewind", {"to": point, "_reason": "Feil utkast"})

    assert answer.status_code == 303
    assert [each.element for each in platform.open(procurement)] == ["draft"]
    assert platform.entries(procurement).count("TaskCompleted") == 2
    assert "ProcurementRewound" in platform.entries(procurement)


def test_only_the_lead_steers(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    visitor, address = visit("owner"), f"/procurements/{procurement}"

    page = visitor.get(address).text
    answer = visitor.press("/tasks", f"{address}/suspend", {"_reason": "Nei"})

    assert "Styr anskaffelsen" not in page
    assert answer.status_code == 403


def test_a_happening_is_reported_with_its_form(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)
    visitor, address = visit("lead"), f"/procurements/{procurement}"
    link = visitor.get(address).text.split(f'href="{address}/happenings/')[1].split('"')[0]
    form = f"{address}/happenings/{link}"

    faulty = visitor.press(form, form, {"_action": "complete"})
    answer = visitor.press(form, form, {"why": "Kapasitet", "_action": "complete"})

    assert faulty.status_code == 422
    assert answer.status_code == 303
    assert "MessageReceived" in platform.entries(procurement)


def test_the_audit_page_says_when_the_record_was_changed(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    visitor, address = visit("lead"), f"/procurements/{procurement}/audit"
    before = visitor.get(address).text
    with platform.store.database.begin() as connection:
        connection.execute(sa.text("DROP TRIGGER IF EXISTS audit_event_no_update"))
        for name in connection.scalars(
            sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        ).all():
            connection.execute(sa.text(f"DROP TRIGGER {name}"))
        connection.execute(
            sa.text("UPDATE audit_event SET body = :body WHERE chain = :chain AND seq = 2"),
            {"body": b"{}", "chain": procurement},
        )

    after = visitor.get(address).text

    assert "Protokollen er hel og uendret." in before
    assert "Protokollen er endret." in after
    assert "er nr. 2." in after


def test_processes_and_their_versions_are_shown(platform: Platform, visit: Visit) -> None:
    visitor = visit("owner")

    listed = visitor.get("/processes").text
    digest = listed.split('href="/processes/versions/')[1].split('"')[0]
    page = visitor.get(f"/processes/versions/{digest}").text

    assert digest in page
    assert "processes/small/small.bpmn" in page
    assert "<svg" in page


@pytest.mark.parametrize("path", ["/nowhere", "/tasks/nothing", "/procurements/nothing"])
def test_what_is_not_there_gets_one_clear_page(visit: Visit, path: str) -> None:
    answer = visit("lead").get(path)

    assert answer.status_code == 404
    assert "Siden finnes ikke" in answer.text


def test_the_language_can_be_switched(visit: Visit) -> None:
    visitor = visit("lead")

    visitor.client.post("/language", data={"language": "en", "next": "/tasks"})

    page = visitor.get("/tasks").text
    assert '<html lang="en"' in page
    assert "My tasks" in page
