"""Who looks, when and in which language: what every query is given."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

import sqlalchemy as sa

from engine.access.policy import Action, allowed
from engine.access.rules import Target
from engine.bpmn.cache import DefinitionCache
from engine.clock import OSLO
from engine.errors import InvalidInputError, NotFoundError
from engine.model.actor import Actor, Membership
from engine.model.definition import ProcessDefinition
from engine.model.records import ProcurementRecord, TaskRecord
from engine.registers import Registers, shipped
from engine.store import participants, people
from engine.store.firms import supplier_names
from engine.store.past import as_it_was
from engine.store.rows import Selection
from engine.store.schema import procurement
from engine.vault.keys import Vaults

_PROCUREMENT: Final = Selection(
    procurement, ProcurementRecord, procurement.c.id == sa.bindparam("key")
)


@dataclass(frozen=True, slots=True)
class View:
    """One reader at one moment, on a connection that sees one state of the database.

    `looks` gathers what confidential matter was shown, by procurement and scope; whoever made the
    view puts it on record when the answer has been made.
    """

    connection: sa.Connection
    definitions: DefinitionCache
    actor: Actor
    now: datetime
    language: str = "nb"
    registers: Registers = field(default_factory=shipped)
    vaults: Vaults = field(default_factory=Vaults)
    looks: dict[tuple[str, str], str] = field(default_factory=dict, compare=False)

    def look(self, procurement: str, scope: str, rule: str) -> None:
        """Remember that the reader sees confidential matter, and which rule allows it."""
        if scope:
            self.looks.setdefault((procurement, scope), rule)

    @property
    def today(self) -> date:
        """The day in Oslo."""
        return self.now.astimezone(OSLO).date()

    def on(self, connection: sa.Connection) -> "View":
        """The same reader on another connection."""
        return replace(self, connection=connection)

    def definition(self, digest: str) -> ProcessDefinition:
        return self.definitions.get(self.connection, digest).definition

    def text(self, digest: str, process: str, key: str, otherwise: str) -> str:
        """A text of the model in the reader's language."""
        if self.language == "nb":
            return otherwise
        return self.definition(digest).text(self.language, process, key, otherwise)


@dataclass(frozen=True, slots=True)
class Standing:
    """What rights are asked of: the team and the organisations that take part, on a day."""

    team: tuple[Membership, ...]
    parties: frozenset[str]
    day: date


READING: Final = frozenset({Action.READ, Action.READ_TASK, Action.READ_RECORD, Action.IDENTIFY})
LOOKING: Final = READING | {Action.PARTICIPATE}
"""Being allowed one of these on what is confidential is a look at it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A procurement that the reader may see, with what decides on further rights.

    `view`, `row` and `team` are of the moment shown; who may look at it is always asked of `today`.
    Nothing can be done in an earlier moment (`is_past`).
    """

    view: View
    row: ProcurementRecord
    team: tuple[Membership, ...]
    today: Standing
    is_past: bool = False

    @property
    def parties(self) -> frozenset[str]:
        return self.today.parties

    def may(self, action: Action, target: Target) -> bool:
        if self.is_past and action not in READING:
            return False
        grounds = allowed(action, self.view.actor, target, self.today.day)
        if grounds is not None and action in LOOKING:
            self.view.look(self.row.id, target.scope, grounds.rule)
        return grounds is not None

    def target(self, scope: str = "") -> Target:
        return Target(self.row.organisation, self.today.parties, self.today.team, scope=scope)

    def task_target(self, task: TaskRecord) -> Target:
        return Target(
            self.row.organisation,
            self.today.parties,
            self.today.team,
            scope=task.scope,
            candidate=task.candidate,
            assignee=task.assignee,
            owner=task.owner,
        )

    def sees(self, scope: str) -> bool:
        """Whether the reader may see what is confidential to this supplier."""
        return self.may(Action.READ, self.target(scope))

    @property
    def my_seats(self) -> tuple[Membership, ...]:
        """The seats the reader holds in the team today."""
        return tuple(
            seat
            for seat in self.today.team
            if seat.person == self.view.actor.id and seat.valid_on(self.today.day)
        )

    @property
    def my_roles(self) -> frozenset[str]:
        """The roles the reader holds in the team today."""
        return frozenset(seat.role for seat in self.my_seats)


def find_procurement(view: View, key: str) -> Seen:
    """The procurement with this id, whether or not the reader may see it; raises NotFoundError."""
    row = _row(view.connection, key)
    team = people.team(view.connection, key)
    standing = Standing(team, people.parties(view.connection, key), view.today)
    return Seen(view, row, team, standing)


def see_procurement(view: View, key: str) -> Seen:
    """As `find_procurement`; raises NotFoundError also for those who may not see it."""
    seen = find_procurement(view, key)
    if not seen.may(Action.READ, seen.target()):
        raise NotFoundError("procurement", key)
    return seen


@contextmanager
def see_at(view: View, key: str, moment: datetime | None) -> Iterator[Seen]:
    """The procurement as it was at `moment`, as it is where that is None, for as long as the block
    lasts.

    Raises NotFoundError for those who may not see it today, InvalidInputError for a moment that
    lies ahead or before it began.
    """
    now = see_procurement(view, key)
    if moment is None:
        yield now
        return
    if moment > view.now:
        raise InvalidInputError(
            f"Nobody knows yet how it will stand on {moment.isoformat()}. Choose an earlier one.",
            as_of=moment.isoformat(),
            about="moment-ahead",
        )
    with as_it_was(view.connection, key, moment) as memory:
        then = replace(view, connection=memory, now=moment)
        yield Seen(then, _row(memory, key), people.team(memory, key), now.today, is_past=True)


def _row(connection: sa.Connection, key: str) -> ProcurementRecord:
    row = _PROCUREMENT.one(connection, key=key)
    if row is None:
        raise NotFoundError("procurement", key)
    return row


def names_of(view: View, ids: set[str]) -> Mapping[str, str]:
    """The names of persons by id; the system has its own."""
    wanted = sorted(ids - {""})
    found = people.persons(view.connection, wanted) if wanted else {}
    return {"system": "PIVOTAL", **{key: person.name for key, person in found.items()}}


def authors_of(seen: Seen, ids: set[str]) -> Mapping[str, str]:
    """What those who wrote or did something are called, by id: the firm for who came for a
    supplier, and nothing for others from outside. Who they are is not for all who read."""
    connection, key = seen.view.connection, seen.row.id
    guests = [each for each in participants.participants_of(connection, key) if each.id in ids]
    firms = supplier_names(connection, key) if guests else {}
    return {
        **names_of(seen.view, ids),
        **{each.id: firms.get(each.scope, "") for each in guests},
    }
