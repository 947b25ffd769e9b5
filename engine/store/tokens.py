"""API tokens. The table holds no secret: only the hash of each."""

from datetime import datetime
from typing import Final

import sqlalchemy as sa

from engine.model.records import TokenRecord
from engine.store.rows import Selection
from engine.store.schema import api_token
from engine.store.unit_of_work import UnitOfWork

_TOKEN: Final = Selection(api_token, TokenRecord, api_token.c.id == sa.bindparam("key"))
_OF_PERSON: Final = Selection(
    api_token,
    TokenRecord,
    api_token.c.person == sa.bindparam("person"),
    order=(api_token.c.issued_at.desc(), api_token.c.id),
)


def find(connection: sa.Connection, key: str) -> TokenRecord | None:
    return _TOKEN.one(connection, key=key)


def of_person(connection: sa.Connection, person: str) -> list[TokenRecord]:
    """The person's tokens, revoked and expired ones included, the newest first."""
    return _OF_PERSON.all(connection, person=person)


def touch(work: UnitOfWork, key: str, at: datetime) -> None:
    """The token was used at `at`."""
    work.writer.update(api_token, {"id": key}, used_at=at)
