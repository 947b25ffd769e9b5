"""The pages of procurements and processes, and the record."""

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
import sqlalchemy as sa

from engine.bpmn.bundle import collect
from engine.commands.deployments import DeployProcess
from engine.commands.procurements import Seat, StartProcurement
from engine.model.actor import SYSTEM
from engine.store import people
from tests.engine.commands.test_incidents import FAILING_OPERATION, start
from tests.support.guests import bring_citizen, bring_supplier
from tests.support.platform import GOOD_NEED, TOWN, Platform
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


def test_a_step_that_failed_by_itself_says_in_words_what_went_wrong(
    platform: Platform, visit: Visit
) -> None:
    procurement = start(platform, FAILING_OPERATION)
    platform.complete("lead", procurement, "answer", submission={"text": "tull"})

    lead = visit("lead").get(f"/procurements/{procurement}").text
    owner = visit("owner").get(f"/procurements/{procurement}").text
    log = visit("lead").get(f"/procurements/{procurement}/log").text

    assert "Noe kan ikke brukes" in lead
    assert "Rett det i skjemaet det kommer fra" in owner
    assert "invalid-input" not in lead + owner + log
    assert "Teknisk forklaring" in lead
    assert "Teknisk forklaring" not in owner


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


def act(visitor: Visitor, procurement: str, name: str, **fields: str) -> httpx2.Response:
    """Look an act over and do it, as a person does."""
    address = f"/procurements/{procurement}/acts/{name}"
    looked = visitor.press(address, address, {**fields, "_action": "look"})
    seal = looked.text.split('name="_seal" value="')[1].split('"')[0]
    return visitor.press(address, address, {**fields, "_seal": seal, "_action": "do"})


def test_suspending_needs_a_reason_and_resuming_takes_it_up_again(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    visitor, address = visit("lead"), f"/procurements/{procurement}"

    refused = act(visitor, procurement, "suspend")
    act(visitor, procurement, "suspend", _reason="Venter på budsjett")
    suspended = visitor.get(address).text
    act(visitor, procurement, "resume", _reason="Vedtatt")

    assert refused.status_code == 422
    assert "På vent" in suspended
    assert "Venter på budsjett" in visitor.get(f"{address}/log").text
    assert "På vent" not in visitor.get(address).text


def test_an_act_tells_what_it_will_do_before_it_is_done(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    visitor = visit("lead")

    page = visitor.get(f"/procurements/{procurement}/acts/cancel").text

    assert "Oppgaver som faller bort" in page
    assert "Describe" in page
    assert "ProcurementCancelled" not in platform.entries(procurement)


def test_the_lead_reads_how_many_outside_will_have_a_mail(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    address = f"/procurements/{procurement}/acts/cancel"
    bring_citizen(platform, procurement, name="Berit", email="berit@home.test")

    one = visit("lead").get(address).text
    bring_supplier(platform, procurement, "910000004", name="Anna", email="anna@a.test")
    two = visit("lead").get(address).text

    assert "Én utenfra får e-post." in one
    assert "2 utenfra får e-post." in two
    assert "Berit" not in two


def test_nothing_else_is_done_than_what_was_looked_over(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    visitor, address = visit("lead"), f"/procurements/{procurement}/acts/cancel"
    seal = visitor.get(address).text.split('name="_seal" value="')[1].split('"')[0]
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    answer = visitor.press(
        address, address, {"_reason": "Midlene er borte", "_seal": seal, "_action": "do"}
    )

    assert "Det er noe annet som vil skje nå" in answer.text
    assert "Draft" in answer.text
    assert "Midlene er borte" in answer.text
    assert "ProcurementCancelled" not in platform.entries(procurement)


def test_the_lead_gives_a_task_more_time_and_reads_which_dates_are_not_moved_so(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe").id
    visitor, when = visit("lead"), {"task": task, "due_at": "2026-12-24T12:00"}

    asked = visitor.get(f"/procurements/{procurement}/acts/move-due").text
    address = f"/procurements/{procurement}/acts/move-due"
    looked = visitor.press(address, address, {**when, "_action": "look"}).text
    act(visitor, procurement, "move-due", **when, _reason="Eva er på kurs")

    assert "Describe" in asked
    assert "→ 24.12.2026 kl. 12.00" in looked
    assert "Eva er på kurs" in visitor.get(f"/procurements/{procurement}/log").text


def test_the_lead_goes_back_and_the_record_keeps_both(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    platform.to_gate(procurement)
    visitor = visit("lead")
    page = visitor.get(f"/procurements/{procurement}/acts/rewind").text
    point = page.split('name="to"')[1].split('<option value="')[2].split('"')[0]

    answer = act(visitor, procurement, "rewind", to=point, _reason="Feil utkast")

    assert answer.status_code == 303
    assert [each.element for each in platform.open(procurement)] == ["draft"]
    assert platform.entries(procurement).count("TaskCompleted") == 2
    assert "ProcurementRewound" in platform.entries(procurement)


def test_the_team_is_changed_after_a_look(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    fields = {"person": "stranger", "role": "need-owner", "valid_to": "2026-04-30"}

    answer = act(visit("lead"), procurement, "add-member", **fields, _reason="Hjelp")

    assert answer.headers["location"] == f"/procurements/{procurement}/team?done=add-member"
    with platform.store.reader() as connection:
        seats = {seat.person: seat for seat in people.team(connection, procurement)}
    assert str(seats["stranger"].valid_to) == "2026-04-30"


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("rewind", {"to": "soon"}),
        ("rewind", {"to": "9999"}),
        ("add-member", {"person": "nobody", "role": "legal"}),
        ("add-member", {"person": "stranger", "role": "Ikke en rolle!" * 9}),
        ("add-member", {"person": "stranger", "role": "legal", "valid_from": "i morgen"}),
        (
            "add-member",
            {
                "person": "stranger",
                "role": "legal",
                "valid_from": "2026-05-02",
                "valid_to": "2026-05-01",
            },
        ),
        ("remove-member", {"member": "nothing"}),
    ],
)
def test_what_cannot_be_done_is_told_on_the_same_page(
    platform: Platform, visit: Visit, name: str, fields: dict[str, str]
) -> None:
    address = f"/procurements/{platform.start()}/acts/{name}"

    answer = visit("lead").press(address, address, {**fields, "_action": "look"})

    assert answer.status_code in {404, 422}
    assert 'role="alert"' in answer.text


def test_only_the_lead_steers(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    visitor, address = visit("owner"), f"/procurements/{procurement}"

    page = visitor.get(address).text
    looked = visitor.get(f"{address}/acts/suspend")
    answer = visitor.press("/tasks", f"{address}/acts/suspend", {"_reason": "Nei", "_action": "do"})

    assert "Styr anskaffelsen" not in page
    assert (looked.status_code, answer.status_code) == (403, 403)
    assert visit("stranger").get(f"{address}/acts/suspend").status_code == 404
    assert visit("lead").get(f"{address}/acts/nothing").status_code == 404


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


def test_suppliers_can_be_looked_at_before_any_round_has_begun(
    platform: Platform, visit: Visit
) -> None:
    key = "innovation-partnership"
    files = collect(Path(__file__).parents[2] / "processes" / key).files
    platform.bus.handle(DeployProcess(key, files, TOWN), SYSTEM)
    team = (Seat("lead", "procurement-lead"),)
    command = StartProcurement(key, "Varm gate", TOWN, "2026/8", team)
    started = platform.act("lead", command)["procurement"]

    assert visit("lead").get(f"/procurements/{started}/suppliers").status_code == 200
