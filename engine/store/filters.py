"""Filters of task lists: those that people saved, and what each person looked at last."""

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from engine.errors import NotFoundError
from engine.model.records import FilterRecord
from engine.store.rows import Selection
from engine.store.schema import last_view, task_filter
from engine.store.unit_of_work import UnitOfWork

_FILTER: Final = Selection(task_filter, FilterRecord, task_filter.c.id == sa.bindparam("key"))


def get(connection: sa.Connection, key: str) -> FilterRecord:
    """Raises NotFoundError."""
    found = _FILTER.one(connection, key=key)
    if found is None:
        raise NotFoundError("filter", key)
    return found


def saved_by(connection: sa.Connection, person: str) -> int:
    """How many filters the person has saved."""
    query = sa.select(sa.func.count()).where(task_filter.c.person == person)
    return connection.scalar(query) or 0


def save(work: UnitOfWork, record: FilterRecord, at: datetime) -> None:
    work.writer.insert(
        task_filter,
        id=record.id,
        person=record.person,
        name=record.name,
        content=record.content,
        organisation=record.organisation,
        procurement=record.procurement,
        saved_at=at,
    )


def remove(work: UnitOfWork, key: str) -> None:
    work.writer.delete(task_filter, id=key)


def remember(work: UnitOfWork, person: str, content: dict[str, Any]) -> None:
    """What the person looks at now, in the place of what was before."""
    work.writer.delete(last_view, person=person)
    work.writer.insert(last_view, person=person, content=content)
