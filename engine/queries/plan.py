"""The plan of a procurement, or of one that has not begun, for one reader."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa

from engine.bpmn import looking, runtime
from engine.clock import OSLO
from engine.errors import FeelError, InvalidInputError, NotFoundError
from engine.feel import Expression, Scope, compile_expression, to_data
from engine.model.definition import ElementInfo, ProcessDefinition
from engine.model.execution import View as Open
from engine.procurement.calendar import FIRST_YEAR, LAST_YEAR
from engine.procurement.happy_path import Evaluate
from engine.procurement.plan import (
    Bar,
    Difference,
    OpenFact,
    PastFact,
    Plan,
    PlanFacts,
    compare_plans,
    facts_before_start,
)
from engine.procurement.planner import last_day, make_plan
from engine.procurement.planning import AS_IT_IS, Choice, assumptions
from engine.procurement.text import LANGUAGES, Text
from engine.queries.definitions import startable_processes
from engine.queries.names import phase_name
from engine.queries.view import Seen, View, see_procurement
from engine.store import records
from engine.store.schema import audit_event, task

YEARS_AHEAD = 30
_PASSES = ("ElementsPassed", "ProcurementRewound", "TimerArmed")


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A bar with what people call it."""

    bar: Bar
    phase: str
    name: str
    why: Text


@dataclass(frozen=True, slots=True)
class Activity:
    """Something that can be planned longer or shorter."""

    element: str
    name: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """`id` is empty before start, and `process` then says for which process. `differences` are
    those of the choice against the plan as it is; empty where nothing was chosen."""

    id: str
    reference: str
    title: str
    process: str
    process_name: str
    plan: Plan
    choice: Choice
    lines: tuple[PlanLine, ...]
    activities: tuple[Activity, ...]
    procedures: tuple[str, ...]
    differences: tuple[Difference, ...]


def plan_page(view: View, key: str, choice: Choice = AS_IT_IS) -> PlanPage:
    """The plan of a procurement as it stands; raises NotFoundError where it is not the reader's.

    What is confidential to a supplier the reader may not see is left out of it.
    """
    return plan_of(see_procurement(view, key), choice)


def plan_of(seen: Seen, choice: Choice = AS_IT_IS) -> PlanPage:
    """The same for one that has been looked at, as it is or as it was."""
    definition = seen.view.definition(seen.row.definition)
    page = _page(seen.view, definition, _facts(seen, definition), choice, None)
    return replace(page, id=seen.row.id, reference=seen.row.reference, title=seen.row.title)


def plan_before_start(
    view: View, process: str, start: date | None = None, choice: Choice = AS_IT_IS
) -> PlanPage:
    """The plan of a process that begins on `start`, today where it is None.

    Raises NotFoundError for a process nobody can start, InvalidInputError for a day out of reach.
    """
    found = next((each for each in startable_processes(view) if each.key == process), None)
    if found is None:
        raise NotFoundError("process", process)
    first = start or view.today
    if not FIRST_YEAR <= first.year <= min(LAST_YEAR, view.today.year + YEARS_AHEAD) - 5:
        raise InvalidInputError(
            f"No plan can begin on {first.isoformat()}. Choose a day within the next years.",
            start=first.isoformat(),
            about="plan-start",
        )
    definition = view.definition(found.versions[0].digest)
    facts = facts_before_start(first, definition.root.procedure or "", view.now)
    return _page(view, definition, facts, choice, first)


def _page(
    view: View,
    definition: ProcessDefinition,
    facts: PlanFacts,
    choice: Choice,
    start: date | None,
) -> PlanPage:
    evaluate = _evaluator(definition, view.now)
    _require_known(definition, choice)
    usual = plan = make_plan(definition, facts, evaluate, start=start)
    choice = _what_differs(choice, usual)
    differences: tuple[Difference, ...] = ()
    if choice != AS_IT_IS:
        plan = make_plan(definition, facts, evaluate, start=start, choice=choice)
        differences = compare_plans(usual, plan)
    lines = tuple(_line(view, definition, bar) for bar in plan.bars)
    return PlanPage(
        id="",
        reference="",
        title="",
        process=definition.key,
        process_name=_text(view, definition, definition.key, definition.key, definition.name),
        plan=plan,
        choice=choice,
        lines=lines,
        activities=_activities(lines),
        procedures=_procedures(facts.procedure),
        differences=differences,
    )


def _what_differs(choice: Choice, usual: Plan) -> Choice:
    """The choice without what is so anyway."""
    planned = {each.id: each.planned for each in usual.repetitions}
    return Choice(
        procedure="" if choice.procedure == usual.procedure else choice.procedure,
        repeats={key: n for key, n in choice.repeats.items() if planned.get(key) != n},
        extra={key: days for key, days in choice.extra.items() if days},
    )


