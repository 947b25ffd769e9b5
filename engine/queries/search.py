"""One box over everything: what the reader may see of what was asked for, the likeliest first.

The reader's rights are part of the question itself, as in `engine.access.rules`: what is not for
the reader is neither shown nor counted nor hinted at.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import sqlalchemy as sa

from engine.access.rules import CONFIDENTIAL, OVERSEEING_GRANTS, READING_GRANTS
from engine.model.actor import BARRING, Actor
from engine.model.sealing import sealed_scope
from engine.queries.names import element_name
from engine.queries.view import View
from engine.search.entries import Found, place
from engine.search.question import Question, ask
from engine.search.snippet import Part, marked, snippet
from engine.store import search as index
from engine.store.definitions import LATEST
from engine.store.knowledge import WITHIN_BORDER
from engine.store.prepared import Prepared
from engine.store.schema import (
    attachment,
    decision,
    member,
    procurement,
    procurement_party,
    search_entry,
    shared_item,
    supplier,
    task,
)
from engine.store.types import Among

PAGE: Final = 20
MOST: Final = 1000
"""So many of the newest that the reader may see are ordered by likelihood; there may be more."""
MOST_FOR_PHRASES: Final = 5 * MOST
_ORDER: Final = {kind: number for number, kind in enumerate(Found)}
_SEALED: Final = f"{sealed_scope('')}%"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found. `reference` and `procurement_title` name the procurement it is in;
    `task` is set where it is a task or belongs to one, `is_file` where it can be downloaded;
    `status` is a task's or a procurement's."""

    kind: Found
    id: str
    title: tuple[Part, ...]
    text: tuple[Part, ...]
    procurement: str
    reference: str
    procurement_title: str
    supplier: str
    task: str
    is_file: bool
    status: str
    at: datetime

    @property
    def name(self) -> str:
        """The title without its marks."""
        return "".join(part.text for part in self.title)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What decides on the place of a thing among those found."""

    id: int
    kind: str
    heading: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Results:
    """A page of what was found. `counts` are by kind, over all pages; `more` when there is more
    than is counted. `page` is 1 for the first."""

    asked: str
    kind: Found | None
    counts: Mapping[Found, int]
    more: bool
    hits: tuple[Hit, ...]
    page: int
    pages: int

    @property
    def total(self) -> int:
        """Of every kind."""
        return sum(self.counts.values())


def search(view: View, asked: str, kind: Found | None = None, page: int = 1) -> Results:
    """What the reader may see that has every word which was asked for."""
    question = ask(asked)
    reach = _reach(view) if question and view.actor.organisation else None
    if reach is None:
        return Results(asked, kind, {}, more=False, hits=(), page=1, pages=0)
    index.make_ready(view.connection)
    found = _candidates(view, question, reach, None)
    more = len(found) > MOST
    counts = _counted(found[:MOST])
    if kind is not None:
        found = _candidates(view, question, reach, kind) if more else found
        found = [each for each in found if each.kind == kind]
    ranked = sorted(found[:MOST], key=lambda each: _likelihood(each, question), reverse=True)
    pages = -(-len(ranked) // PAGE)
    page = max(1, min(page, pages))
    chosen = ranked[(page - 1) * PAGE : page * PAGE]
    return Results(asked, kind, counts, more, _hits(view, question, chosen), page, pages)


def _counted(found: Collection[Candidate]) -> dict[Found, int]:
    counts = {kind: sum(each.kind == kind for each in found) for kind in Found}
    return {kind: count for kind, count in counts.items() if count}


@dataclass(frozen=True, slots=True)
class _Reach:
    """What one reader may see: procurements by the seats held today, organisations by grants, and
    the models of `homes`.

    `common` are procurements seen but for what is confidential, `confidential` those where that of
    suppliers is seen too; `bound` procurement and scope of seats for one supplier, and of what is
    sealed for a role held; `asked` procurement and role in which tasks ask the reader; `barred`
    those where nothing confidential is seen before impartiality is settled.
    """

    me: str
    buyer: str
    homes: frozenset[str]
    seated: frozenset[str]
    common: frozenset[str]
    confidential: frozenset[str]
    bound: frozenset[tuple[str, str]]
    asked: frozenset[tuple[str, str]]
    barred: frozenset[str]
    led: frozenset[str]
    mandated: frozenset[str]

    @property
    def places(self) -> frozenset[str]:
        """Terms of which everything within reach has one."""
        return frozenset(map(place, ("", *self.seated, *self.led, *self.mandated)))

    @property
    def near(self) -> frozenset[str] | None:
        """Procurements outside which nothing is in reach; None where whole organisations are."""
        return None if self.led or self.mandated else self.seated | {""}

    def values(self) -> dict[str, Any]:
        """The parameters of `_WITHIN_REACH`."""
        return {
            "me": self.me,
            "buyer": self.buyer,
            "homes": sorted(self.homes),
            "seated": sorted(self.seated),
            "common": sorted(self.common),
            "confidential": sorted(self.confidential),
            "bound": _joined(self.bound),
            "asked": _joined(self.asked),
            "barred": sorted(self.barred),
            "led": sorted(self.led),
            "mandated": sorted(self.mandated),
        }


def _joined(pairs: Collection[tuple[str, str]]) -> list[str]:
    return sorted(f"{one}/{other}" for one, other in pairs)


def _pair(one: "sa.Column[str]", other: "sa.Column[str]") -> "sa.ColumnElement[str]":
    return sa.type_coerce(one + "/" + other, sa.String)


_E: Final = search_entry.c
_UNSEALED: Final = _E.scope.not_like(_SEALED)
_OF_A_TASK_OF_MINE: Final = (
    sa.select(task.c.id)
    .where(
        task.c.id == _E.task,
        sa.or_(
            task.c.assignee == sa.bindparam("me"),
            task.c.owner == sa.bindparam("me"),
            Among(_pair(task.c.procurement, task.c.candidate), "asked"),
        ),
    )
    .exists()
)
_SHARED_WITH_ME: Final = (
    sa.select(shared_item.c.id).where(shared_item.c.id == _E.object, WITHIN_BORDER).exists()
)
_WITHIN_REACH: Final = sa.or_(
    (_E.kind == Found.SHARED) & _SHARED_WITH_ME,
    (_E.kind == Found.MODEL) & _E.object.in_(LATEST),
    (_E.scope == "") & Among(_E.procurement, "common"),
    _UNSEALED & Among(_E.procurement, "confidential"),
    Among(_pair(_E.procurement, _E.scope), "bound"),
    (_E.scope == "") & Among(_E.organisation, "led"),
    Among(_E.organisation, "mandated") & sa.or_(_UNSEALED, ~Among(_E.procurement, "seated")),
    (_E.task != "") & Among(_E.procurement, "seated") & _OF_A_TASK_OF_MINE,
) & sa.or_(_E.scope == "", ~Among(_E.procurement, "barred"))
"""The rules of reading as a condition on an entry."""


def _reach(view: View) -> _Reach:
    actor = view.actor
    held = _seats(view)
    seats = [seat for seat in held if seat.is_inside]
    free = [seat for seat in seats if not seat.scope]
    return _Reach(
        me=actor.id,
        buyer=actor.organisation,
        homes=actor.homes,
        seated=frozenset(seat.procurement for seat in seats),
        common=frozenset(seat.procurement for seat in free),
        confidential=frozenset(seat.procurement for seat in free if seat.role in CONFIDENTIAL),
        bound=frozenset(
            (
                *((seat.procurement, seat.scope) for seat in seats if seat.scope),
                *((seat.procurement, sealed_scope(seat.role)) for seat in free),
            )
        ),
        asked=frozenset((seat.procurement, seat.role) for seat in free),
        barred=frozenset(seat.procurement for seat in held if seat.impartiality in BARRING),
        led=_granted(actor, OVERSEEING_GRANTS),
        mandated=_granted(actor, READING_GRANTS),
    )


def _granted(actor: Actor, roles: Collection[str]) -> frozenset[str]:
    return frozenset(grant.organisation for grant in actor.grants if grant.role in roles)


def _seats(view: View) -> list[Any]:
    """The reader's seats of today. Only those within the border of the organisations let in to
    something (`is_inside`); whether impartiality is settled is asked of all, as in `rules`."""
    today, mine = view.today.isoformat(), view.actor.organisation
    party = (
        sa.select(procurement_party.c.organisation)
        .where(
            procurement_party.c.procurement == member.c.procurement,
            procurement_party.c.organisation == mine,
        )
        .exists()
    )
    inside = (procurement.c.organisation == mine) | party
    query = (
        sa.select(
            member.c.procurement,
            member.c.role,
            member.c.scope,
            member.c.impartiality,
            inside.label("is_inside"),
        )
        .join(procurement, procurement.c.id == member.c.procurement)
        .where(
            member.c.person == view.actor.id,
            member.c.removed.is_(False),
            sa.or_(member.c.valid_from == "", member.c.valid_from <= today),
            sa.or_(member.c.valid_to == "", member.c.valid_to >= today),
        )
    )
    return list(view.connection.execute(query))


def _candidates(
    view: View, question: Question, reach: _Reach, kind: Found | None
) -> list[Candidate]:
    """The newest that are found and within reach, and one more than are counted where there is."""
    dialect = view.connection.dialect.name
    asked = () if index.finds_phrases(dialect) else question.phrases
    phrases = {f"phrase{n}": f" {' '.join(each)} " for n, each in enumerate(asked)}
    near = reach.near
    statement = _finding(
        dialect, of_kind=kind is not None, near=near is not None, phrases=len(phrases)
    )
    values = {
        **reach.values(),
        **phrases,
        "question": index.spelled(dialect, question, reach.places),
        **({} if kind is None else {"kind": str(kind)}),
        **({} if near is None else {"near": sorted(near)}),
    }
    return [Candidate(*row) for row in statement.all(view.connection, values)]


@cache
def _finding(dialect: str, *, of_kind: bool, near: bool, phrases: int) -> Prepared:
    """The question for candidates. Whether words follow each other is looked at in the newest that
    have them all: a database would look at each that has, of which there can be very many."""
    match = index.matching(dialect)
    conditions = [match.where, _WITHIN_REACH]
    if of_kind:
        conditions.append(_E.kind == sa.bindparam("kind"))
    if near:
        conditions.append(Among(_E.procurement, "near"))
    found = sa.select(_E.id).select_from(match.source).where(*conditions).order_by(match.newest)
    if not phrases:
        chosen = found.with_only_columns(_E.id, _E.kind, _E.heading, _E.at)
        return Prepared(chosen.limit(MOST + 1))
    newest = found.limit(MOST_FOR_PHRASES).subquery()
    entry = search_entry.alias("entry")
    c = entry.c
    following = [index.phrase_in(c.terms, f"phrase{n}") for n in range(phrases)]
    query = (
        sa.select(c.id, c.kind, c.heading, c.at)
        .select_from(newest.join(entry, c.id == newest.c.id))
        .where(*following)
        .order_by(c.id.desc())
        .limit(MOST + 1)
    )
    return Prepared(query)


def _likelihood(row: Candidate, question: Question) -> tuple[float, int, datetime]:
    """How much of the question stands in the heading, then the kind, then the newest."""
    heading = row.heading.split()
    known = frozenset(heading)
    share = sum(
        1.0 if each.stem in known else 0.5 if any(map(each.begins, heading)) else 0.0
        for each in question.words
    )
    phrases = sum(f" {' '.join(each)} " in f" {row.heading} " for each in question.phrases)
    return share + 2 * phrases, -_ORDER[Found(row.kind)], row.at


def _hits(view: View, question: Question, chosen: Collection[Any]) -> tuple[Hit, ...]:
    c = search_entry.c
    ids = [each.id for each in chosen]
    query = (
        sa.select(
            search_entry,
            procurement.c.reference,
            procurement.c.title.label("procurement_title"),
            procurement.c.status.label("procurement_status"),
            procurement.c.definition,
            task.c.status.label("task_status"),
            task.c.process.label("task_process"),
            task.c.element.label("task_element"),
            supplier.c.name.label("supplier_name"),
            decision.c.element.label("decision_element"),
            attachment.c.id.label("file"),
        )
        .outerjoin(procurement, procurement.c.id == c.procurement)
        .outerjoin(task, task.c.id == c.task)
        .outerjoin(
            supplier, (supplier.c.procurement == c.procurement) & (supplier.c.key == c.scope)
        )
        .outerjoin(decision, decision.c.id == c.object)
        .outerjoin(attachment, attachment.c.id == c.object)
        .where(c.id.in_(ids))
    )
    rows = {row.id: row for row in view.connection.execute(query)}
    return tuple(_hit(view, question, rows[key]) for key in ids if key in rows)


def _hit(view: View, question: Question, row: Any) -> Hit:
    kind = Found(row.kind)
    view.look(row.procurement, row.scope, "search")
    is_task = kind is Found.TASK
    return Hit(
        kind=kind,
        id=row.object,
        title=marked(_title(view, row), question),
        text=snippet(row.body, question),
        procurement=row.procurement,
        reference=row.reference or "",
        procurement_title=row.procurement_title or "",
        supplier=row.supplier_name or "",
        task=row.task,
        is_file=row.file is not None,
        status=(row.task_status if is_task else row.procurement_status) or "",
        at=row.at,
    )


def _title(view: View, row: Any) -> str:
    """What the thing is called, in the reader's language where the model has it."""
    if row.kind == Found.MODEL:
        found = view.definition(row.object)
        return found.text(view.language, found.key, f"{found.key}.name", str(row.title))
    if row.kind == Found.TASK and row.task_element:
        key = f"{row.task_element}.name"
        return view.text(row.definition, row.task_process, key, str(row.title))
    if row.kind == Found.DECISION and row.decision_element:
        return element_name(view.definition(row.definition), view.language, row.decision_element)
    return str(row.title)
