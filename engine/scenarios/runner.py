"""Running a scenario: each step becomes commands, each expectation is held against the rows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa

from engine.bpmn import looking
from engine.bpmn.compile import CompiledDefinition
from engine.clock import OSLO
from engine.commands.bus import Command
from engine.commands.decisions import ConfirmDecision, ReturnDecision
from engine.commands.environment import Answer
from engine.commands.messages import ReportMessage
from engine.commands.procurements import (
    CancelProcurement,
    ResumeProcurement,
    Seat,
    StartProcurement,
    SuspendProcurement,
)
from engine.commands.rewind import RewindProcurement
from engine.commands.rule_changes import NoteRules
from engine.commands.tasks import CompleteTask
from engine.commands.team import AddMember, RemoveMember
from engine.commands.timers import FireTimer
from engine.errors import EngineError, InvalidInputError
from engine.model.actor import SYSTEM, Actor, Membership
from engine.model.definition import ElementInfo
from engine.model.records import TaskRecord, TimerRecord, WaitRecord
from engine.model.sealing import branch_of
from engine.procurement.periods import oslo_day
from engine.procurement.ruledata import rule_set
from engine.scenarios.expectations import compare
from engine.scenarios.model import Act, Failure, Line, Outcome, Scenario, Step
from engine.scenarios.reading import FRIDAY
from engine.scenarios.samples import Filling
from engine.scenarios.world import World, Worlds, seats
from engine.store import people, records, tasks

MOST_ACTS: Final = 2000
ALWAYS: Final = datetime.max.replace(tzinfo=UTC)
OFFICE_OPENS: Final = time(8)
OFFICE_CLOSES: Final = time(16)


class StepFailedError(Exception):
    """A step could not be done as the scenario says."""


@dataclass(slots=True)
class Run:
    """A scenario under way."""

    scenario: Scenario
    world: World
    procurement: str = ""
    course: list[Line] = field(default_factory=list)
    requests: dict[str, tuple[Command, Actor, Answer]] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    acts: int = 0
    law: str = ""
    seats: tuple[Membership, ...] | None = None

    def send(self, command: Command, person: str, request: str = "") -> None:
        """Have the person act, under a request id when the step names one."""
        actor = self.world.actor(person)
        answer = self.world.bus.handle(command, actor, request=request)
        if request:
            self.requests[request] = command, actor, answer

    def note(self, text: str, scope: str = "") -> None:
        self.course.append(Line(self.world.clock.now(), text, scope))

    def look(self) -> "Look":
        """Where the procurement stands now."""
        with self.world.store.reader() as connection:
            status, digest, state = records.live_process(connection, self.procurement)
            return Look(
                status,
                sorted(tasks.open_of(connection, self.procurement), key=_in_order),
                self.world.bus.environment.definitions.get(connection, digest),
                state,
                _next_timer(connection),
            )

    def team(self) -> tuple[Membership, ...]:
        """Who has a seat; only the steps of the course change that."""
        if self.seats is None:
            with self.world.store.reader() as connection:
                self.seats = people.team(connection, self.procurement)
        return self.seats

    def waits(self) -> list[WaitRecord]:
        with self.world.store.reader() as connection:
            return records.waits_of(connection, self.procurement)


@dataclass(frozen=True, slots=True)
class Look:
    """A procurement at one moment: what is open in it, its live process, what falls due next."""

    status: str
    tasks: list[TaskRecord]
    version: CompiledDefinition
    state: bytes
    timer: TimerRecord | None

    def element(self, task: TaskRecord) -> ElementInfo:
        """What the model says of the task."""
        return self.version.definition.processes[task.process].elements[task.element]


def _next_timer(connection: sa.Connection) -> TimerRecord | None:
    armed = records.due_timers(connection, ALWAYS, 1)
    return armed[0] if armed else None


def _in_order(task: TaskRecord) -> tuple[datetime, str, str, str]:
    """By the time they opened, then as the model lists them, then by branch and person."""
    return task.opened_at, task.element, task.scope, task.assignee


def run_scenario(scenario: Scenario, root: Path, worlds: Worlds) -> Outcome:
    """Play the scenario from start to end in a world of its own.

    Expectations that fail are collected, not raised, and so is what keeps it from beginning.
    """
    try:
        with worlds.make(scenario, root) as world:
            return outcome_of(play(scenario, world, reference(scenario)))
    except EngineError as error:
        failure = Failure(1, f"{scenario.process} can be started", _first_line(error))
        return Outcome(scenario.name, scenario.file, (failure,), (), 0, "not started")


def reference(scenario: Scenario) -> str:
    """What its procurement is called in a world of its own."""
    return f"{scenario.start.year}/1"


def outcome_of(run: Run) -> Outcome:
    """How it went, as far as it has been played."""
    return Outcome(
        run.scenario.name,
        run.scenario.file,
        tuple(run.failures),
        tuple(run.course),
        run.acts,
        run.look().status,
    )


def _first_line(error: EngineError) -> str:
    """What is wrong, with the first finding where there is a list."""
    findings = getattr(error, "findings", ())
    return f"{error} The first: {findings[0]}" if findings else str(error)


def play(scenario: Scenario, world: World, reference: str) -> Run:
    """Start a procurement in `world` and take the scenario's steps; stops at the first failure."""
    run = begin(scenario, world, reference)
    take_steps(run)
    return run


