"""The filters a reader finds, and what the reader looked at last."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from engine.access.policy import Action, allowed
from engine.access.rules import Target
from engine.queries.my_tasks import MY_SEATS, asking
from engine.queries.reader import HOME, ME
from engine.queries.view import View, names_of
from engine.store.schema import last_view, task_filter


class SharedWith(StrEnum):
    NOBODY = "nobody"
    ORGANISATION = "organisation"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """`content` is what the list shows; `by` who saved it; `mine` when that was the reader;
    `procurement` whose team it is shared with, ""."""

    id: str
    name: str
    content: dict[str, Any]
    shared_with: SharedWith
    by: str
    mine: bool
    procurement: str = ""


def _found() -> "sa.Select[Any]":
    """Built once: building it costs as much as asking it."""
    mine = task_filter.c.person == ME
    ours = (task_filter.c.organisation != "") & (task_filter.c.organisation == HOME)
    teams = sa.select(MY_SEATS.c.procurement).where(MY_SEATS.c.scope == "")
    team = (task_filter.c.procurement != "") & task_filter.c.procurement.in_(teams)
    return (
        sa.select(task_filter)
        .where(sa.or_(mine, ours, team))
        .order_by(sa.func.lower(task_filter.c.name), task_filter.c.id)
    )


_FOUND: Final = _found()


def saved_filters(view: View) -> tuple[SavedFilter, ...]:
    """The reader's own, those of the reader's organisation and of teams the reader is in today; by
    name."""
    rows = view.connection.execute(_FOUND, asking(view)).all()
    names = names_of(view, {row.person for row in rows})
    return tuple(
        SavedFilter(
            id=row.id,
            name=row.name,
            content=row.content,
            shared_with=_shared_with(row),
            by=names.get(row.person, row.person),
            mine=row.person == view.actor.id,
            procurement=row.procurement,
        )
        for row in rows
    )


def may_share(view: View) -> bool:
    """Whether the reader may share a filter with the whole own organisation."""
    home = Target(view.actor.organisation)
    return allowed(Action.SHARE, view.actor, home, view.today) is not None


def _shared_with(row: Any) -> SharedWith:
    if row.organisation:
        return SharedWith.ORGANISATION
    return SharedWith.TEAM if row.procurement else SharedWith.NOBODY


def looked_at_last(view: View) -> dict[str, Any] | None:
    """What the reader's task list showed last; None the first time."""
    query = sa.select(last_view.c.content).where(last_view.c.person == view.actor.id)
    content = view.connection.scalar(query)
    return None if content is None else dict(content)
