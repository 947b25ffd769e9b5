"""Who was invited to a procurement from outside, and who has come."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from engine.access.policy import Action
from engine.errors import NotFoundError
from engine.model.contribution import CONTRIBUTORS, SUPPLIER
from engine.queries.view import Seen, View, see_procurement
from engine.store import applications, participants
from engine.store.firms import supplier_labels
from engine.store.schema import supplier


@dataclass(frozen=True, slots=True)
class InvitationView:
    """`state` is open, used, run-out or revoked; `again` lets one who has joined come back;
    `mailed_at` is when the link last left by mail."""

    id: str
    role: str
    scope: str
    group: str
    name: str
    email: str
    at: datetime
    valid_to: datetime
    state: str
    again: bool
    mailed_at: datetime | None


@dataclass(frozen=True, slots=True)
class ParticipantView:
    id: str
    role: str
    scope: str
    group: str
    name: str
    email: str
    joined_at: datetime
    removed: bool


@dataclass(frozen=True, slots=True)
class ParticipantsPage:
    """`suppliers` are (key, name) of those that may be invited as such by the reader; `labels` what
    suppliers are called, by key; `applied` how many asked for access by themselves and have not
    been registered: who they are is not told."""

    procurement: str
    reference: str
    title: str
    participants: tuple[ParticipantView, ...]
    invitations: tuple[InvitationView, ...]
    suppliers: tuple[tuple[str, str], ...]
    labels: Mapping[str, str]
    applied: int
    may_invite: bool
    may_invite_suppliers: bool
    roles: tuple[str, ...] = CONTRIBUTORS
    supplier_role: str = SUPPLIER


def may_see_participants(seen: Seen) -> bool:
    """Whether the reader may invite, or reads the whole record."""
    return seen.may(Action.INVITE, seen.target()) or seen.may(Action.READ_RECORD, seen.target())


def participants_page(view: View, key: str) -> ParticipantsPage:
    """Raises NotFoundError for those who may not see it."""
    seen = see_procurement(view, key)
    groups = seen.may(Action.INVITE, seen.target())
    suppliers = seen.may(Action.INVITE, seen.target("any"))
    if not may_see_participants(seen):
        raise NotFoundError("procurement", key)
    hidden = applications.covered(view.connection, key)
    applied = {
        each.participant: each for each in applications.applications_of(view.connection, key)
    }
    people = participants.come_in(view.connection, key)
    invited = participants.invitations_of(view.connection, key)
    return ParticipantsPage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        participants=tuple(
            ParticipantView(
                each.id,
                each.role,
                each.scope,
                each.group,
                applied[each.id].contact if each.id in applied else each.name,
                each.email if groups else "",
                each.joined_at,
                each.removed,
            )
            for each in people
            if _is_shown(seen, each.scope) and each.scope not in hidden
        ),
        invitations=tuple(
            InvitationView(
                each.id,
                each.role,
                each.scope,
                each.group,
                each.name,
                each.email if groups else "",
                each.at,
                each.valid_to,
                _state(each.used_at, each.revoked_at, each.valid_to, view.now),
                bool(each.participant) and each.used_at is None,
                each.mailed_at,
            )
            for each in invited
            if _is_shown(seen, each.scope) and each.scope not in hidden
        ),
        suppliers=_suppliers(seen) if suppliers else (),
        labels=supplier_labels(view.connection, key),
        applied=len({each.scope for each in people if each.scope in hidden}),
        may_invite=groups,
        may_invite_suppliers=suppliers,
    )


def _is_shown(seen: Seen, scope: str) -> bool:
    """Who came for a supplier is for those who lead the participation or oversee it. A jury that
    judges without names must not find them here, and evaluators have no use for them."""
    return not scope or (seen.may(Action.IDENTIFY, seen.target()) and seen.sees(scope))


def _state(
    used: datetime | None, revoked: datetime | None, valid_to: datetime, now: datetime
) -> str:
    if revoked is not None:
        return "revoked"
    if used is not None:
        return "used"
    return "open" if now <= valid_to else "run-out"


def _suppliers(seen: Seen) -> tuple[tuple[str, str], ...]:
    query = (
        sa.select(supplier.c.key, supplier.c.name)
        .where(supplier.c.procurement == seen.row.id)
        .order_by(supplier.c.name)
    )
    return tuple((row.key, row.name) for row in seen.view.connection.execute(query))
