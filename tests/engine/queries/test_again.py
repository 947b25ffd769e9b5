"""A task that comes again says why, and begins with what was handed in the last time."""

from datetime import timedelta
from typing import Any

import pytest

from engine.commands.decisions import ConfirmDecision, ReturnDecision
from engine.commands.deployments import DeployProcess
from engine.commands.drafts import SaveDraft
from engine.commands.messages import ReportMessage
from engine.commands.procurements import StartProcurement
from engine.commands.rewind import RewindProcurement
from engine.commands.tasks import CompleteTask
from engine.model.actor import SYSTEM
from engine.queries.again import Again, Because
from engine.queries.record import points_of
from engine.queries.task import TaskPage, task_page
from engine.queries.view import View, find_procurement
from tests.support.circle import A, B
from tests.support.models import chain, extensions, flow, node, process, user_task
from tests.support.platform import TEAM, TOWN, Platform
from tests.support.rounds import decide, meet, start_rounds, to_decision
from tests.support.small_process import form_files

KEY = "mended"
GATE = (
    '<pivotal:gate decision="D5" variable="answer" fourEyes="legal">'
    '<pivotal:option value="go" name="Godkjenn" opens="true"/>'
    '<pivotal:option value="back" name="Send tilbake" reason="required"/></pivotal:gate>'
)
REASON = "Prisen mangler."


def mended() -> dict[str, bytes]:
    """Plan, write and approve; what is sent back is planned and written anew."""
    model = process(
        KEY,
        node("startEvent", "start")
        + user_task("plan", form="note")
        + user_task("write", form="note")
        + node("userTask", "approve", extensions(GATE))
        + node("exclusiveGateway", "approved", default="approved-to-plan")
        + user_task("publish", form="note")
        + node("endEvent", "end")
        + chain("start", "plan", "write", "approve", "approved")
        + flow("approved", "plan")
        + flow("approved", "publish", 'answer = "go"')
        + chain("publish", "end"),
        declared='<pivotal:variable name="answer" type="string"/>',
    )
    return {
        f"processes/{KEY}/{KEY}.bpmn": model.encode(),
        **form_files(
            "note", ["note"], note={"type": "string", "title": "Merknad", "maxLength": 99}
        ),
    }


def in_phases() -> dict[str, bytes]:
    """A block that is called once for each phase; going on opens no gate."""
    gate = GATE.replace("back", "on")
    model = process(
        KEY,
        node("startEvent", "start")
        + node("callActivity", "work", calledElement="phase")
        + node("userTask", "approve", extensions(gate))
        + node("exclusiveGateway", "approved", default="approved-to-work")
        + node("endEvent", "end")
        + chain("start", "work", "approve", "approved")
        + flow("approved", "work")
        + flow("approved", "end", 'answer = "go"'),
        declared='<pivotal:variable name="answer" type="string"/>',
    )
    phase = process(
        "phase",
        node("startEvent", "begin")
        + user_task("review", form="note")
        + node("endEvent", "done")
        + chain("begin", "review", "done"),
        startable=False,
    )
    return {
        **mended(),
        f"processes/{KEY}/{KEY}.bpmn": model.encode(),
        "processes/phase/phase.bpmn": phase.encode(),
    }


class Course:
    """A course of the process; time passes between any two acts."""

    def __init__(self, platform: Platform, files: dict[str, bytes]) -> None:
        platform.bus.handle(DeployProcess(KEY, files, TOWN), SYSTEM)
        started = StartProcurement(KEY, "Badeplass", TOWN, "2026/9", TEAM)
        self.platform = platform
        self.key = str(platform.act("lead", started)["procurement"])

    def act(self, person: str, command: Any) -> None:
        self.platform.clock.set(self.platform.clock.now() + timedelta(minutes=1))
        self.platform.act(person, command)

    def write(self, element: str, note: str) -> None:
        self.act("lead", CompleteTask(self.task(element), {"note": note}))

    def task(self, element: str) -> str:
        return self.platform.task(self.key, element).id

    def decide(self, option: str) -> None:
        self.act("lead", CompleteTask(self.task("approve"), option=option, reason=REASON))
        self.act("lawyer", ConfirmDecision(self.task("approve")))

    def page(self, element: str, person: str = "lead") -> TaskPage:
        return page_of(self.platform, self.task(element), person)


def page_of(platform: Platform, task: str, person: str = "lead") -> TaskPage:
    definitions, now = platform.bus.environment.definitions, platform.clock.now()
    with platform.store.reader() as connection:
        return task_page(View(connection, definitions, platform.actor(person), now), task)


@pytest.fixture
def course(any_platform: Platform) -> Course:
    course = Course(any_platform, mended())
    course.write("plan", "Første plan")
    course.write("write", "Første utkast")
    return course