def begin(scenario: Scenario, world: World, reference: str) -> Run:
    """Start a procurement in `world`, and nothing more. Raises EngineError."""
    run = Run(scenario, world)
    world.clock.set(scenario.start)
    _start(run, reference)
    return run


def take_steps(run: Run, done: int = 0) -> None:
    """Take the scenario's steps after the first `done`; stops at the first failure."""
    for step in run.scenario.steps[done:]:
        try:
            STEPS[step.verb](run, step)
        except (StepFailedError, EngineError) as error:
            run.failures.append(Failure(step.line, f"{step.verb} {step.subject}", str(error)))
            break


def _start(run: Run, reference: str) -> None:
    scenario = run.scenario
    lead = scenario.team["procurement-lead"][0]
    command = StartProcurement(
        scenario.process,
        scenario.procurement,
        run.world.organisation,
        reference,
        seats(scenario),
    )
    answer = run.world.bus.handle(command, run.world.actor(lead))
    run.procurement = str(answer["procurement"])
    run.note(f"{lead} starts «{scenario.procurement}» ({scenario.process})")


def _go_to(run: Run, moment: datetime | timedelta | None, look: Look | None = None) -> bool:
    """Move the clock to `moment`, firing what falls due on the way, each at its own time; whether
    anything did. `look` is how it stands now, where that is known."""
    fired = False
    if isinstance(moment, datetime):
        target = moment.astimezone(UTC)
    else:
        now = run.world.clock.now()
        target = _at_work(now + run.scenario.pace) if moment is None else now + moment
    timer = _timer(run) if look is None else look.timer
    while timer is not None and timer.due_at <= target:
        run.world.clock.set(max(timer.due_at, run.world.clock.now()))
        answer = run.world.bus.handle(FireTimer(timer.procurement, timer.id), SYSTEM)
        if not answer["fired"]:
            break
        fired = True
        run.note(f"the clock fires {timer.element}")
        timer = _timer(run)
    run.world.clock.set(max(target, run.world.clock.now()))
    _note_rules(run)
    return fired


def _timer(run: Run) -> TimerRecord | None:
    with run.world.store.reader() as connection:
        return _next_timer(connection)


def _note_rules(run: Run) -> None:
    """What the service does every hour: put on record that the law has changed."""
    current = rule_set(oslo_day(run.world.clock.now())).id
    if run.law not in ("", current):
        answer = run.world.bus.handle(NoteRules(run.procurement), SYSTEM)
        if answer["noted"]:
            run.note("the law changes")
    run.law = current


