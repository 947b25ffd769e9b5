"""Signing in and out, and who a cookie belongs to. The cookie's value is stored only as a hash."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from engine.errors import EngineError, NotFoundError
from engine.model.actor import Actor
from engine.store import people, sessions
from engine.store.sessions import SessionRecord
from service.wiring import Parts

_TOUCH_AFTER = timedelta(minutes=1)


class SignInNeededError(EngineError):
    """Nobody is signed in, or the session has ended."""

    code = "sign-in-needed"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a request and the token that each of her or his forms carries."""

    actor: Actor
    csrf: str


def cookie_name(parts: Parts) -> str:
    """The `__Host-` prefix lets browsers refuse the cookie over plain HTTP or from a subdomain."""
    return "__Host-pivotal" if parts.settings.is_https else "pivotal"


def sign_in(parts: Parts, person: str) -> str:
    """Open a session for the person and return the cookie's value; raises NotFoundError."""
    value = secrets.token_urlsafe(32)
    now = parts.clock.now()
    with parts.store.unit_of_work() as work:
        people.load_actor(work.connection, person)
        ended = now - timedelta(hours=parts.settings.session_hours)
        sessions.remove_started_before(work, ended)
        record = SessionRecord(_digest(value), person, secrets.token_urlsafe(32), now, now)
        sessions.add(work, record)
    return value


def sign_out(parts: Parts, value: str) -> None:
    """End the session at once, whoever still holds its cookie."""
    with parts.store.unit_of_work() as work:
        sessions.remove(work, _digest(value))


def who(parts: Parts, value: str | None) -> SignedIn:
    """The person whose session this is; raises SignInNeededError."""
    if not value:
        raise SignInNeededError("Sign in first.")
    now = parts.clock.now()
    with parts.store.reader() as connection:
        record = sessions.find(connection, _digest(value))
        if record is None or _has_ended(parts, record, now):
            raise SignInNeededError("The session has ended. Sign in again.")
        try:
            actor = people.load_actor(connection, record.person)
        except NotFoundError as error:
            raise SignInNeededError("The person is no longer active.") from error
    if now - record.seen_at > _TOUCH_AFTER:
        with parts.store.unit_of_work() as work:
            sessions.touch(work, record.digest, now)
    return SignedIn(actor, record.csrf)


def _has_ended(parts: Parts, record: SessionRecord, now: datetime) -> bool:
    idle = timedelta(minutes=parts.settings.session_idle_minutes)
    longest = timedelta(hours=parts.settings.session_hours)
    return now - record.seen_at > idle or now - record.started_at > longest


def _digest(value: str) -> str:
    return sha256(value.encode()).hexdigest()
