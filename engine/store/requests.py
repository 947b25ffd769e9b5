"""Requests already answered: the same request id has one effect and one answer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from engine.errors import RejectedError
from engine.store.prepared import Prepared
from engine.store.schema import request
from engine.store.unit_of_work import UnitOfWork

_FIND: Final = Prepared(
    sa.select(request.c.fingerprint, request.c.answer).where(
        request.c.id == sa.bindparam("key"), request.c.actor == sa.bindparam("person")
    )
)
_GIVEN: Final[Mapping[str, Any]] = {each.name: sa.bindparam(each.name) for each in request.c}
_KEEP: Final[Mapping[str, Prepared]] = {
    "sqlite": Prepared(sqlite.insert(request).values(_GIVEN).on_conflict_do_nothing()),
    "postgresql": Prepared(postgresql.insert(request).values(_GIVEN).on_conflict_do_nothing()),
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
    row = _FIND.first(connection, {"key": asked.id, "person": asked.actor})
    if row is None:
        return None
    fingerprint, answer = row
    if fingerprint != asked.fingerprint:
        raise RejectedError(
            "This request id was used for another act. Send a new id with each new act.",
            request=asked.id,
            about="request-used",
        )
    return dict(answer)


def keep_answer(work: UnitOfWork, asked: Request, answer: dict[str, Any], at: datetime) -> None:
    """Keep the answer; raises RejectedError when the request has one, so that nothing is done
    twice. Waits for a transaction that is answering the same request."""
    values = {**asdict(asked), "answer": answer, "at": at}
    connection = work.connection
    if _KEEP[connection.dialect.name].run(connection, values) != 1:
        raise RejectedError(
            "This request was answered before.", request=asked.id, about="request-answered"
        )
