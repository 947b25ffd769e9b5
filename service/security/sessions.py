"""Signing in and out, and who a cookie belongs to. The cookie's value is stored only as a hash."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from engine.errors import EngineError, NotFoundError
from engine.model.actor import HIGHEST_LEVEL, Actor
from engine.store import people, sessions
from engine.store.sessions import SessionRecord
from service.security.secrets import Box
from service.sign_in import NO_PROVIDER
from service.wiring import Parts

TOUCH_AFTER: Final = timedelta(minutes=1)
_FOR_EVER: Final = 10**9  # seconds: a hint lasts as long as its session


class SignInNeededError(EngineError):
    """Nobody is signed in, or the session has ended."""

    code = "sign-in-needed"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The person behind a request and the token that each of her or his forms carries; a program
    that comes with an API token has no forms."""

    actor: Actor
    csrf: str

    @property
    def by_token(self) -> bool:
        return self.actor.scopes is not None


@dataclass(frozen=True, slots=True)
class Entrance:
    """The way a person came in. `subject` and `provider_session` are keyed hashes of what the
    provider calls the person and its own session."""

    provider: str = ""
    level: int = HIGHEST_LEVEL
    subject: str = ""
    provider_session: str = ""
    id_token: str = ""


DEMONSTRATION: Final = Entrance()


@dataclass(frozen=True, slots=True)
class Ended:
    """A session that was: at which provider the person may want to sign out too."""

    provider: str
    id_token: str


def cookie_name(parts: Parts) -> str:
    """The `__Host-` prefix lets browsers refuse the cookie over plain HTTP or from a subdomain."""
    return "__Host-pivotal" if parts.settings.is_https else "pivotal"


def sign_in(
    parts: Parts, person: str, entrance: Entrance = DEMONSTRATION, *, instead_of: str = ""
) -> str:
    """Open a session for the person and return the cookie's value; raises NotFoundError.

    The value is new each time, and the session that the browser had ends: nobody finds herself in a
    session that somebody else laid out.
    """
    value = secrets.token_urlsafe(32)
    now = parts.clock.now()
    with parts.store.unit_of_work() as work:
        people.load_actor(work.connection, person)
        ended = now - timedelta(hours=parts.settings.session_hours)
        sessions.remove_started_before(work, ended)
        sessions.remove(work, _digest(instead_of))
        record = SessionRecord(
            digest=_digest(value),
            person=person,
            csrf=secrets.token_urlsafe(32),
            started_at=now,
            seen_at=now,
            provider=entrance.provider,
            level=entrance.level,
            subject=entrance.subject,
            provider_session=entrance.provider_session,
            hint=_box(value).close(entrance.id_token, now) if entrance.id_token else "",
        )
        sessions.add(work, record)
    return value


def sign_out(parts: Parts, value: str) -> Ended | None:
    """End the session at once, whoever still holds its cookie."""
    with parts.store.unit_of_work() as work:
        record = sessions.find(work.connection, _digest(value))
        sessions.remove(work, _digest(value))
    if record is None:
        return None
    hint = _box(value).open(record.hint, parts.clock.now(), _FOR_EVER) if record.hint else None
    return Ended(record.provider, hint or "")


def who(parts: Parts, value: str | None) -> SignedIn:
    """The person whose session this is, which is thereby in use; raises SignInNeededError."""
    actor, record = _look_up(parts, value)
    now = parts.clock.now()
    if now - record.seen_at > TOUCH_AFTER:
        with parts.store.unit_of_work() as work:
            sessions.touch(work, record.digest, now)
    return SignedIn(actor, record.csrf)


def watching(parts: Parts, value: str | None) -> tuple[Actor, str]:
    """The person, and the session's key: a page that only stays open does not keep it in use.

    Raises SignInNeededError.
    """
    actor, record = _look_up(parts, value)
    return actor, record.digest


def has_ended(parts: Parts, started_at: datetime, seen_at: datetime) -> bool:
    """Whether a session that began and was last used at these moments is over by now."""
    now = parts.clock.now()
    idle = timedelta(minutes=parts.settings.session_idle_minutes)
    longest = timedelta(hours=parts.settings.session_hours)
    return now - seen_at > idle or now - started_at > longest


def _look_up(parts: Parts, value: str | None) -> tuple[Actor, SessionRecord]:
    if not value:
        raise SignInNeededError("Sign in first.")
    with parts.store.reader() as connection:
        record = sessions.find(connection, _digest(value))
        if record is None or has_ended(parts, record.started_at, record.seen_at):
            raise SignInNeededError("The session has ended. Sign in again.")
        try:
            actor = people.load_actor(connection, record.person)
        except NotFoundError as error:
            raise SignInNeededError("The person is no longer active.") from error
    via = f"provider:{record.provider}" if record.provider else NO_PROVIDER
    return replace(actor, via=via, level=record.level), record


def _digest(value: str) -> str:
    return sha256(value.encode()).hexdigest()


def _box(value: str) -> Box:
    """Whoever has the cookie can open it, and the database has not."""
    return Box(value.encode(), "hint")
