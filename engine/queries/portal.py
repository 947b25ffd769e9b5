"""What people from outside may see: the case they were invited to, and their own part of it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from engine.access.policy import Action
from engine.errors import NotFoundError
from engine.model.actor import Participation
from engine.model.business import ANSWERS, SIZES, BusinessRecord
from engine.model.contribution import CODE, KINDS, SUPPLIER
from engine.model.records import CANCELLED
from engine.queries.contributions import ContributionView, contributions_page
from engine.queries.names import phase_name
from engine.queries.participation import PlannedView
from engine.queries.parties import buyer_of, supplier_name
from engine.queries.polls import PollView, polls_page
from engine.queries.trace import TracePage, trace_page
from engine.queries.view import Seen, View, find_procurement
from engine.store import applications, businesses, dialogue, market, participants
from engine.store.schema import organisation, outbox, procurement

CALLED_OFF: Final = "called-off"
"""It was cancelled: known from the decision on, though a result notice may be still to come."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What an invitation says before it is used; nothing can be written unless it is `running`."""

    title: str
    organisation: str
    role: str
    group: str
    name: str
    supplier: bool
    again: bool
    running: bool


@dataclass(frozen=True, slots=True)
class PortalLetter:
    kind: str
    subject: str
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Voices:
    """What employees and citizens gave and were asked, and what came of it. `plan` is how the
    reader's own group takes part, `mine` what the reader gave; `polls` begin with those that wait
    for the reader."""

    plan: tuple[PlannedView, ...]
    given: tuple[ContributionView, ...]
    mine: tuple[ContributionView, ...]
    polls: tuple[PollView, ...]
    trace: TracePage
    may_contribute: bool
    kinds: tuple[str, ...] = KINDS
    code: tuple[str, ...] = CODE


@dataclass(frozen=True, slots=True)
class PortalPage:
    """`status` is the procurement's, or `CALLED_OFF`. `letters` are those to the participant's
    supplier, `voices` for everybody but suppliers; `market` tells suppliers that a market dialogue
    was announced, `competition` is the procurement whose public page holds notice and documents, ""
    before the announcement; `business` what is known of their own business, `unanswered` how many
    questions about their tender wait for a reply."""

    reference: str
    title: str
    organisation: str
    status: str
    phase: str
    role: str
    group: str
    supplier: str
    name: str
    letters: tuple[PortalLetter, ...]
    voices: Voices | None
    market: bool
    competition: str
    unanswered: int
    business: BusinessRecord | None
    sizes: tuple[str, ...] = SIZES
    answers: tuple[str, ...] = ANSWERS


def invitation_page(connection: sa.Connection, digest: str, now: datetime) -> Invitation:
    """What the holder of the secret is told before coming in; raises InvitationNotValidError."""
    found = participants.invitation_by_digest(connection, digest)
    participants.require_valid(found, now)
    query = (
        sa.select(procurement.c.title, organisation.c.name, procurement.c.status)
        .join(organisation, organisation.c.id == procurement.c.organisation)
        .where(procurement.c.id == found.procurement)
    )
    title, buyer, status = connection.execute(query).one()
    return Invitation(
        title=title,
        organisation=buyer,
        role=found.role,
        group=found.group,
        name=found.name,
        supplier=found.role == SUPPLIER,
        again=bool(found.participant),
        running=status == "running",
    )


def portal_page(view: View) -> PortalPage:
    """The participant's own page; raises NotFoundError for anybody else."""
    place = view.actor.participation
    if place is None:
        raise NotFoundError("portal", view.actor.id)
    seen = find_procurement(view, place.procurement)
    target = replace(seen.target(place.scope), procurement=seen.row.id)
    if not seen.may(Action.PARTICIPATE, target):
        raise NotFoundError("procurement", place.procurement)
    return PortalPage(
        reference=seen.row.reference,
        title=seen.row.title,
        organisation=buyer_of(seen),
        status=CALLED_OFF if seen.row.outcome == CANCELLED else seen.row.status,
        phase=phase_name(view.definition(seen.row.definition), view.language, seen.row.phase),
        role=place.role,
        group=place.group,
        supplier=_called(view, place) if place.scope else "",
        name=view.actor.name,
        letters=_letters(view, place),
        voices=None if place.role == SUPPLIER else _voices(seen, place),
        market=place.role == SUPPLIER and market.is_announced(view.connection, seen.row.id),
        competition=seen.row.id if applications.call_of(view.connection, seen.row.id) else "",
        business=_business(view, place),
        unanswered=_unanswered(view, place),
    )


def _unanswered(view: View, place: Participation) -> int:
    if not place.scope:
        return 0
    asked = dialogue.inquiries_of(view.connection, place.procurement, place.scope)
    return sum(each.replied_at is None for each in asked)


def _voices(seen: Seen, place: Participation) -> Voices:
    found = contributions_page(seen.view, seen.row.id)
    asked = polls_page(seen.view, seen.row.id)
    return Voices(
        plan=tuple(each for each in found.plan if each.role == place.role),
        given=tuple(each for each in found.standing if not each.hidden_by),
        mine=tuple(each for each in (*found.standing, *found.replaced) if each.mine),
        polls=tuple(
            sorted(
                (each for each in asked.polls if each.asked),
                key=lambda poll: (not poll.open, poll.cast),
            )
        ),
        trace=trace_page(seen.view, seen.row.id),
        may_contribute=found.may_contribute,
    )


def _called(view: View, place: Participation) -> str:
    """What the participant's supplier is called here; before it has a name, as whoever came in."""
    found = supplier_name(view, place.procurement, place.scope)
    return view.actor.name or found if found == place.scope else found


def _business(view: View, place: Participation) -> BusinessRecord | None:
    known = businesses.businesses_of(view.connection, place.procurement) if place.scope else ()
    return next((each for each in known if each.scope == place.scope), None)


def _letters(view: View, place: Participation) -> tuple[PortalLetter, ...]:
    """What the buyer has sent to the supplier, the newest first."""
    if not place.scope:
        return ()
    query = (
        sa.select(outbox.c.kind, outbox.c.subject, outbox.c.body, outbox.c.queued_at)
        .where(outbox.c.procurement == place.procurement, outbox.c.scope == place.scope)
        .order_by(outbox.c.queued_at.desc(), outbox.c.id)
    )
    return tuple(PortalLetter(*row) for row in view.connection.execute(query))
