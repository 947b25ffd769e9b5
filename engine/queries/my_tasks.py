"""Which tasks stand on which of a reader's lists. The rights are part of the question, so that the
database never looks at a task that is not the reader's.

The questions are built once, since building them costs as much as asking: who asks and when are
their parameters (`asking`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import orjson
import sqlalchemy as sa

from engine.queries.reader import FOUND, HOME, ME, held, is_barred, reader_values
from engine.queries.view import View
from engine.queries.words import ESCAPE, plain
from engine.store.schema import member, procurement, procurement_party, task

_MY_PROPOSAL: Final[sa.BindParameter[str]] = sa.bindparam("my_proposal", type_=sa.String)
_MY_HELP: Final[sa.BindParameter[str]] = sa.bindparam("my_help", type_=sa.String)


class TaskListName(StrEnum):
    MINE = "mine"
    ROLES = "roles"
    SECOND = "second"
    DELEGATED = "delegated"
    DONE = "done"


WAITING: Final = (
    TaskListName.MINE,
    TaskListName.SECOND,
    TaskListName.ROLES,
    TaskListName.DELEGATED,
)
"""The lists of what is still to be done."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the tasks of a list are found: tables, joined, and what must hold of their rows. Task
    and procurement are among the tables, each task once."""

    tables: sa.FromClause
    where: "sa.ColumnElement[bool]"

    def narrowed(self, *conditions: "sa.ColumnElement[bool]") -> "Source":
        return Source(self.tables, sa.and_(self.where, *conditions))


def asking(view: View) -> dict[str, Any]:
    """What the questions need to know of who asks."""
    by = plain(orjson.dumps({"by": view.actor.id}).decode()[1:-1])
    me = orjson.dumps(view.actor.id).decode()
    return {**reader_values(view), "my_proposal": f"%{by}%", "my_help": f"%{plain(me)}%"}


def _is_me(column: "sa.Column[str]") -> "sa.ColumnElement[bool]":
    """The column names me; said in the words of the indexes, which leave out nobody."""
    return (column != sa.literal_column("''")) & (column == ME)


def _seats() -> sa.Subquery:
    """My seats today, each once; one that is bound to a supplier only where I do not hold the same
    role for all of them."""
    general = member.alias("general")
    wider = sa.select(FOUND).where(
        general.c.procurement == member.c.procurement,
        general.c.role == member.c.role,
        general.c.scope == "",
        held(general),
    )
    return (
        sa.select(member.c.procurement, member.c.role, member.c.scope)
        .where(held(member), sa.or_(member.c.scope == "", ~wider.exists()))
        .distinct()
        .subquery("seat")
    )


MY_SEATS: Final = _seats()


_OPEN: Final = (procurement.c.status == "running") & task.c.status.in_(
    [sa.literal("open"), sa.literal("approval")]
)
# A confidential task is for nobody whose impartiality is not settled.
_OPEN_TO_ME: Final = sa.or_(task.c.scope == "", ~is_barred(task.c.procurement))


def _free() -> Source:
    """Tasks nobody has that ask for a role I hold today, as `rules.candidate_works` has it. It
    begins with my seats, so that it costs what I have and not what there is."""
    seat = MY_SEATS
    tables = seat.join(
        task,
        (task.c.procurement == seat.c.procurement)
        & (task.c.candidate == seat.c.role)
        & sa.or_(seat.c.scope == "", seat.c.scope == task.c.scope),
    ).join(procurement, procurement.c.id == task.c.procurement)
    party = (
        sa.select(FOUND)
        .where(
            procurement_party.c.procurement == task.c.procurement,
            procurement_party.c.organisation == HOME,
        )
        .exists()
    )
    inside = (task.c.organisation == HOME) | party
    return Source(tables, _OPEN & (task.c.assignee == "") & inside & _OPEN_TO_ME)


# Whose decision waits for a second pair of eyes, read from the proposal's JSON as stored: a
# quotation mark within a text would stand there behind a backslash.
_PROPOSED_BY_ME: Final = sa.type_coerce(task.c.proposal, sa.Text).like(_MY_PROPOSAL, escape=ESCAPE)
EVERY_TASK: Final = task.join(procurement, procurement.c.id == task.c.procurement)
FREE: Final = _free()
_HELPED_WITH: Final = sa.type_coerce(task.c.helpers, sa.Text).like(_MY_HELP, escape=ESCAPE)
IS_SECOND: Final = (task.c.status == "approval") & ~_PROPOSED_BY_ME & ~_HELPED_WITH
IS_FOR_ROLE: Final = task.c.status == "open"

SOURCES: Final[Mapping[TaskListName, Source]] = {
    TaskListName.MINE: Source(EVERY_TASK, _OPEN & _is_me(task.c.assignee) & _OPEN_TO_ME),
    TaskListName.ROLES: FREE.narrowed(IS_FOR_ROLE),
    TaskListName.SECOND: FREE.narrowed(IS_SECOND),
    TaskListName.DELEGATED: Source(
        EVERY_TASK, _OPEN & _is_me(task.c.owner) & (task.c.assignee != ME) & _OPEN_TO_ME
    ),
    TaskListName.DONE: Source(
        EVERY_TASK, _is_me(task.c.closed_by) & (task.c.status == "completed") & _OPEN_TO_ME
    ),
}
