"""A task that comes again: why, and with what was handed in the last time.

Whoever mends a form begins with it as it was, not with an empty one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from engine.forms.definition import Form
from engine.model.records import DecisionRecord, SubmissionRecord, TaskRecord
from engine.queries.decisions import decisions_of
from engine.queries.record import LogEntry
from engine.queries.view import Seen
from engine.store import records, tasks

_PROPOSED: Final = "DecisionProposed"
_RETURNED: Final = "DecisionReturned"


class Because(StrEnum):
    """What made the task come again."""

    DECIDED = "decided"  # a gate was decided in a way that leads back to it
    RETURNED = "returned"  # the second pair of eyes returned what was proposed
    REWOUND = "rewound"  # the lead went back to a point before it was done


@dataclass(frozen=True, slots=True)
class Again:
    """`gate` and `option` are what was decided, in the reader's language; `by` names of people, in
    the order they decided. `content` is what was handed in, None where there is no form or it was
    somebody else's own view."""

    because: Because
    gate: str = ""
    option: str = ""
    reason: str = ""
    by: tuple[str, ...] = ()
    at: datetime | None = None
    content: Mapping[str, Any] | None = None


def come_again(
    seen: Seen, row: TaskRecord, form: Form | None, history: Sequence[LogEntry]
) -> Again | None:
    """None for a task that is not open, or is to be done for the first time."""
    if row.status != "open" or not row.element:
        return None
    connection = seen.view.connection
    ever = records.ever_submitted_at(connection, seen.row.id, row.id)
    counting = records.submissions_at(connection, seen.row.id, row.id) if ever else []
    return (
        _returned(history, counting)
        or _rewound(_own(seen, form, ever), counting)
        or _sent_back(seen, row, form)
    )


def _returned(history: Sequence[LogEntry], counting: Sequence[SubmissionRecord]) -> Again | None:
    """Also where a proposal lapsed and nobody returned it; then it has no reason."""
    spoken = [each for each in history if each.type in (_PROPOSED, _RETURNED)]
    last = max(spoken, key=lambda each: each.seq, default=None)
    content = counting[-1].content if counting else None
    if last is not None and last.type == _RETURNED:
        return Again(Because.RETURNED, "", "", last.reason, (last.by,), last.at, content)
    return Again(Because.RETURNED, content=content) if counting else None


def _rewound(
    ever: Sequence[SubmissionRecord], counting: Sequence[SubmissionRecord]
) -> Again | None:
    if not ever or ever[-1].id in {each.id for each in counting}:
        return None
    return Again(Because.REWOUND, content=ever[-1].content)


def _sent_back(seen: Seen, row: TaskRecord, form: Form | None) -> Again | None:
    if form is None:
        return None
    connection, key = seen.view.connection, seen.row.id
    of_form = _own(seen, form, records.submissions_of(connection, key, form.key))
    earlier = [each for each in of_form if (each.element, each.scope) == (row.element, row.scope)]
    if not earlier:
        return None
    made = _decision_behind(seen, row)
    told = next((each for each in decisions_of(seen) if made and each.id == made.id), None)
    if told is None:
        return None
    return Again(
        Because.DECIDED,
        gate=told.element,
        option=told.option,
        reason=told.reason,
        by=told.by,
        at=told.at,
        content=earlier[-1].content,
    )


def _own(
    seen: Seen, form: Form | None, handed_in: Sequence[SubmissionRecord]
) -> list[SubmissionRecord]:
    """Of a form in which each gives a view alone, the reader's."""
    blind, me = form is not None and form.blind, seen.view.actor.id
    return [each for each in handed_in if each.by == me or not blind]


def _decision_behind(seen: Seen, row: TaskRecord) -> DecisionRecord | None:
    """The decision by which the task came again: made at the moment at which it opened, or at which
    a step before it came again that was then done anew; all in one process, since what a process
    calls anew is done for the first time there."""
    connection = seen.view.connection
    decided = {each.at: each for each in records.decisions(connection, seen.row.id)}
    handed_in = records.stored_submissions(connection, seen.row.id)
    before = {each.at: each.task for each in handed_in if each.task}
    step = row
    while step.opened_at not in decided:
        if step.opened_at not in before:
            return None
        step = tasks.get(connection, before.pop(step.opened_at))
        if step.process != row.process:
            return None
    made = decided[step.opened_at]
    return made if _leads_back(seen, made, row.process) else None


def _leads_back(seen: Seen, made: DecisionRecord, process: str) -> bool:
    """One that opens the way on does not, and what ends a round begins another, not the same."""
    if made.opens or tasks.get(seen.view.connection, made.task).process != process:
        return False
    elements = seen.view.definition(seen.row.definition).processes[process].elements
    gate = elements[made.element].gate
    options = gate.options if gate is not None else ()
    return not any(each.value == made.option and each.closes_round for each in options)
