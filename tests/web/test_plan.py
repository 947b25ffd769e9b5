"""The timeline and the calendar of a procurement, for each who may read it."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from icalendar import Calendar, Event

from engine.commands.procurements import Seat, SuspendProcurement
from tests.support.platform import TEAM, Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]


def plan_of(visitor: Visitor, procurement: str, query: str = "") -> str:
    answer = visitor.get(f"/procurements/{procurement}/plan{query}")
    assert answer.status_code == 200
    return str(answer.text)


def calendar_of(visitor: Visitor, procurement: str) -> dict[str, Event]:
    """Entries by UID."""
    answer = visitor.get(f"/procurements/{procurement}/calendar.ics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    found = {str(each["UID"]): each for each in events}
    assert len(found) == len(events)
    return found


def signing_day(page: str) -> str:
    found = re.search(r"Tidligste dag kontrakten kan signeres: ([^<]+)\.<", page)
    assert found is not None
    return found[1]


def test_the_plan_has_a_picture_and_a_table_with_the_same_facts(
    platform: Platform, visit: Visit
) -> None:
    page = plan_of(visit("lead"), platform.start())

    bars = re.findall(r'<rect class="bar"', page)
    rows = re.findall(r'<tr data-kind="', page)
    assert bars
    assert len(bars) == len(rows)
    assert '<title id="gantt-title">' in page
    assert '<desc id="gantt-desc">' in page
    assert 'tabindex="0" role="region"' in page
    assert "FOA § 25-2(1)" in page


def test_the_plan_moves_as_facts_arrive(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    before = plan_of(visit("lead"), procurement)

    platform.clock.set(datetime(2026, 5, 4, 8, tzinfo=UTC))
    late = plan_of(visit("lead"), procurement)
    platform.to_branches(procurement)
    after = plan_of(visit("lead"), procurement)

    assert signing_day(before) != signing_day(late)
    assert 'data-kind="past"' not in late
    assert 'data-kind="past"' in after
    assert "mai 2026" in signing_day(after)


def test_the_armed_standstill_is_shown_with_its_ground(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)
    for supplier in ("910000004", "910000012"):
        platform.complete("owner", procurement, "score", supplier, submission={"points": 5})

    page = plan_of(visit("lead"), procurement)

    # From 23 March ten days end on Maundy Thursday, and the day after Easter is next.
    assert signing_day(page) == "onsdag 8. april 2026"
    assert "FOA § 25-2(1)" in page
    assert "art. 3(1)). Fristen er 10 kalenderdager: første dag er" in page
    assert "[&#39;" not in page


def test_a_choice_says_what_it_does_and_changes_nothing(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    visitor = visit("lead")
    before, entries = plan_of(visitor, procurement), platform.entries(procurement)

    page = plan_of(visitor, procurement, "?procedure=&activity=sign&extra=10")

    assert "Hva valget gjør med planen" in page
    assert re.search(r"\d+ dager senere", page)
    assert "Hva valget gjør med planen" not in before
    assert plan_of(visitor, procurement).count("<rect") == before.count("<rect")
    assert platform.entries(procurement) == entries


@pytest.mark.parametrize(
    "query",
    [
        "?activity=sign&extra=mange",
        "?activity=nothing&extra=3",
        "?repeat.rounds=0",
        "?repeat.nothing=2",
        "?procedure=own-rules",
        "?activity=sign&extra=99999999999999",
    ],
)
def test_a_choice_that_cannot_be_used_is_refused_with_the_plan_below(
    platform: Platform, visit: Visit, query: str
) -> None:
    answer = visit("lead").get(f"/procurements/{platform.start()}/plan{query}")

    assert answer.status_code == 422
    assert '<rect class="bar"' in answer.text
    assert 'role="alert"' in answer.text


def test_before_start_the_plan_begins_on_the_day_asked_for(visit: Visit) -> None:
    visitor = visit("lead")

    start = visitor.get("/procurements/start?process=small").text
    page = visitor.get("/procurements/start/plan?process=small&start=2027-01-04")

    assert 'href="/procurements/start/plan?process=small"' in start
    assert page.status_code == 200
    assert '<time datetime="2027-01-04">' in page.text
    assert 'name="start" value="2027-01-04"' in page.text


@pytest.mark.parametrize(
    ("start", "signing", "working"),
    [
        ("2027-01-06", "fredag 12. februar 2027", None),
        ("2027-01-07", "lørdag 13. februar 2027", "mandag 15. februar 2027"),
    ],
)
def test_a_contract_that_may_be_signed_on_a_day_off_has_a_working_day_beside_it(
    visit: Visit, start: str, signing: str, working: str | None
) -> None:
    page = visit("lead").get(f"/procurements/start/plan?process=small&start={start}").text

    found = re.search(
        r"kontrakten kan signeres: (.+?)\.(?: Første arbeidsdag etter den er (.+?)\.)?</p>", page
    )
    assert found is not None
    assert found.groups() == (signing, working)


@pytest.mark.parametrize("start", ["tomorrow", "1999-01-01", "2099-12-31", "2026-02-30"])
def test_a_day_on_which_nothing_can_begin_is_refused(visit: Visit, start: str) -> None:
    answer = visit("lead").get(f"/procurements/start/plan?process=small&start={start}")

    assert answer.status_code == 422
    assert '<rect class="bar"' in answer.text


def test_a_process_that_is_not_there_has_no_plan(visit: Visit) -> None:
    assert visit("lead").get("/procurements/start/plan?process=nothing").status_code == 404


@pytest.mark.parametrize("path", ["/plan", "/calendar.ics"])
def test_others_have_neither_plan_nor_calendar(platform: Platform, visit: Visit, path: str) -> None:
    address = f"/procurements/{platform.start()}{path}"

    assert visit("neighbour").get(address).status_code == 404
    assert visit("stranger").get(address).status_code == 404
    assert visit("auditor").get(address).status_code == 200


def test_what_is_confidential_to_a_supplier_stays_out_of_plan_and_calendar(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start(team=(*TEAM, Seat("stranger", "employee")))
    platform.to_branches(procurement)
    platform.clock.set(datetime(2026, 3, 25, 8, tzinfo=UTC))
    platform.complete("owner", procurement, "score", "910000004", submission={"points": 7.5})

    theirs = plan_of(visit("stranger"), procurement)
    leads = plan_of(visit("lead"), procurement)
    entries = calendar_of(visit("stranger"), procurement)

    assert re.search(r'data-kind="(past|open)"><th scope="row">Score', leads)
    assert not re.search(r'data-kind="(past|open)"><th scope="row">Score', theirs)
    assert not [secret for secret in ("Alfa", "Beta", "91000000") if secret in theirs]
    assert not [each for each in entries if each.startswith("task-")]
    assert not [each for each in entries.values() if "91000000" in str(each.to_ical())]


def test_the_calendar_has_my_tasks_the_deadlines_and_the_milestones(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")

    leads = calendar_of(visit("lead"), procurement)
    owners = calendar_of(visit("owner"), procurement)

    entry = leads[f"task-{task.id}@pivotal"]
    assert entry["DTSTART"].dt.astimezone(UTC) == datetime(2026, 4, 6, 7, tzinfo=UTC)
    assert entry["DTSTART"].params["TZID"] == "Europe/Oslo"
    assert f"/tasks/{task.id}" in str(entry["URL"])
    milestone = leads[f"milestone-{procurement}-earliest-signing@pivotal"]
    assert type(milestone["DTSTART"].dt) is date
    assert str(milestone["STATUS"]) == "TENTATIVE"
    assert not [uid for uid in owners if uid.startswith("task-")]


def test_entries_keep_their_uid_and_count_up_when_the_record_grows(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    before = calendar_of(visit("lead"), procurement)

    platform.act("lead", SuspendProcurement(procurement, "Venter"))
    platform.clock.set(datetime(2026, 5, 4, 8, tzinfo=UTC))
    after = calendar_of(visit("lead"), procurement)

    assert before.keys() == after.keys()
    assert all(after[uid]["SEQUENCE"] > before[uid]["SEQUENCE"] for uid in before)
    key = f"milestone-{procurement}-earliest-signing@pivotal"
    assert after[key]["DTSTART"].dt > before[key]["DTSTART"].dt


def test_a_period_of_days_is_a_whole_day_in_the_calendar(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)
    for supplier in ("910000004", "910000012"):
        platform.complete("owner", procurement, "score", supplier, submission={"points": 5})

    entries = calendar_of(visit("lead"), procurement)

    deadline = next(each for uid, each in entries.items() if uid.startswith("deadline-"))
    assert deadline["DTSTART"].dt == date(2026, 4, 7)
    assert deadline["DTEND"].dt == date(2026, 4, 8)
    assert str(deadline["STATUS"]) == "CONFIRMED"


def test_the_calendar_file_knows_the_time_zone(platform: Platform, visit: Visit) -> None:
    answer = visit("lead").get(f"/procurements/{platform.start()}/calendar.ics")

    zones = Calendar.from_ical(answer.content).walk("VTIMEZONE")
    assert [str(zone["TZID"]) for zone in zones] == ["Europe/Oslo"]
    assert "attachment" in answer.headers["content-disposition"]


def test_the_page_of_a_procurement_leads_to_plan_and_calendar(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()

    page = visit("owner").get(f"/procurements/{procurement}").text

    assert f'href="/procurements/{procurement}/plan"' in page
    assert f'href="/procurements/{procurement}/calendar.ics"' in page


def test_the_plan_speaks_english_too(visit: Visit) -> None:
    visitor = visit("lead")
    visitor.client.post("/language", data={"language": "en", "next": "/tasks"})

    page = visitor.get("/procurements/start/plan?process=small").text

    assert "Earliest day on which the contract can be signed" in page
    assert "Planned work" in page
