"""What the fields of a task's form begin with: what the model says is known before anybody writes.

It is a suggestion: whoever does the task may write something else, and nothing of it is handed in
by itself. Besides what every expression may call, one of these may call `standing_suppliers`,
`booked_meeting` and `round_agenda`.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from engine.errors import EngineError
from engine.feel import Expression, Scope, compile_expression, to_data
from engine.model.definition import PREFILL_FUNCTIONS, ElementInfo
from engine.model.meeting import MeetingRecord
from engine.model.records import TaskRecord
from engine.model.sealing import branch_of
from engine.procurement.time_limits import counted_from, time_limit
from engine.queries.view import Seen
from engine.store import dialogue, meetings, records

_FUNCTIONS: Final = frozenset({"time_limit", *PREFILL_FUNCTIONS})


def prefilled(
    seen: Seen, task: TaskRecord, element: ElementInfo, variables: Callable[[], Mapping[str, Any]]
) -> dict[str, Any]:
    """The values by field. A field whose expression gives null, or cannot be worked out with what
    is known now, is left to whoever does the task."""
    if not element.prefills:
        return {}
    known = variables()
    functions: Mapping[str, Callable[..., Any]] = {
        "time_limit": _limits(seen),
        "standing_suppliers": lambda: _suppliers(seen, task),
        "booked_meeting": lambda kind: _meeting(seen, task, kind),
        "round_agenda": lambda: _agenda(seen, task),
    }
    scope = Scope(now=seen.view.now, functions=functions)
    found = {each.variable: _value(each.value, known, scope) for each in element.prefills}
    return {field: value for field, value in found.items() if value is not None}


def _value(source: str, variables: Mapping[str, Any], scope: Scope) -> Any:
    try:
        return to_data(_compiled(source, frozenset(variables)).evaluate(variables, scope))
    except EngineError:
        return None


@lru_cache(maxsize=512)
def _compiled(source: str, names: frozenset[str]) -> Expression:
    return compile_expression(source, names, functions=_FUNCTIONS)


def _limits(seen: Seen) -> Callable[[str, Any], datetime]:
    """The end of a legal period by the rules that hold in the procurement."""
    pinned = seen.row.rules_at if seen.row.rule_set else ""
    rules_at = date.fromisoformat(pinned) if pinned else seen.view.today
    return lambda rule, start: time_limit(rule, counted_from(start), rules_at).ends_at


def _suppliers(seen: Seen, task: TaskRecord) -> list[str]:
    """Keys of the suppliers that are still in it, as far as a form of this branch may name them."""
    branch = branch_of(task.scope)
    return [
        each.key
        for each in records.suppliers(seen.view.connection, seen.row.id)
        if each.stands and branch in ("", each.key) and seen.sees(each.key)
    ]


def _meeting(seen: Seen, task: TaskRecord, kind: str) -> dict[str, Any] | None:
    """The newest meeting of the kind with the supplier of the branch that began since the task is
    open, or else the next one: `start`, `end` and `attendees` of the supplier; null where there is
    none."""
    branch, opened = branch_of(task.scope), task.opened_at
    known = [
        each
        for each in meetings.meetings_of(seen.view.connection, seen.row.id)
        if each.stands and each.kind == kind and each.scope == branch and _start(each) >= opened
    ]
    begun = [each for each in known if _start(each) <= seen.view.now]
    found = begun[-1] if begun else next(iter(known), None)
    if found is None:
        return None
    return {
        "start": _start(found),
        "end": found.ended_at or found.ends_at,
        "attendees": [{"name": name} for name in found.theirs],
    }


def _agenda(seen: Seen, task: TaskRecord) -> list[str]:
    """The topics of the round of the task's process that goes on, a line each."""
    for each in reversed(dialogue.rounds_of(seen.view.connection, seen.row.id)):
        if each.process == task.process and each.closed_at is None:
            return [line.strip() for line in each.topics.splitlines() if line.strip()]
    return []


def _start(meeting: MeetingRecord) -> datetime:
    return meeting.began_at or meeting.starts_at