def _require_known(definition: ProcessDefinition, choice: Choice) -> None:
    """Raises InvalidInputError for names in the choice that no plan of the process has."""
    elements = {key for process in definition.processes.values() for key in process.elements}
    elements |= set(assumptions().deadlines)
    repeats = {each.id for each in assumptions().repeats}
    procedures = set(_procedures(definition.root.procedure or ""))
    for kind, given, known in (
        ("activity", set(choice.extra), elements),
        ("repetition", set(choice.repeats), repeats),
        ("procedure", {choice.procedure} - {""}, procedures),
    ):
        unknown = sorted(given - known)
        if unknown:
            raise InvalidInputError(
                f"There is no {kind} {unknown[0]} in this plan. Choose one that the page offers.",
                **{kind: unknown[0]},
                about="plan-unknown",
            )


def _procedures(own: str) -> tuple[str, ...]:
    """Procedures with deadlines of their own, that of the process first."""
    ruled = {name for each in assumptions().deadlines.values() for name in each.rules}
    return tuple(dict.fromkeys([*([own] if own else []), *sorted(ruled)]))


def _activities(lines: Iterable[PlanLine]) -> tuple[Activity, ...]:
    ahead = [line for line in lines if line.bar.kind in ("planned", "waiting", "legal")]
    names = {line.bar.element: line.name for line in reversed(ahead)}
    return tuple(Activity(key, names[key]) for key in dict.fromkeys(x.bar.element for x in ahead))


def _line(view: View, definition: ProcessDefinition, bar: Bar) -> PlanLine:
    element = definition.processes[bar.process].elements[bar.element]
    return PlanLine(
        bar=bar,
        phase=phase_name(definition, view.language, bar.phase) if bar.phase else "",
        name=_text(view, definition, bar.process, bar.element, element.name) or bar.element,
        why=bar.why,
    )


def _text(
    view: View, definition: ProcessDefinition, process: str, element: str, otherwise: str
) -> str:
    return definition.text(view.language, process, f"{element}.name", otherwise)


def _evaluator(definition: ProcessDefinition, now: datetime) -> Evaluate:
    """FEEL over the variables that are known, all others null."""
    names = frozenset(
        name for process in definition.processes.values() for name in process.variable_names
    )

    def evaluate(source: str, variables: Mapping[str, Any]) -> Any:
        try:
            expression = _compiled(source, names.union(variables))
            found = expression.evaluate(
                {**dict.fromkeys(names), **variables}, Scope(now=now, functions={})
            )
        except FeelError:  # it speaks of a loop's item or calls the engine: not to be foreseen
            return None
        return to_data(found)

    return evaluate


@lru_cache(maxsize=1024)
def _compiled(source: str, names: frozenset[str]) -> Expression:
    return compile_expression(source, names, functions=("time_limit",))


# What is known of a procurement that has begun


def _facts(seen: Seen, definition: ProcessDefinition) -> PlanFacts:
    row, view = seen.row, seen.view
    passes = _passes(seen)
    found = _open(seen)
    submitted = [
        each for each in records.submissions(view.connection, row.id) if seen.sees(each.scope)
    ]
    decided = [each for each in records.decisions(view.connection, row.id) if seen.sees(each.scope)]
    return PlanFacts(
        now=view.now,
        rules_at=date.fromisoformat(row.rules_at) if row.rules_at else view.today,
        procedure=row.procedure,
        variables=_variables(seen, definition, found) if found else {},
        active=frozenset((each.process_id, each.element_id) for each in found.active)
        if found
        else frozenset(),
        past=tuple(_past(seen, definition, passes.done)),
        open=(*_open_tasks(seen), *_armed(seen, definition, found, passes.armed)),
        rows={
            (each.form, name): len(value)
            for each in submitted
            for name, value in each.content.items()
            if isinstance(value, list)
        },
        decided={each.decision: each.at.astimezone(OSLO).date() for each in decided},
        over=row.status in ("ended", "cancelled"),
    )


def _open(seen: Seen) -> Open | None:
    if not seen.row.state or seen.row.status not in ("running", "suspended"):
        return None
    view = seen.view
    compiled = view.definitions.get(view.connection, seen.row.definition)
    return runtime.inspect(compiled.process, seen.row.state)


def _variables(seen: Seen, definition: ProcessDefinition, found: Open) -> dict[str, Any]:
    """What the open places see, common places counting before branches; of branches that are not
    the reader's only what they have from outside."""
    compiled = seen.view.definitions.get(seen.view.connection, seen.row.definition)
    shared = definition.root.variable_names
    places = [
        *((each.scope, each.process_id, each.task_id) for each in found.work),
        *((each.scope, each.process_id, each.task_id) for each in found.timers),
        *((each.scope, each.process_id, each.task_id) for each in found.waits),
    ]
    variables: dict[str, Any] = {}
    for scope, process, key in sorted(places, reverse=True):
        data = looking.variables_at(compiled.process, seen.row.state, key)
        names = frozenset(data)
        if scope and not seen.sees(scope):
            names &= shared - definition.processes[process].variable_names
        variables |= {name: data[name] for name in names if data[name] is not None}
    return variables