def again_of(page: TaskPage) -> Again:
    assert page.again is not None
    return page.again


def test_what_is_done_for_the_first_time_begins_empty(course: Course) -> None:
    course.decide("go")

    page = course.page("publish")

    assert (page.again, page.draft) == (None, None)


def test_what_a_gate_sent_back_says_why_and_begins_as_it_was(course: Course) -> None:
    course.decide("back")

    page = course.page("plan")

    again = again_of(page)
    assert again.because == Because.DECIDED
    assert (again.gate, again.option, again.reason) == ("Approve", "Send tilbake", REASON)
    assert again.by == ("Lead", "Lawyer")
    assert page.draft is not None
    assert (page.draft.content, page.draft.saved_at) == ({"note": "Første plan"}, None)


def test_so_do_the_steps_after_it_that_are_done_anew(course: Course) -> None:
    course.decide("back")
    course.write("plan", "Andre plan")

    page = course.page("write")

    assert again_of(page).reason == REASON
    assert page.draft is not None
    assert page.draft.content == {"note": "Første utkast"}


def test_what_somebody_has_written_since_stands(course: Course) -> None:
    course.decide("back")
    course.act("lead", SaveDraft(course.task("plan"), {"note": "Ny"}, {}))

    page = course.page("plan")

    assert again_of(page).reason == REASON
    assert page.draft is not None
    assert page.draft.content == {"note": "Ny"}


def test_what_the_second_pair_of_eyes_returned_says_why(course: Course) -> None:
    gate = course.task("approve")
    course.act("lead", CompleteTask(gate, option="go"))
    course.act("lawyer", ReturnDecision(gate, "Mangler vedlegg."))

    again = again_of(course.page("approve"))

    assert (again.because, again.reason, again.by) == (
        Because.RETURNED,
        "Mangler vedlegg.",
        ("Lawyer",),
    )


def test_what_was_proposed_anew_is_not_returned_any_more(course: Course) -> None:
    gate = course.task("approve")
    course.act("lead", CompleteTask(gate, option="go"))
    course.act("lawyer", ReturnDecision(gate, "Mangler vedlegg."))
    course.act("lead", CompleteTask(gate, option="go"))

    assert course.page("approve", "lawyer").again is None


def test_who_went_back_begins_with_what_was_set_aside(course: Course) -> None:
    definitions, now = course.platform.bus.environment.definitions, course.platform.clock.now()
    with course.platform.store.reader() as connection:
        view = View(connection, definitions, course.platform.actor("lead"), now)
        newest = points_of(find_procurement(view, course.key))[0]
    course.act("lead", RewindProcurement(course.key, newest.seq, "Feil utkast."))

    page = course.page("write")

    assert again_of(page).because == Because.REWOUND
    assert page.draft is not None
    assert page.draft.content == {"note": "Første utkast"}


def test_the_next_phase_is_none_that_comes_again(platform: Platform) -> None:
    course = Course(platform, in_phases())
    course.write("review", "Første fase")
    course.decide("on")

    page = course.page("review")

    assert (page.again, page.draft) == (None, None)


def test_what_is_reported_again_is_done_for_the_first_time(platform: Platform) -> None:
    procurement = start_rounds(platform)
    given = {
        "items": [{"about": "1", "text": "Kravet gjelder hele døgnet.", "origin": "buyer"}],
        "channels": ["letter"],
        "complete": True,
        "anonymised": True,
    }
    for number in range(2):
        platform.clock.set(platform.clock.now() + timedelta(minutes=1))
        report = {
            "supplier": A,
            "question": "Gjelder kravet om natten?",
            "answer": "Ja, hele døgnet.",
            "given_at": platform.clock.now().isoformat(),
            "channel": "phone",
        }
        platform.act("lead", ReportMessage(procurement, "oral-answer", report))
        if not number:
            platform.complete("lead", procurement, "share-oral-answer", submission=given)

    page = page_of(platform, platform.task(procurement, "share-oral-answer").id)

    assert (page.again, page.draft) == (None, None)


def test_a_new_round_is_no_round_that_comes_again(platform: Platform) -> None:
    procurement = start_rounds(platform)
    for scope in (A, B):
        meet(platform, procurement, scope)
    to_decision(platform, procurement, share=False)
    platform.clock.set(platform.clock.now() + timedelta(minutes=1))
    gate = platform.task(procurement, "decide-round").id
    decide(platform, procurement, "new-round")
    platform.act("owner", ConfirmDecision(gate))

    page = page_of(platform, platform.task(procurement, "plan-round").id)

    assert (page.again, page.draft) == (None, None)
