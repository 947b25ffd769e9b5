"""API tokens that a person makes for programs of her or his own."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import uuid4

from engine.access.policy import Action, Scope
from engine.access.rules import Grounds, Target
from engine.clock import OSLO
from engine.commands.environment import Answer, Session, moment_text
from engine.errors import InvalidInputError, NotFoundError
from engine.model.events import TokenIssued, TokenRevoked
from engine.store import tokens

LONGEST_NAME: Final = 100
LONGEST_DAYS: Final = 366
MOST_SURE: Final = 2  # what asks for level 3 asks for a person


@dataclass(frozen=True, slots=True)
class IssueToken:
    """`digest` is the SHA-256 of the secret, which the person alone sees, once. The days are in
    Oslo, both included."""

    name: str
    scopes: tuple[str, ...]
    first_day: date
    last_day: date
    digest: str


def issue_token(command: IssueToken, session: Session) -> Answer:
    """Raises InvalidInputError for a token without name or scope, or that lasts too long."""
    grounds = _own(session)
    name = command.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise InvalidInputError(
            f"Give the token a name of at most {LONGEST_NAME} characters that says what it is for.",
            name=name[:LONGEST_NAME],
            about="token-name",
            longest=LONGEST_NAME,
        )
    scopes = sorted(set(command.scopes))
    if not scopes or any(scope not in tuple(Scope) for scope in scopes):
        raise InvalidInputError(
            f"Choose at least one scope of: {', '.join(Scope)}.",
            scopes=list(command.scopes),
            about="token-scopes",
        )
    start, end = _period(command, session)
    key = uuid4().hex
    event = TokenIssued(
        key,
        session.actor.id,
        session.actor.organisation,
        name,
        scopes,
        min(session.actor.level, MOST_SURE),
        moment_text(start),
        moment_text(end),
        command.digest,
    )
    session.work.lock_organisation(session.actor.organisation)
    session.work.record(session.actor.organisation, event, session.context(grounds))
    return {"token": key}


def _period(command: IssueToken, session: Session) -> tuple[datetime, datetime]:
    """From the midnight before the first day to the one after the last, in Oslo."""
    first, last = command.first_day, command.last_day
    if last < first or last < session.today or (last - first).days >= LONGEST_DAYS:
        raise InvalidInputError(
            "The last day must be today or later, not before the first, and at most"
            f" {LONGEST_DAYS} days on.",
            first_day=first.isoformat(),
            last_day=last.isoformat(),
            about="token-days",
            longest=LONGEST_DAYS,
        )
    return _midnight(first), _midnight(last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), OSLO)


@dataclass(frozen=True, slots=True)
class RevokeToken:
    token: str


def revoke_token(command: RevokeToken, session: Session) -> Answer:
    """At once, for good; a second time changes nothing. Raises NotFoundError for others' tokens."""
    grounds = _own(session)
    found = tokens.find(session.work.connection, command.token)
    if found is None or found.person != session.actor.id:
        raise NotFoundError("token", command.token)
    session.work.lock_organisation(session.actor.organisation)
    if found.revoked_at is None:
        event = TokenRevoked(found.id, found.person)
        session.work.record(session.actor.organisation, event, session.context(grounds))
    return {"token": found.id}


def _own(session: Session) -> Grounds:
    target = Target(session.actor.organisation, owner=session.actor.id)
    return session.require(Action.HOLD_TOKENS, target, kind="tokens of", key=session.actor.id)
