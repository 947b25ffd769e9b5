"""Two persons for a decision, and separate duties, whatever people do in whatever order.

Random courses of claiming, releasing, lending, giving back, handing out, deputies, absences, bulk
acts, days that pass and rewinds; then the record alone is asked who did what.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any, Final

import orjson
import pytest
import sqlalchemy as sa

from engine.commands.absences import BeginAbsence, RegisterAbsence, WithdrawAbsence
from engine.commands.assignment import AssignTask
from engine.commands.bulk import AssignTasks, ClaimTasks, DelegateTasks
from engine.commands.decisions import ConfirmDecision, ReturnDecision
from engine.commands.deployments import DeployProcess
from engine.commands.organisations import GrantRole
from engine.commands.procurements import Seat
from engine.commands.rewind import RewindProcurement
from engine.commands.tasks import (
    ClaimTask,
    CompleteTask,
    DelegateTask,
    GiveTaskBack,
    ReleaseTask,
)
from engine.commands.team import AddMember, EndSeats, RemoveMember
from engine.errors import EngineError, RejectedError, SeparationOfDutiesError
from engine.model.actor import SYSTEM, Membership
from engine.model.records import TaskRecord
from engine.queries.waiting import absences_to_begin
from engine.store import people
from tests.support.models import chain, extensions, flow, form_of, node
from tests.support.platform import GOOD_NEED, START, TOWN, Platform
from tests.support.small_process import KEY, small_process

WHO: Final = ("lead", "owner", "owner-2", "lawyer", "stranger")
ROLES: Final = ("procurement-lead", "need-owner", "legal")
MANY_SEATS: Final = (
    Seat("lead", "procurement-lead"),
    Seat("lead", "legal"),
    Seat("owner", "need-owner"),
    Seat("owner", "procurement-lead"),
    Seat("lawyer", "legal"),
    Seat("lawyer", "procurement-lead", "lead"),
    Seat("owner-2", "legal", "owner"),
)
"""Few people with several roles each, and deputies: where duties are easily mixed."""
COURSES: Final = 24
STEPS: Final = 80
OFTEN: Final = 0.8
WHY: Final = "Fordi."


@dataclass(slots=True)
class Course:
    """One procurement, its people, and what happens to them by chance."""

    platform: Platform
    random: Random
    procurement: str
    absences: list[str] = field(default_factory=list)

    def step(self) -> None:
        """One act by somebody; what is refused changes nothing."""
        act = self.random.choices(list(ACTS), weights=list(ACTS.values()))[0]
        try:
            act(self)
        except EngineError:
            return

    def by(self, command: Any, task: str = "") -> Any:
        """As anybody; mostly as somebody who has or may take the task."""
        fitting = self.random.random() < OFTEN and self.fitting(task)
        return self.platform.act(self.random.choice(fitting or WHO), command)

    def team(self) -> list[Membership]:
        """Every seat, in an order without chance: a course goes the same way each time."""
        with self.platform.store.reader() as connection:
            seats = people.team(connection, self.procurement)
        return sorted(
            seats,
            key=lambda each: (each.person, each.role, str(each.valid_to), each.deputy_for),
        )

    def open(self) -> list[TaskRecord]:
        """The open tasks, in such an order."""
        found = self.platform.open(self.procurement)
        return sorted(found, key=lambda each: (each.element, each.opened_at))

    def fitting(self, task: str) -> list[str]:
        today = self.platform.clock.now().date()
        return [
            each.assignee or seat.person
            for each in self.open()
            for seat in self.team()
            if each.id == task and seat.role == each.candidate and seat.valid_on(today)
        ]

    def anybody(self) -> str:
        return self.random.choice(WHO)

    def points(self) -> list[int]:
        """Entries right before which one can go back."""
        query = sa.text(
            "SELECT seq FROM audit_event WHERE chain = :chain AND snapshot IS NOT NULL ORDER BY seq"
        )
        with self.platform.store.reader() as connection:
            return list(connection.scalars(query, {"chain": self.procurement}))

    def task(self) -> str:
        found = [each.id for each in self.open()]
        return self.random.choice(found or ["none"])

    def entries(self) -> list[dict[str, Any]]:
        query = sa.text("SELECT body FROM audit_event WHERE chain = :chain ORDER BY seq")
        with self.platform.store.reader() as connection:
            found = connection.scalars(query, {"chain": self.procurement})
            return [orjson.loads(body) for body in found]


def complete(course: Course) -> None:
    option = course.random.choice(("go", "return", "return", "return"))
    for task in course.open():
        gate = {"option": option, "reason": WHY} if task.element == "approve" else {}
        content = GOOD_NEED if task.element == "describe" else {}
        course.by(CompleteTask(task.id, content, **gate), task.id)


def confirm(course: Course) -> None:
    task = course.task()
    course.by(ConfirmDecision(task, WHY), task)


def seat(course: Course) -> None:
    """A new member, a deputy, or one whose seat ends soon."""
    deputised = course.random.choice(("", "", *WHO))
    last = (course.platform.clock.now() + timedelta(days=course.random.randrange(3))).date()
    until = course.random.choice(("", last.isoformat()))
    chosen = Seat(course.anybody(), course.random.choice(ROLES), deputised, "", "", until)
    course.platform.act("lead", AddMember(course.procurement, chosen, WHY))


def unseat(course: Course) -> None:
    chosen = course.random.choice(course.team())
    course.platform.act("lead", RemoveMember(course.procurement, chosen.id, WHY))


def be_away(course: Course) -> None:
    first = course.platform.clock.now().date() + timedelta(days=course.random.randrange(2))
    last = first + timedelta(days=course.random.randrange(4))
    who = course.anybody()
    command = RegisterAbsence(who, first.isoformat(), last.isoformat(), course.anybody())
    course.absences.append(course.platform.act(who, command)["absence"])


def come_back(course: Course) -> None:
    course.platform.act("stranger", WithdrawAbsence(course.random.choice(course.absences or ["-"])))


def go_back(course: Course) -> None:
    to = course.random.choice(course.points()[-4:] or [1])
    course.platform.act("lead", RewindProcurement(course.procurement, to, WHY))


def next_day(course: Course) -> None:
    course.platform.clock.set(course.platform.clock.now() + timedelta(days=1))
    tend(course)


def tend(course: Course) -> None:
    """What the clock's part of the service does."""
    today = course.platform.clock.now().date()
    with course.platform.store.reader() as connection:
        begun = absences_to_begin(connection, today)
    for each in begun:
        course.platform.bus.handle(BeginAbsence(each.id), SYSTEM)
    course.platform.bus.handle(EndSeats(course.procurement), SYSTEM)


