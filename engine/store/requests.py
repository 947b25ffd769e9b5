"""Requests already answered: the same request id has one effect and one answer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import RejectedError
from engine.store.schema import request
from engine.store.unit_of_work import UnitOfWork

_FIND: Final = sa.select(request.c.fingerprint, request.c.answer).where(
    request.c.id == sa.bindparam("key"), request.c.actor == sa.bindparam("person")
)
_COUNTED: Final = {"preserve_rowcount": True}
_KEEP: Final[Mapping[str, sa.Insert]] = {
    "sqlite": sqlite.insert(request).on_conflict_do_nothing().execution_options(**_COUNTED),
    "postgresql": postgresql.insert(request).on_conflict_do_nothing().execution_options(**_COUNTED),
}


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked under which id; `id` is "" where nobody gave one."""

    id: str
    actor: str
    command: str
    fingerprint: str


def find_answer(connection: sa.Connection, asked: Request) -> dict[str, Any] | None:
    """The earlier answer to this request id; raises RejectedError if it asked something else."""
    row = connection.execute(_FIND, {"key": asked.id, "person": asked.actor}).one_or_none()
    if row is None:
        return None
    if row.fingerprint != asked.fingerprint:
        raise RejectedError(
            "This request id was used for another act. Send a new id with each new act.",
            request=asked.id,
        )
    return dict(row.answer)


def keep_answer(work: UnitOfWork, asked: Request, answer: dict[str, Any], at: datetime) -> None:
    """Keep the answer; raises RejectedError when the request has one, so that nothing is done
    twice. Waits for a transaction that is answering the same request."""
    values = {**asdict(asked), "answer": answer, "at": at}
    kept = work.connection.execute(_KEEP[work.connection.dialect.name], values)
    if kept.rowcount != 1:
        raise RejectedError("This request was answered before.", request=asked.id)
