"""What a model keeps from those who judge until their judgement is locked: prices, above all."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.model.definition import ElementInfo, Withheld, withholding
from engine.model.records import SubmissionRecord, TaskRecord
from engine.queries.view import Seen
from engine.store import tasks


def without_withheld(seen: Seen, found: Sequence[SubmissionRecord]) -> list[SubmissionRecord]:
    """The records less what the reader, who judges, must not know before everybody has judged.

    A record's field stays away until each task that withholds it has been completed after the
    record was made, and none of them is open.
    """
    judging = [each for each in _withholding(seen) if each.role in seen.my_roles]
    forms = {withheld.form for each in judging for withheld in each.withheld}
    if not any(each.form in forms for each in found):
        return list(found)
    locks = _Locks.of(seen, judging)

    def cut(record: SubmissionRecord) -> SubmissionRecord:
        fields = {
            withheld.field
            for each in judging
            for withheld in each.withheld
            if withheld.form == record.form and not locks.hold(each.id, record.at)
        }
        return replace(record, content=_without(record.content, fields)) if fields else record

    return [cut(record) for record in found]


def is_withheld(seen: Seen, what: Withheld, since: datetime) -> bool:
    """Whether the reader, who judges, must not know yet what has been there `since`."""
    judging = [
        each for each in _withholding(seen) if each.role in seen.my_roles and what in each.withheld
    ]
    if not judging:
        return False
    locks = _Locks.of(seen, judging)
    return not all(locks.hold(each.id, since) for each in judging)


@dataclass(frozen=True, slots=True)
class _Locks:
    """Judgements: which elements wait for one, and which tasks of them are done."""

    waiting: Collection[str]
    done: Sequence[TaskRecord]

    @classmethod
    def of(cls, seen: Seen, judging: Collection[ElementInfo]) -> "_Locks":
        elements = {each.id for each in judging}
        connection = seen.view.connection
        waiting = {each.element for each in tasks.open_of(connection, seen.row.id)} & elements
        return cls(waiting, tasks.completed_elements(connection, seen.row.id, elements))

    def hold(self, element: str, since: datetime) -> bool:
        """Whether everybody has judged since."""
        return element not in self.waiting and any(
            task.element == element and task.closed_at is not None and task.closed_at >= since
            for task in self.done
        )


def _withholding(seen: Seen) -> Iterator[ElementInfo]:
    return withholding(seen.view.definition(seen.row.definition))


def _without(value: Any, fields: Collection[str]) -> Any:
    """The value without these fields, wherever they stand in it."""
    if isinstance(value, Mapping):
        return {name: _without(each, fields) for name, each in value.items() if name not in fields}
    if isinstance(value, list):
        return [_without(each, fields) for each in value]
    return value
