"""A person's own API tokens."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from engine.clock import OSLO
from engine.model.records import TokenRecord
from engine.queries.view import View
from engine.store import tokens


class TokenState(StrEnum):
    ACTIVE = "active"
    WAITING = "waiting"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class TokenView:
    """Everything but the secret, which nobody can be shown again. Both days are included."""

    id: str
    name: str
    scopes: tuple[str, ...]
    level: int
    first_day: date
    last_day: date
    state: TokenState
    issued_at: datetime
    used_at: datetime | None


def tokens_of(view: View) -> tuple[TokenView, ...]:
    """The reader's tokens, the newest first."""
    found = tokens.of_person(view.connection, view.actor.id)
    return tuple(_shown(each, view.now) for each in found)


def _shown(each: TokenRecord, now: datetime) -> TokenView:
    return TokenView(
        id=each.id,
        name=each.name,
        scopes=tuple(each.scopes),
        level=each.level,
        first_day=each.valid_from.astimezone(OSLO).date(),
        last_day=(each.valid_to.astimezone(OSLO) - timedelta(hours=1)).date(),
        state=_state(each, now),
        issued_at=each.issued_at,
        used_at=each.used_at,
    )


def _state(each: TokenRecord, now: datetime) -> TokenState:
    if each.revoked_at is not None:
        return TokenState.REVOKED
    if now < each.valid_from:
        return TokenState.WAITING
    return TokenState.ACTIVE if now < each.valid_to else TokenState.EXPIRED