ACTS: Final[dict[Callable[[Course], Any], int]] = {
    complete: 18,
    confirm: 32,
    lambda c: c.by(ReturnDecision(c.task(), WHY)): 2,
    lambda c: c.by(ClaimTask(c.task())): 4,
    lambda c: c.by(ReleaseTask(c.task())): 2,
    lambda c: c.by(DelegateTask(c.task(), c.anybody())): 5,
    lambda c: c.by(GiveTaskBack(c.task())): 5,
    lambda c: c.by(AssignTask(c.task(), c.anybody(), WHY)): 3,
    lambda c: c.by(ClaimTasks((c.task(),))): 2,
    lambda c: c.by(AssignTasks((c.task(),), c.anybody(), WHY)): 2,
    lambda c: c.by(DelegateTasks((c.task(),), c.anybody())): 2,
    seat: 4,
    unseat: 1,
    be_away: 2,
    come_back: 1,
    go_back: 1,
    next_day: 1,
}


@dataclass(slots=True)
class Told:
    """What the record says of one task since it was opened last: to whom it was lent, who proposed
    a decision, and who closed it, each with the one in whose place it was done."""

    element: str
    lent: set[str] = field(default_factory=set)
    first: set[str] = field(default_factory=set)
    second: set[str] = field(default_factory=set)
    done: bool = False

    @property
    def doers(self) -> set[str]:
        return self.lent | self.first | self.second


def tell(entries: list[dict[str, Any]]) -> tuple[int, list[str]]:
    """How many decisions two persons made, and every fault that the record shows."""
    told: dict[str, Told] = {}
    decided, faults = 0, []
    for entry in entries:
        kind, data, task = entry["type"], entry["data"], entry["subject"]["task"]
        who = {entry["actor"]["id"], entry["actor"]["on_behalf_of"]} - {""}
        if kind in ("TaskOpened", "TaskReopened"):
            told[task] = Told(data["element"])
        elif kind == "TaskDelegated":
            told[task].lent.add(data["assignee"])
        elif kind == "DecisionProposed":
            told[task].first = who
        elif kind == "DecisionReturned":
            told[task].first = set()
        elif kind == "DecisionMade":
            decided += 1
            told[task].second = who
            if who & (told[task].first | told[task].lent):
                faults.append(f"entry {entry['seq']}: one person is both pairs of eyes")
        elif kind == "TaskCancelled":
            told[task].done = False
        elif kind == "TaskCompleted":
            told[task].second |= who
            told[task].done = True
            faults.extend(_not_separate(entry["seq"], told[task], told))
    return decided, faults


def _not_separate(seq: int, closed: Told, told: dict[str, Told]) -> list[str]:
    """The process wants `approve` to be done by nobody who had to do with `draft`."""
    if closed.element != "approve":
        return []
    drafts = [each for each in told.values() if each.element == "draft" and each.done]
    fault = f"entry {seq}: drafted and approved by one"
    return [fault for each in drafts if each.doers & closed.doers]


@pytest.fixture
def granted(platform: Platform) -> Platform:
    """Roles in the whole organisation, which are no seats and make no decision."""
    grant = platform.bus.handle
    for role in ("manager", "administrator", "procurement-lead"):
        grant(GrantRole("stranger", TOWN, role), SYSTEM)
    return platform


