"""A form begins with what the model says is known, and whoever fills it in may write otherwise."""

from datetime import timedelta
from typing import Any

from engine.bpmn.compile import check_bundle
from engine.commands.deployments import DeployProcess
from engine.commands.drafts import SaveDraft
from engine.commands.meetings import BookSlot, CancelMeeting, HoldMeeting, OfferedSlot, OfferSlots
from engine.commands.procurements import StartProcurement
from engine.commands.tasks import CompleteTask
from engine.model.actor import SYSTEM
from engine.queries.task import task_page
from engine.queries.view import View
from tests.support.delivering import A, B
from tests.support.guests import bring_supplier
from tests.support.models import chain, extensions, node, operation, process, user_task
from tests.support.platform import START, TEAM, TOWN, Platform
from tests.support.small_process import form_files

KEY = "known"


def known() -> dict[str, bytes]:
    """One task that knows a name, a day that the law gives, and three things it cannot know."""
    task = user_task(
        "meet",
        '<pivotal:prefill field="name" value="partner.name + &quot; AS&quot;"/>',
        '<pivotal:prefill field="by" value="date(time_limit(&quot;standstill-electronic&quot;, '
        'date(&quot;2026-03-23&quot;)))"/>',
        '<pivotal:prefill field="why" value="string(time_limit(&quot;standstill-electronic&quot;, '
        'partner.name))"/>',
        '<pivotal:prefill field="word" value="null"/>',
        '<pivotal:prefill field="note" value="1 + partner.name"/>',
        '<pivotal:prefill field="cost" value="100 * 25"/>',
        form="meet",
    )
    model = process(
        KEY,
        node("startEvent", "start")
        + task
        + node("endEvent", "end")
        + chain("start", "meet", "end"),
        declared='<pivotal:variable name="partner" type="context" initial="'
        '{id: &quot;a&quot;, name: &quot;Alfa&quot;}"/>',
    )
    line = {"type": "string", "maxLength": 99}
    form = form_files(
        "meet",
        [],
        name={**line, "title": "Navn"},
        by={"type": "string", "format": "date", "title": "Frist"},
        why={**line, "title": "Hvorfor"},
        word={**line, "title": "Ord"},
        note={**line, "title": "Merknad"},
        cost={"type": "integer", "title": "Kostnad", "x-format": "money"},
    )
    return {f"processes/{KEY}/{KEY}.bpmn": model.encode(), **form}


def started(platform: Platform) -> str:
    platform.bus.handle(DeployProcess(KEY, known(), TOWN), SYSTEM)
    command = StartProcurement(KEY, "Badeplass", TOWN, "2026/9", TEAM)
    procurement = str(platform.act("lead", command)["procurement"])
    return platform.task(procurement, "meet").id


def begins(platform: Platform, task: str) -> dict[str, Any]:
    definitions, now = platform.bus.environment.definitions, platform.clock.now()
    with platform.store.reader() as connection:
        page = task_page(View(connection, definitions, platform.actor("lead"), now), task)
    assert page.draft is not None
    return page.draft.content


def test_the_form_begins_with_what_is_known_and_no_more(any_platform: Platform) -> None:
    task = started(any_platform)

    assert begins(any_platform, task) == {"name": "Alfa AS", "by": "2026-04-07", "cost": 2500}


def test_what_somebody_has_written_stands(platform: Platform) -> None:
    task = started(platform)
    before = begins(platform, task)
    platform.act("lead", SaveDraft(task, {"name": "Beta AS"}, before))

    assert begins(platform, task) == {"name": "Beta AS"}


def test_nothing_of_it_is_handed_in_by_itself(platform: Platform) -> None:
    task = started(platform)
    platform.act("lead", CompleteTask(task, {"why": "Fordi"}))

    definitions, now = platform.bus.environment.definitions, platform.clock.now()
    with platform.store.reader() as connection:
        page = task_page(View(connection, definitions, platform.actor("lead"), now), task)

    assert page.submission is not None
    assert page.submission.content == {"why": "Fordi"}


MET = "met"


