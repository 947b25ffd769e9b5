"""Tasks and drafts."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from engine.errors import NotFoundError
from engine.model.records import DraftRecord, TaskRecord
from engine.store.prepared import Prepared
from engine.store.rows import Selection
from engine.store.schema import draft, task
from engine.store.types import Among
from engine.store.unit_of_work import UnitOfWork

_TASK: Final = Selection(task, TaskRecord, task.c.id == sa.bindparam("key"))
_TASKS: Final = Selection(task, TaskRecord, Among(task.c.id, "keys"), order=(task.c.id,))
_OPEN: Final = Selection(
    task,
    TaskRecord,
    task.c.procurement == sa.bindparam("procurement"),
    task.c.status.in_([sa.literal("open"), sa.literal("approval")]),
    order=(task.c.opened_at, task.c.id),
)
_COMPLETED: Final = Selection(
    task,
    TaskRecord,
    task.c.procurement == sa.bindparam("procurement"),
    task.c.status == "completed",
    Among(task.c.element, "elements"),
)
_DRAFTS: Final = Selection(
    draft,
    DraftRecord,
    draft.c.task == sa.bindparam("task"),
    draft.c.holder.in_([sa.bindparam("holder"), sa.bindparam("person")]),
    order=(draft.c.holder,),
)
_SCOPES: Final = Prepared(
    sa.select(task.c.scope)
    .where(task.c.procurement == sa.bindparam("procurement"), task.c.scope != "")
    .distinct()
)
_ROLES: Final = Prepared(sa.select(task.c.id, task.c.role).where(Among(task.c.id, "keys")))

_PROCUREMENTS: Final = Prepared(
    sa.select(task.c.id, task.c.procurement).where(Among(task.c.id, "keys"))
)


def get(connection: sa.Connection, key: str) -> TaskRecord:
    """The task; raises NotFoundError."""
    found = _TASK.one(connection, key=key)
    if found is None:
        raise NotFoundError("task", key)
    return found


def get_many(connection: sa.Connection, keys: Collection[str]) -> list[TaskRecord]:
    """Those of these tasks that exist."""
    return _TASKS.all(connection, keys=list(keys))


def open_of(connection: sa.Connection, procurement: str) -> list[TaskRecord]:
    """Tasks of the procurement that wait for someone, oldest first."""
    return _OPEN.all(connection, procurement=procurement)


def completed_elements(
    connection: sa.Connection, procurement: str, elements: Collection[str]
) -> list[TaskRecord]:
    """Completed tasks of these elements: who did what, for separation of duties."""
    return _COMPLETED.all(connection, procurement=procurement, elements=list(elements))


def scopes_of(connection: sa.Connection, procurement: str) -> list[str]:
    """Every confidentiality key under which somebody has or had work in the procurement."""
    return _SCOPES.column(connection, {"procurement": procurement})


def find_draft(
    connection: sa.Connection, key: str, person: str, *, blind: bool
) -> DraftRecord | None:
    """Unfinished work on the task: everybody's who works on it, or on a blind form the person's
    own."""
    found = _DRAFTS.all(connection, task=key, holder=person if blind else "", person=person)
    return found[0] if found else None


def has_written(connection: sa.Connection, key: str, person: str, since: datetime) -> bool:
    """Whether the person has kept unfinished work on the task since then."""
    query = sa.select(draft.c.task).where(
        draft.c.task == key, draft.c.by == person, draft.c.saved_at >= since
    )
    return connection.scalar(query.limit(1)) is not None


def save_draft(work: UnitOfWork, key: str, draft_of: DraftRecord, *, blind: bool) -> None:
    """Keep unfinished work; a draft is nobody's record and leaves no entry."""
    holder = draft_of.by if blind else ""
    work.writer.delete(draft, task=key, holder=holder)
    work.writer.insert(
        draft,
        task=key,
        holder=holder,
        content=draft_of.content,
        saved_at=draft_of.saved_at,
        by=draft_of.by,
    )


def drop_drafts(work: UnitOfWork, key: str) -> None:
    """The task is done, or decided: nothing of it is unfinished."""
    work.writer.delete(draft, task=key)


def procurements_of(connection: sa.Connection, keys: Collection[str]) -> dict[str, str]:
    """Of these ids, the tasks that exist, with the procurement each belongs to."""
    return dict(_PROCUREMENTS.all(connection, {"keys": list(keys)}))


def known(connection: sa.Connection, keys: Collection[str]) -> dict[str, str]:
    """Of these ids, the tasks that exist, with the role each asks for."""
    return dict(_ROLES.all(connection, {"keys": list(keys)}))
