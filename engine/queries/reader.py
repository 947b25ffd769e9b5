"""What of a procurement a reader may know, as part of a question to the database.

The same as the access policy's `read` for one procurement; a test holds the two together. The
questions are built once: who asks and when are their parameters (`reader_values`).
"""

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from engine.access.rules import CONFIDENTIAL, OVERSEEING_GRANTS, READING_GRANTS
from engine.model.actor import BARRING
from engine.model.sealing import SEAL
from engine.queries.view import View
from engine.store.schema import member, procurement, procurement_party

ME: Final[sa.BindParameter[str]] = sa.bindparam("me", type_=sa.String)
HOME: Final[sa.BindParameter[str]] = sa.bindparam("home", type_=sa.String)
TODAY: Final[sa.BindParameter[str]] = sa.bindparam("today", type_=sa.String)
FOUND: Final = sa.literal_column("1", sa.Integer)
"""What is selected where it only matters that there is something: no column, so that SQLite looks
no further than the index."""
_OVERSEEN: Final[sa.BindParameter[Any]] = sa.bindparam("overseen", expanding=True)
_APART: Final[sa.BindParameter[Any]] = sa.bindparam("apart", expanding=True)
"""The same as `overseen`, by a name of its own: what stands in an `IN` may stand in no `NOT IN`, or
an empty list is written as if it were in the other."""
_MANDATED: Final[sa.BindParameter[Any]] = sa.bindparam("mandated", expanding=True)


def reader_values(view: View) -> dict[str, Any]:
    """What the questions need to know of who asks."""
    grants = view.actor.grants
    mandated = {each.organisation for each in grants if each.role in READING_GRANTS}
    overseen = {each.organisation for each in grants if each.role in OVERSEEING_GRANTS}
    return {
        "me": view.actor.id,
        "home": view.actor.organisation,
        "today": view.today.isoformat(),
        "overseen": sorted(overseen | mandated),
        "apart": sorted(overseen | mandated),
        "mandated": sorted(mandated),
    }


def held(seat: sa.FromClause) -> "sa.ColumnElement[bool]":
    """I hold the seat today."""
    return sa.and_(
        seat.c.person == ME,
        seat.c.removed.is_(False),
        sa.or_(seat.c.valid_from == "", seat.c.valid_from <= TODAY),
        sa.or_(seat.c.valid_to == "", seat.c.valid_to >= TODAY),
    )


def is_barred(procurement_id: "sa.ColumnElement[str]") -> "sa.ColumnElement[bool]":
    """I hold a seat in the procurement whose impartiality is not settled: nothing that is
    confidential is for me. As `rules.is_barred`."""
    seat = member.alias("unsettled")
    return (
        sa.select(FOUND)
        .where(
            seat.c.procurement == procurement_id,
            seat.c.impartiality.in_([sa.literal(each.value) for each in sorted(BARRING)]),
            held(seat),
        )
        .exists()
    )


def _is_inside() -> "sa.ColumnElement[bool]":
    party = (
        sa.select(FOUND)
        .where(
            procurement_party.c.procurement == procurement.c.id,
            procurement_party.c.organisation == HOME,
        )
        .exists()
    )
    return (procurement.c.organisation == HOME) | party


def readable(
    *columns: "sa.ColumnElement[Any]",
    where: "Sequence[sa.ColumnElement[bool]]" = (),
    mine: bool = False,
) -> "sa.Select[Any] | sa.CompoundSelect[Any]":
    """These columns of the procurements I may read and of which all of `where` holds, each once;
    only those in whose team I sit with `mine`.

    Either way in is a question of its own, which begins with my seats or my organisations: with an
    "or" between them the database would look at every procurement there is. What my organisations
    have is not looked for by seats too, so that nothing needs to be sorted to be there once.
    """
    seated = (
        sa.select(*columns)
        .select_from(member.join(procurement, procurement.c.id == member.c.procurement))
        .where(held(member), member.c.scope == "", _is_inside(), *where)
        .distinct()
    )
    if mine:
        return seated
    return sa.union_all(
        seated.where(procurement.c.organisation.not_in(_APART)),
        sa.select(*columns).where(procurement.c.organisation.in_(_OVERSEEN), *where),
    )


def is_known(
    scope: "sa.ColumnElement[str]",
    procurement_id: "sa.ColumnElement[str]",
    owner: "sa.ColumnElement[str]",
) -> "sa.ColumnElement[bool]":
    """I may know of what is confidential to this supplier in a procurement I may read, whose id
    and owning organisation are in these columns. What is sealed for a role is never known here:
    figures do without it."""
    by_seat = (
        sa.select(FOUND)
        .where(
            member.c.procurement == procurement_id,
            held(member),
            sa.or_(
                (member.c.scope == "") & member.c.role.in_(sorted(CONFIDENTIAL)),
                member.c.scope == scope,
            ),
        )
        .exists()
    )
    party = (
        sa.select(FOUND)
        .where(
            procurement_party.c.procurement == procurement_id,
            procurement_party.c.organisation == HOME,
        )
        .exists()
    )
    by_right = owner.in_(_MANDATED) | (by_seat & ((owner == HOME) | party))
    known = sa.not_(scope.startswith(SEAL)) & by_right & ~is_barred(procurement_id)
    return sa.or_(scope == "", known)