def met() -> dict[str, bytes]:
    """Two suppliers are registered and listed; then minutes are written of a meeting with each."""
    listed = user_task(
        "list", '<pivotal:prefill field="who" value="standing_suppliers()"/>', form="who"
    )
    minutes = user_task(
        "minutes",
        *(
            f'<pivotal:prefill field="{field}" value="{value}"/>'
            for field, value in (
                ("start", "booked_meeting(&quot;dialogue&quot;).start"),
                ("end", "booked_meeting(&quot;dialogue&quot;).end"),
                ("came", "booked_meeting(&quot;dialogue&quot;).attendees[1].name"),
                ("who", "standing_suppliers()"),
            )
        ),
        form="minutes",
    )
    register = operation("register", "register-suppliers", suppliers="suppliers")
    branch = node(
        "subProcess",
        "with-supplier",
        extensions(
            '<pivotal:loop collection="suppliers" item="supplier"/>',
            '<pivotal:confidentiality perSupplier="supplier.id"/>',
        ),
        "<bpmn:multiInstanceLoopCharacteristics/>",
        node("startEvent", "branch-start"),
        minutes,
        node("endEvent", "branch-end"),
        chain("branch-start", "minutes", "branch-end"),
    )
    model = process(
        MET,
        node("startEvent", "start")
        + register
        + listed
        + branch
        + node("endEvent", "end")
        + chain("start", "register", "list", "with-supplier", "end"),
        declared='<pivotal:variable name="suppliers" type="list" initial="['
        f"{{id: &quot;{A}&quot;, name: &quot;Alfa&quot;}}, "
        f'{{id: &quot;{B}&quot;, name: &quot;Beta&quot;}}]"/>',
    )
    who = {
        "type": "array",
        "title": "Hvem",
        "uniqueItems": True,
        "maxItems": 9,
        "items": {"type": "string", "x-format": "supplier", "maxLength": 99},
    }
    moment = {"type": "string", "format": "date-time"}
    return {
        f"processes/{MET}/{MET}.bpmn": model.encode(),
        **form_files("who", [], who=who),
        **form_files(
            "minutes",
            [],
            start={**moment, "title": "Start"},
            end={**moment, "title": "Slutt"},
            came={"type": "string", "title": "Til stede", "maxLength": 99},
            who=who,
        ),
    }


def meeting_with(platform: Platform) -> tuple[str, str]:
    """A procurement in which minutes are to be written of meetings with A and B."""
    platform.bus.handle(DeployProcess(MET, met(), TOWN), SYSTEM)
    command = StartProcurement(MET, "Badeplass", TOWN, "2026/9", TEAM)
    procurement = str(platform.act("lead", command)["procurement"])
    listing = platform.task(procurement, "list").id
    assert begins(platform, listing) == {"who": [A, B]}
    platform.act("lead", CompleteTask(listing, {"who": [A, B]}))
    return procurement, platform.task(procurement, "minutes", A).id


def booked(platform: Platform, procurement: str, supplier: str, hour: int) -> str:
    start = START + timedelta(days=1, hours=hour)
    offered = OfferedSlot(start, start + timedelta(hours=1), "Rådhuset")
    command = OfferSlots(procurement, "round-1", "dialogue", (offered,), scope=supplier)
    (slot,) = platform.act("lead", command)["slots"]
    guest = bring_supplier(platform, procurement, supplier)
    return str(platform.bus.handle(BookSlot(procurement, slot), guest)["meeting"])


def test_minutes_begin_with_the_meeting_of_their_own_supplier(any_platform: Platform) -> None:
    procurement, minutes = meeting_with(any_platform)
    booked(any_platform, procurement, B, 1)

    assert begins(any_platform, minutes) == {"who": [A]}

    booked(any_platform, procurement, A, 3)

    start = START + timedelta(days=1, hours=3)
    assert begins(any_platform, minutes) == {
        "who": [A],
        "start": start.isoformat(),
        "end": (start + timedelta(hours=1)).isoformat(),
    }


def test_what_was_held_is_told_as_it_was(platform: Platform) -> None:
    procurement, minutes = meeting_with(platform)
    meeting = booked(platform, procurement, A, 3)
    booked(platform, procurement, A, 8)
    began = START + timedelta(days=1, hours=3, minutes=10)
    ended = began + timedelta(minutes=30)
    platform.clock.set(ended + timedelta(hours=1))
    platform.act(
        "lead", HoldMeeting(procurement, meeting, began, ended, ("Lisa",), ("Ada Prøve, leder",))
    )

    known = begins(platform, minutes)

    assert (known["start"], known["end"]) == (began.isoformat(), ended.isoformat())
    assert known["came"] == "Ada Prøve, leder"


def test_a_meeting_that_was_cancelled_is_nothing_to_begin_with(platform: Platform) -> None:
    procurement, minutes = meeting_with(platform)
    meeting = booked(platform, procurement, A, 3)
    platform.act("lead", CancelMeeting(procurement, meeting, "Sykdom"))

    assert "start" not in begins(platform, minutes)


def test_only_a_form_may_begin_with_what_depends_on_who_looks() -> None:
    files = met()
    path = f"processes/{MET}/{MET}.bpmn"
    kept = b'<pivotal:output variable="suppliers" value="standing_suppliers()"/>'
    files[path] = files[path].replace(b"<pivotal:prefill", kept + b"<pivotal:prefill", 1)

    (found,) = [each for each in check_bundle(MET, files) if each.severity == "error"]

    assert (found.rule, found.element_id) == ("name-unknown", "list")
