"""Requests already answered: the same request id has one effect and one answer."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.errors import RejectedError
from engine.store.schema import request
from engine.store.unit_of_work import UnitOfWork


def find_answer(
    connection: sa.Connection, key: str, actor: str, fingerprint: str
) -> dict[str, Any] | None:
    """The earlier answer to this request id; raises RejectedError if it asked something else."""
    query = sa.select(request.c.fingerprint, request.c.answer).where(
        request.c.id == key, request.c.actor == actor
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise RejectedError(
            "This request id was used for another act. Send a new id with each new act.",
            request=key,
        )
    return dict(row.answer)


def keep_answer(
    work: UnitOfWork,
    key: str,
    actor: str,
    command: str,
    fingerprint: str,
    answer: dict[str, Any],
    at: datetime,
) -> None:
    work.writer.insert(
        request,
        id=key,
        actor=actor,
        command=command,
        fingerprint=fingerprint,
        answer=answer,
        at=at,
    )
