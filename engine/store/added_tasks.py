"""What tasks are that the lead put in beside the model."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from engine.store.rows import Selection
from engine.store.schema import added_task


@dataclass(frozen=True, slots=True)
class AddedTaskRecord:
    """`starts_at` is set for a gathering, with its end, its place and the ids of who is asked to
    come; `sequence` grows as it is moved. `comment` is what it was made of; `note` what came of
    it."""

    task: str
    procurement: str
    instructions: str
    comment: str
    starts_at: datetime | None
    ends_at: datetime | None
    place: str
    people: list[str]
    sequence: int
    note: str


_ONE: Final = Selection(added_task, AddedTaskRecord, added_task.c.task == sa.bindparam("task"))


def find(connection: sa.Connection, task: str) -> AddedTaskRecord | None:
    """None for a task of the model."""
    return _ONE.one(connection, task=task)
