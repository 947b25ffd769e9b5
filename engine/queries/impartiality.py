"""Who has declared impartiality against which suppliers, and what a barred member has touched."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.access.policy import Action
from engine.errors import NotFoundError
from engine.model.actor import Impartiality, Membership
from engine.queries.looks import LookView, look_views
from engine.queries.names import element_name
from engine.queries.view import Seen, View, names_of, see_procurement
from engine.store import looks, people, records
from engine.store.schema import attachment, comment, decision, task


@dataclass(frozen=True, slots=True)
class DeclarerView:
    """A member of the team. `stands` is "" where nobody asks for a declaration."""

    name: str
    role: str
    stands: Impartiality
    is_me: bool


@dataclass(frozen=True, slots=True)
class Taint:
    """Something that a person with a conflict of interest had a hand in. `kind` is task, decision,
    comment or file; `id` that of the task, or "" where there is none to look at; `supplier` whose
    matter it was, "" for that of none."""

    kind: str
    title: str
    at: datetime
    id: str
    supplier: str


@dataclass(frozen=True, slots=True)
class Tainted:
    """What is to be looked at again, because of one person."""

    name: str
    taints: tuple[Taint, ...]
    looks: tuple[LookView, ...]


@dataclass(frozen=True, slots=True)
class ImpartialityPage:
    """`version` counts changes of the list of suppliers, whose names are `suppliers`; `mine` is how
    it stands with the reader."""

    procurement: str
    reference: str
    title: str
    version: int
    suppliers: tuple[str, ...]
    declarers: tuple[DeclarerView, ...]
    mine: Impartiality
    tainted: tuple[Tainted, ...]


def may_see_impartiality(seen: Seen) -> bool:
    """Members declare against the names; others read them who read the whole record."""
    return bool(seen.my_seats) or seen.may(Action.READ_RECORD, seen.target())


def impartiality_page(view: View, key: str) -> ImpartialityPage:
    """Raises NotFoundError for those who may not see it."""
    seen = see_procurement(view, key)
    mine = seen.my_seats
    if not may_see_impartiality(seen):
        raise NotFoundError("procurement", key)
    asked = any(not seat.scope and seat.impartiality for seat in mine)
    return ImpartialityPage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        version=seen.row.supplier_list,
        suppliers=tuple(_names(seen, declares=asked)),
        declarers=_declarers(seen),
        mine=standing_of(mine),
        tainted=tuple(_tainted(seen)) if seen.may(Action.READ_LOOKS, seen.target()) else (),
    )


def standing_of(seats: Collection[Membership]) -> Impartiality:
    """The worst of the person's seats decides."""
    order = (Impartiality.BARRED, Impartiality.ASKED, Impartiality.CLEARED)
    found = {seat.impartiality for seat in seats}
    return next((each for each in order if each in found), Impartiality.NOT_ASKED)


def _names(seen: Seen, *, declares: bool) -> Iterator[str]:
    """Whoever declares must know against whom, and that is all they learn here."""
    for each in records.suppliers(seen.view.connection, seen.row.id):
        if declares:
            seen.view.look(seen.row.id, each.key, "declares-impartiality")
        if declares or seen.sees(each.key):
            yield each.name


def _declarers(seen: Seen) -> tuple[DeclarerView, ...]:
    seats = [seat for seat in seen.team if seat.valid_on(seen.today.day) and seen.sees(seat.scope)]
    names = names_of(seen.view, {seat.person for seat in seats})
    found = (
        DeclarerView(
            names.get(seat.person, seat.person),
            seat.role,
            seat.impartiality,
            seat.person == seen.view.actor.id,
        )
        for seat in seats
    )
    return tuple(sorted(found, key=lambda each: (each.name, each.role)))


def _tainted(seen: Seen) -> Iterator[Tainted]:
    """Everybody found not to be impartial, those who have left the team too."""
    connection, key = seen.view.connection, seen.row.id
    barred = sorted(people.barred(connection, key))
    names = names_of(seen.view, set(barred))
    for person in barred:
        found = looks.looks_by(connection, key, person)
        yield Tainted(
            names.get(person, person),
            tuple(sorted(_taints(seen, person), key=lambda each: (each.at, each.title))),
            look_views(seen, [each for each in found if seen.sees(each.scope)]),
        )


def _taints(seen: Seen, person: str) -> Iterator[Taint]:
    connection, key = seen.view.connection, seen.row.id
    names = {each.key: each.name for each in records.suppliers(connection, key)}

    def whose(scope: str) -> str:
        return names.get(scope, scope)

    done = sa.select(task).where(task.c.procurement == key, task.c.closed_by == person)
    for row in connection.execute(done):
        if seen.sees(row.scope) and row.status == "completed":
            yield Taint("task", _named(seen, row.element), row.closed_at, row.id, whose(row.scope))
    for made in connection.execute(sa.select(decision).where(decision.c.procurement == key)):
        if person in made.by and seen.sees(made.scope):
            title = made.name or _named(seen, made.element)
            yield Taint("decision", title, made.at, made.task, whose(made.scope))
    said = sa.select(comment).where(comment.c.procurement == key, comment.c.by == person)
    for row in connection.execute(said):
        if seen.sees(row.scope):
            yield Taint("comment", row.text[:120], row.at, row.task, whose(row.scope))
    put = sa.select(attachment).where(attachment.c.procurement == key, attachment.c.by == person)
    for row in connection.execute(put):
        if seen.sees(row.scope):
            yield Taint("file", row.name, row.at, row.task, whose(row.scope))


def _named(seen: Seen, element: str) -> str:
    definition = seen.view.definition(seen.row.definition)
    return element_name(definition, seen.view.language, element)