def _at_work(moment: datetime) -> datetime:
    """The moment, or the next morning of a weekday when it lies outside office hours in Oslo."""
    local = moment.astimezone(OSLO)
    if local.time() >= OFFICE_CLOSES:
        local = datetime.combine(local.date() + timedelta(days=1), OFFICE_OPENS, OSLO)
    if local.time() < OFFICE_OPENS:
        local = datetime.combine(local.date(), OFFICE_OPENS, OSLO)
    while local.isoweekday() > FRIDAY:
        local = datetime.combine(local.date() + timedelta(days=1), OFFICE_OPENS, OSLO)
    return local.astimezone(UTC)


def _task(look: Look, element: str, branch: str, person: str = "") -> TaskRecord:
    """The first such task; where a person is named, rather the one that waits for that person."""
    found = [task for task in look.tasks if task.element == element and branch in ("", task.scope)]
    if not found:
        waiting = ", ".join(sorted({task.element for task in look.tasks})) or "nothing"
        raise StepFailedError(f"the task {element} {branch} is not open; open: {waiting}")
    return next((task for task in found if person and task.assignee == person), found[0])


def _merged(run: Run, task: TaskRecord, act: Act) -> Act:
    """What the step says, over what is usual at this element."""
    usual = run.scenario.usual.get(task.element, Act())
    return Act(
        form={**usual.form, **act.form},
        choose=act.choose or usual.choose,
        reason=act.reason or usual.reason,
        person=act.person or usual.person,
    )


def _filled(run: Run, look: Look, task: TaskRecord, form: Mapping[str, Any]) -> dict[str, Any]:
    """The form over what is an example of it, with its expressions evaluated."""
    sample = run.scenario.samples.get(look.element(task).form or "", {})
    filling = Filling(
        run.scenario,
        run.world.clock.now(),
        task.scope,
        lambda: looking.variables_of(look.version.process, look.state, task.id),
    )
    return {
        name: filling.fill(value) for name, value in {**sample, **form}.items() if value is not None
    }


def _person(run: Run, look: Look, task: TaskRecord, wanted: str) -> str:
    """Who does it: the one named, the assignee, or the first in the role who may."""
    if wanted:
        return wanted
    if task.assignee:
        return task.assignee
    for person in _candidates(run, look, task):
        return person
    raise StepFailedError(f"nobody in the team has the role {task.candidate} for {task.element}")


def _candidates(run: Run, look: Look, task: TaskRecord) -> Iterator[str]:
    """Those in the role, in the scenario's order, without whom separation of duties excludes."""
    today = run.world.clock.now().date()
    order = run.scenario.team.get(task.candidate, ())
    excluded = _excluded(run, look, task)
    seated = [seat for seat in run.team() if seat.role == task.candidate and seat.valid_on(today)]
    seated.sort(key=lambda seat: order.index(seat.person) if seat.person in order else len(order))
    return (seat.person for seat in seated if seat.person not in excluded)


def _excluded(run: Run, look: Look, task: TaskRecord) -> set[str]:
    excluded = {task.proposal["by"]} if task.proposal else set()
    if task.element in look.version.apart:
        elements = look.version.apart[task.element]
        with run.world.store.reader() as connection:
            done = tasks.completed_elements(connection, run.procurement, elements)
        here = ("", branch_of(task.scope))
        excluded |= {other.closed_by for other in done if branch_of(other.scope) in here}
    return excluded


def _complete(run: Run, look: Look, task: TaskRecord, act: Act, request: str = "") -> None:
    merged = _merged(run, task, act)
    person = _person(run, look, task, merged.person)
    run.acts += 1
    if run.acts > MOST_ACTS:
        raise StepFailedError(f"more than {MOST_ACTS} acts: the course goes round in circles")
    if task.status == "approval":
        run.world.bus.handle(ConfirmDecision(task.id, merged.reason), run.world.actor(person))
        run.note(f"{person} confirms «{task.name}»", task.scope)
        return
    form = _filled(run, look, task, merged.form)
    command = CompleteTask(task.id, form, merged.choose, merged.reason)
    run.send(command, person, request)
    chosen = f": {merged.choose}" if merged.choose else ""
    run.note(f"{person} completes «{task.name}»{chosen}", task.scope)


