"""Tasks and drafts."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import NotFoundError
from engine.model.records import TaskRecord
from engine.store.rows import columns, fetch_all
from engine.store.schema import draft, task
from engine.store.unit_of_work import UnitOfWork


def procurement_of(connection: sa.Connection, key: str) -> str:
    """The procurement a task belongs to; raises NotFoundError."""
    found = connection.scalar(sa.select(task.c.procurement).where(task.c.id == key))
    if found is None:
        raise NotFoundError("task", key)
    return str(found)


def get(connection: sa.Connection, key: str) -> TaskRecord:
    """The task; raises NotFoundError."""
    query = sa.select(*columns(task, TaskRecord)).where(task.c.id == key)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFoundError("task", key)
    return TaskRecord(*row)


def open_of(connection: sa.Connection, procurement: str) -> list[TaskRecord]:
    """Tasks of the procurement that wait for someone, oldest first."""
    return fetch_all(
        connection,
        task,
        TaskRecord,
        task.c.procurement == procurement,
        task.c.status.in_(("open", "approval")),
        order=(task.c.opened_at, task.c.id),
    )


def completed_elements(
    connection: sa.Connection, procurement: str, elements: Collection[str]
) -> list[TaskRecord]:
    """Completed tasks of these elements: who did what, for separation of duties."""
    return fetch_all(
        connection,
        task,
        TaskRecord,
        task.c.procurement == procurement,
        task.c.status == "completed",
        task.c.element.in_(list(elements)),
    )


def find_draft(connection: sa.Connection, key: str, person: str) -> dict[str, Any] | None:
    query = sa.select(draft.c.content).where(draft.c.task == key, draft.c.person == person)
    content = connection.scalar(query)
    return None if content is None else dict(content)


def save_draft(
    work: UnitOfWork, key: str, person: str, content: dict[str, Any], at: datetime
) -> None:
    """Keep unfinished work; a draft is nobody's record and leaves no entry."""
    drop_draft(work, key, person)
    work.writer.insert(draft, task=key, person=person, content=content, saved_at=at)


def drop_draft(work: UnitOfWork, key: str, person: str) -> None:
    work.writer.delete(draft, task=key, person=person)


def known(connection: sa.Connection, keys: Collection[str]) -> dict[str, str]:
    """Of these ids, the tasks that exist, with the role each asks for."""
    query = sa.select(task.c.id, task.c.role).where(task.c.id.in_(list(keys)))
    return {row.id: row.role for row in connection.execute(query)}