def test_no_course_makes_one_person_both_pairs_of_eyes_or_mixes_duties(granted: Platform) -> None:
    decided, faults, stuck = 0, [], []
    for number in range(COURSES):
        granted.clock.set(START + timedelta(days=30 * number))
        course = Course(
            granted, Random(number), granted.start(reference=f"2026/{number}", team=MANY_SEATS)
        )
        for _ in range(STEPS):
            course.step()
        tend(course)
        made, found = tell(course.entries())
        decided += made
        faults.extend(f"course {number}, {each}" for each in found)
        stuck.extend(f"course {number}: {each}" for each in _held_by_nobody(course))

    assert faults == []
    assert stuck == []
    assert decided > COURSES // 2
    assert all(verdict.ok for verdict in granted.verify())


def _held_by_nobody(course: Course) -> list[str]:
    """Open tasks of somebody who has no seat any more."""
    today = course.platform.clock.now().date()
    with course.platform.store.reader() as connection:
        team = people.team(connection, course.procurement)
    seated = {each.person for each in team if each.valid_on(today)} | {""}
    return [
        f"{task.name} is held by {task.assignee} and lent by {task.owner}"
        for task in course.platform.open(course.procurement)
        if not {task.assignee, task.owner} <= seated
    ]


def test_whom_the_work_was_lent_to_is_no_second_pair_of_eyes(any_platform: Platform) -> None:
    gate = any_platform.to_gate(any_platform.start())
    any_platform.act("lead", DelegateTask(gate.id, "lawyer"))
    any_platform.act("lawyer", GiveTaskBack(gate.id))
    any_platform.act("lead", CompleteTask(gate.id, option="go"))

    with pytest.raises(SeparationOfDutiesError):
        any_platform.act("lawyer", ConfirmDecision(gate.id))


def test_whom_a_step_was_lent_to_does_not_do_the_one_that_must_be_anothers(
    any_platform: Platform,
) -> None:
    procurement = any_platform.start()
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    draft = any_platform.task(procurement, "draft")
    any_platform.act("owner", DelegateTask(draft.id, "lead"))
    any_platform.act("lead", GiveTaskBack(draft.id))
    any_platform.act("owner", CompleteTask(draft.id))

    with pytest.raises(SeparationOfDutiesError):
        any_platform.complete("lead", procurement, "approve", option="go")


def beside_the_gate() -> dict[str, bytes]:
    """The small process with a task beside `draft` and the gate: a point to go back to while the
    gate is open."""
    files = small_process()
    model = f"processes/{KEY}/{KEY}.bpmn"
    text = files[model].decode()
    text = text.replace(
        flow("describe", "draft"),
        node("parallelGateway", "fork")
        + flow("describe", "fork")
        + flow("fork", "draft")
        + node("userTask", "other", extensions(form_of("approval")))
        + chain("fork", "other", "other-done")
        + node("endEvent", "other-done"),
    )
    known = "<bpmn:flowNodeRef>describe</bpmn:flowNodeRef>"
    added = known.replace("describe", "{}")
    beside = "".join(added.format(each) for each in ("fork", "other", "other-done"))
    files[model] = text.replace(known, known + beside).encode()
    return files


def test_going_back_behind_a_proposal_lets_it_be_made_anew(any_platform: Platform) -> None:
    any_platform.bus.handle(DeployProcess(KEY, beside_the_gate(), TOWN), SYSTEM)
    procurement = any_platform.start()
    gate = any_platform.to_gate(procurement)
    any_platform.complete("lead", procurement, "other")
    course = Course(any_platform, Random(0), procurement)
    any_platform.act("lead", CompleteTask(gate.id, option="go"))

    any_platform.act("lead", RewindProcurement(procurement, course.points()[-1], WHY))

    again = any_platform.task(procurement, "approve")
    assert (again.id, again.status, again.candidate) == (gate.id, "open", gate.role)
    assert again.proposal is None


def test_a_decision_sent_back_to_somebody_who_has_left_goes_to_the_role(
    any_platform: Platform,
) -> None:
    procurement = any_platform.start()
    gate = any_platform.to_gate(procurement)
    second = Seat("stranger", "procurement-lead")
    seat = any_platform.act("lead", AddMember(procurement, second, WHY))["member"]
    any_platform.act("stranger", CompleteTask(gate.id, option="go"))
    any_platform.act("lead", RemoveMember(procurement, seat, WHY))

    any_platform.act("lawyer", ReturnDecision(gate.id, WHY))

    assert any_platform.task(procurement, "approve").assignee == ""


def test_a_lead_whose_seat_ends_does_not_remain_alone(any_platform: Platform) -> None:
    procurement = any_platform.start()
    with any_platform.store.reader() as connection:
        [mine] = [each for each in people.team(connection, procurement) if each.person == "lead"]
    seat = Seat("owner", "procurement-lead", "", "", "", "2026-12-31")
    any_platform.act("lead", AddMember(procurement, seat, WHY))

    with pytest.raises(RejectedError):
        any_platform.act("lead", RemoveMember(procurement, mine.id, WHY))