def _do(run: Run, step: Step) -> None:
    _go_to(run, step.at)
    look = run.look()
    task = _task(look, str(step.subject), step.branch, step.act.person)
    _complete(run, look, task, step.act, _request(step))


def _request(step: Step) -> str:
    return str(step.options.get("request", ""))


def _again(run: Run, step: Step) -> None:
    """What was sent under that request id comes a second time: the same answer, and no effect."""
    _go_to(run, step.at)
    sent = run.requests.get(str(step.subject))
    if sent is None:
        raise StepFailedError(f"nothing was sent under the request id {step.subject}")
    command, actor, before = sent
    answer = run.world.bus.handle(command, actor, request=str(step.subject))
    if answer != before:
        run.failures.append(Failure(step.line, f"the same answer: {before}", str(answer)))
    run.note(f"{actor.name} sends {step.subject} again")


def _do_all(run: Run, step: Step) -> None:
    """Every open task of the element, one per branch."""
    _go_to(run, step.at)
    skipped = step.options.get("except") or []
    found = [
        task
        for task in run.look().tasks
        if task.element == step.subject and task.scope not in skipped
    ]
    if not found:
        raise StepFailedError(f"no task {step.subject} is open")
    for task in found:
        _complete(run, run.look(), task, step.act)


def _confirm(run: Run, step: Step) -> None:
    _go_to(run, step.at)
    look = run.look()
    task = _task(look, str(step.subject), step.branch)
    if task.status != "approval":
        raise StepFailedError(f"{step.subject} has not been decided by a first person")
    _complete(run, look, task, step.act)


def _return(run: Run, step: Step) -> None:
    _go_to(run, step.at)
    look = run.look()
    task = _task(look, str(step.subject), step.branch)
    person = _person(run, look, task, step.act.person)
    run.world.bus.handle(ReturnDecision(task.id, step.act.reason), run.world.actor(person))
    run.note(f"{person} sends «{task.name}» back", task.scope)


def _report(run: Run, step: Step) -> None:
    _go_to(run, step.at)
    message = str(step.subject)
    found = [
        wait
        for wait in run.waits()
        if wait.message == message and step.branch in ("", wait.scope, wait.correlation)
    ]
    if not found and not step.options.get("expects-refusal"):
        known = ", ".join(sorted({wait.message for wait in run.waits()})) or "nothing"
        raise StepFailedError(f"nothing waits for {message} {step.branch}; awaited: {known}")
    wait, scope = (found[0].id, found[0].scope) if found else ("", "")
    person = step.act.person or run.scenario.team["procurement-lead"][0]
    filling = Filling(run.scenario, run.world.clock.now(), scope or step.branch, dict)
    form = filling.fill({**run.scenario.samples.get(message, {}), **step.act.form})
    command = ReportMessage(run.procurement, message, form, wait, step.act.reason)
    run.send(command, person, _request(step))
    run.acts += 1
    run.note(f"{person} reports {message}", step.branch)


def _carry_on(run: Run, step: Step) -> None:
    """Do what is usual until an element of `until` is open, or to the end."""
    while not carried(step, look := run.look()):
        if look.status != "running":
            raise StepFailedError(f"it ended before {', '.join(_goals(step))} was open")
        do_usual(run, look)


def carried(step: Step, look: Look) -> bool:
    """Whether it stands where a `carry-on` wants it."""
    goals = _goals(step)
    if look.status != "running":
        return not goals or "end" in goals
    return any(task.element in goals and step.branch in ("", task.scope) for task in look.tasks)


def _goals(step: Step) -> list[str]:
    until = step.options.get("until") or step.subject
    return [until] if isinstance(until, str) else list(until or [])


def do_usual(run: Run, look: Look) -> None:
    """Do the first open task as is usual; where none is open, let the clock go to what is due.

    Raises StepFailedError where nothing can happen any more.
    """
    waiting = look.tasks
    if waiting:
        if _go_to(run, None, look):
            look = run.look()
        still = [task for task in look.tasks if task.id == waiting[0].id]
        if still:
            _complete(run, look, still[0], Act())
    elif look.timer is None:
        raise StepFailedError("nothing is open and no timer is armed, but it has not ended")
    else:
        _go_to(run, look.timer.due_at, look)


