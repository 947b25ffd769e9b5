"""Filters of task lists that people save, share and come back to: nobody's record.

A filter holds no right: whoever uses it sees what that person may see.
"""

from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

import orjson

from engine.access.policy import Action
from engine.access.rules import Target
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.errors import InvalidInputError, NotFoundError, RejectedError, TextLengthError
from engine.model.records import FilterRecord
from engine.store import filters

MOST: Final = 50
LONGEST_NAME: Final = 80
LARGEST: Final = 4000


@dataclass(frozen=True, slots=True)
class SaveFilter:
    """Keep a filter under a name: for oneself, or shared with an organisation or the team of a
    procurement."""

    name: str
    content: dict[str, Any]
    organisation: str = ""
    procurement: str = ""


def save_filter(command: SaveFilter, session: Session) -> Answer:
    name = command.name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise TextLengthError(len(name), LONGEST_NAME)
    _require_small(command.content)
    if command.organisation and command.procurement:
        raise InvalidInputError(
            "Share a filter with an organisation or with a team, not both.",
            about="filter-shared-twice",
        )
    _require_share(session, command.organisation, command.procurement)
    if filters.saved_by(session.work.connection, session.actor.id) >= MOST:
        raise RejectedError(
            f"You have saved {MOST} filters, which is the most. Remove one you do not need.",
            most=MOST,
            about="filters-many",
        )
    record = FilterRecord(
        uuid4().hex,
        session.actor.id,
        name,
        command.content,
        command.organisation,
        command.procurement,
    )
    filters.save(session.work, record, session.now)
    return {"filter": record.id}


@dataclass(frozen=True, slots=True)
class RemoveFilter:
    filter: str


def remove_filter(command: RemoveFilter, session: Session) -> Answer:
    """One's own, or one that is shared with an organisation by those who may share there."""
    found = filters.get(session.work.connection, command.filter)
    if found.person != session.actor.id:
        if not found.organisation:
            raise NotFoundError("filter", command.filter)
        session.require(Action.SHARE, Target(found.organisation), kind="filter", key=command.filter)
    filters.remove(session.work, found.id)
    return {"filter": found.id}


@dataclass(frozen=True, slots=True)
class RememberView:
    """What one's own task list shows now."""

    content: dict[str, Any]


def remember_view(command: RememberView, session: Session) -> Answer:
    """Only one's own: no rule beside that is needed."""
    _require_small(command.content)
    filters.remember(session.work, session.actor.id, command.content)
    return {"person": session.actor.id}


def _require_share(session: Session, organisation: str, procurement: str) -> None:
    if organisation:
        target = Target(organisation)
        session.require(Action.SHARE, target, kind="organisation", key=organisation)
    if procurement:
        act = Act.open(session, procurement)
        act.allow(Action.SHARE_WITH_TEAM, act.target(), kind="procurement", key=procurement)


def _require_small(content: dict[str, Any]) -> None:
    size = len(orjson.dumps(content))
    if size > LARGEST:
        raise InvalidInputError(
            f"A filter holds up to {LARGEST} bytes; this one has {size}.",
            size=size,
            most=LARGEST,
            about="filter-large",
        )