@dataclass(frozen=True, slots=True)
class _Passes:
    """The last moment each element was done, and the one at which each timer was armed."""

    done: Mapping[str, datetime]
    armed: Mapping[str, datetime]


def _passes(seen: Seen) -> _Passes:
    """From the record, without what a rewind undid and what the reader may not see."""
    query = (
        sa.select(audit_event.c.seq, audit_event.c.type, audit_event.c.at, audit_event.c.body)
        .where(audit_event.c.chain == seen.row.id, audit_event.c.type.in_(_PASSES))
        .order_by(audit_event.c.seq)
    )
    entries: list[tuple[int, datetime, list[str]]] = []
    armed: dict[str, datetime] = {}
    for row in seen.view.connection.execute(query):
        data, at = orjson.loads(row.body)["data"], datetime.fromisoformat(row.at)
        if row.type == "TimerArmed":
            armed[data["timer"]] = at
        elif row.type == "ProcurementRewound":
            entries = [each for each in entries if each[0] < data["to_seq"]]
        else:
            names = [
                name
                for name, how, scope in data["trail"]
                if how == "completed" and seen.sees(scope)
            ]
            entries.append((row.seq, at, names))
    return _Passes({name: at for _, at, names in entries for name in names}, armed)


def _past(
    seen: Seen, definition: ProcessDefinition, done: Mapping[str, datetime]
) -> Iterable[PastFact]:
    """Work that was completed and still counts, and what the process did by itself."""
    spans: dict[tuple[str, str, str], tuple[date, date]] = {}
    for row in _tasks(seen, "completed"):
        if row.element not in done or row.closed_at is None:
            continue
        key = (row.process, row.element, row.phase)
        first, last = _day(row.opened_at), _day(row.closed_at)
        known = spans.get(key, (first, last))
        spans[key] = (min(first, known[0]), max(last, known[1]))
    for (process, element, phase), (first, last) in spans.items():
        yield PastFact(process, element, phase, first, last)
    by_people = {element for _, element, _ in spans}
    for element, at in done.items():
        found = _find(definition, element)
        if element in by_people or found is None or found[1].kind == "userTask":
            continue
        process, info = found
        day = (last_day(at) or _day(at)) if info.timer else _day(at)
        yield PastFact(process, element, info.phase or "", day, day)


def _find(definition: ProcessDefinition, element: str) -> tuple[str, ElementInfo] | None:
    for key, process in definition.processes.items():
        if element in process.elements:
            return key, process.elements[element]
    return None


def _open_tasks(seen: Seen) -> Iterable[OpenFact]:
    for row in _tasks(seen, "open", "approval"):
        yield OpenFact(
            process=row.process,
            element=row.element,
            phase=row.phase,
            since=_day(row.opened_at),
            due=last_day(row.due_at),
            citation=str(row.due_why.get("citation", "")),
            why=_why(row.due_why),
        )


def _armed(
    seen: Seen,
    definition: ProcessDefinition,
    found: Open | None,
    armed: Mapping[str, datetime],
) -> Iterable[OpenFact]:
    """Timers that the process waits for; those that only watch an activity are no part of it."""
    if found is None:
        return
    why = {each.id: each.why for each in records.timers_of(seen.view.connection, seen.row.id)}
    for timer in found.timers:
        element = definition.processes[timer.process_id].elements[timer.element_id]
        if element.kind != "intermediateCatchEvent" or not seen.sees(timer.scope):
            continue
        reasons = why.get(timer.task_id, {})
        yield OpenFact(
            process=timer.process_id,
            element=timer.element_id,
            phase=element.phase or seen.row.phase,
            since=_day(armed.get(timer.task_id, seen.view.now)),
            due=last_day(timer.due_at),
            citation=str(reasons.get("citation", "")),
            why=_why(reasons),
        )


def _tasks(seen: Seen, *status: str) -> Iterable[Any]:
    """Rows of the model's tasks that the reader may see, in the order they opened."""
    query = (
        sa.select(task)
        .where(task.c.procurement == seen.row.id, task.c.status.in_(status), task.c.element != "")
        .order_by(task.c.opened_at, task.c.id)
    )
    return [row for row in seen.view.connection.execute(query) if seen.sees(row.scope)]


def _why(reasons: Mapping[str, Any]) -> Text:
    """The count of a legal period, its sentences in one text by language."""
    return {key: " ".join(reasons[key]) for key in LANGUAGES if key in reasons}


def _day(moment: datetime) -> date:
    return moment.astimezone(OSLO).date()