def _wait_until(run: Run, step: Step) -> None:
    _go_to(run, step.at)


def _refused(run: Run, step: Step) -> None:
    """The inner step must be refused, with the code (and the failing check) named."""
    verb, subject = next(iter(step.subject.items()))
    options = {"expects-refusal": True}
    inner = Step(verb, subject, step.line, step.at, step.act, step.branch, options)
    before = run.acts
    try:
        STEPS[verb](run, inner)
    except EngineError as error:
        run.acts = before
        _hold_refusal(run, step, error)
        return
    run.failures.append(Failure(step.line, f"{verb} {subject} is refused", "it was allowed"))


def _hold_refusal(run: Run, step: Step, error: EngineError) -> None:
    wanted = step.options.get("because")
    if wanted and error.code != wanted:
        run.failures.append(
            Failure(step.line, f"refused because {wanted}", f"{error.code}: {error}")
        )
    check = step.options.get("check")
    failing = [each["rule"] for each in error.details.get("checks", [])]
    if check and check not in failing:
        run.failures.append(
            Failure(step.line, f"the check {check} fails", f"failing: {', '.join(failing)}")
        )
    run.note(f"refused ({error.code}): {error}", step.branch)


def _expect(run: Run, step: Step) -> None:
    if not isinstance(step.subject, dict):
        raise StepFailedError("expect needs a mapping")
    with run.world.store.reader() as connection:
        for expected, found in compare(connection, run.procurement, step.subject):
            run.failures.append(Failure(step.line, expected, found))


def _replace(run: Run, step: Step) -> None:
    """Change the team: {role, out: person, in: person}."""
    _go_to(run, step.at)
    change: Mapping[str, str] = step.subject
    lead = run.world.actor(step.act.person or run.scenario.team["procurement-lead"][0])
    reason = step.act.reason
    if change.get("in"):
        seat = Seat(change["in"], change["role"], change.get("deputy_for", ""))
        run.world.bus.handle(AddMember(run.procurement, seat, reason), lead)
    if change.get("out"):
        for seat_held in run.team():
            if seat_held.person == change["out"] and seat_held.role == change["role"]:
                command = RemoveMember(run.procurement, seat_held.id, reason)
                run.world.bus.handle(command, lead)
    run.seats = None
    run.note(f"{lead.name} changes the team: {dict(change)}")


def _steer(run: Run, step: Step) -> None:
    """suspend, resume, cancel, or {rewind: element} to right before that element was done."""
    _go_to(run, step.at)
    lead = run.world.actor(step.act.person or run.scenario.team["procurement-lead"][0])
    reason = step.act.reason
    if isinstance(step.subject, dict):
        with run.world.store.reader() as connection:
            seq = records.seq_before(connection, run.procurement, step.subject["rewind"])
        run.world.bus.handle(RewindProcurement(run.procurement, seq, reason), lead)
    else:
        command = _STEERING[str(step.subject)](run.procurement, reason)
        run.world.bus.handle(command, lead)
    run.note(f"{lead.name}: {step.subject}")


_STEERING: Final[Mapping[str, Callable[[str, str], Any]]] = {
    "suspend": SuspendProcurement,
    "resume": ResumeProcurement,
    "cancel": CancelProcurement,
}

STEPS: Final[Mapping[str, Callable[[Run, Step], None]]] = {
    "do": _do,
    "do-all": _do_all,
    "confirm": _confirm,
    "return": _return,
    "report": _report,
    "again": _again,
    "carry-on": _carry_on,
    "wait-until": _wait_until,
    "refused": _refused,
    "expect": _expect,
    "replace": _replace,
    "steer": _steer,
}


def find_scenario(scenarios: list[Scenario], name: str) -> Scenario:
    """The scenario of that name; raises InvalidInputError naming those there are."""
    for scenario in scenarios:
        if scenario.name == name:
            return scenario
    known = ", ".join(each.name for each in scenarios)
    raise InvalidInputError(f"There is no scenario {name}. Known: {known}.", scenario=name)
