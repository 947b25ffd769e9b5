"""The rules: each a pure question about one person, one object and one day.

The matrix of roles and rights they follow is the domain brief's role table; a rule's name goes into
the record with every act it allowed.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from engine.model.actor import BARRING, Actor, Membership
from engine.model.delivery import RECEIVER
from engine.model.sealing import sealed_role


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for. An empty `organisation` means: nothing that belongs to one.

    `scope` is the supplier the matter is confidential to, the role it is sealed for, or `tenders`
    for what speaks of all of them, "" for the procurement as a whole; `procurement` is set where
    participants may come; `candidate` is the role a task asks for; `author` who wrote a comment.
    """

    organisation: str
    parties: frozenset[str] = frozenset()
    team: tuple[Membership, ...] = ()
    scope: str = ""
    candidate: str = ""
    assignee: str = ""
    owner: str = ""
    roles: frozenset[str] = field(default_factory=frozenset)
    procurement: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Grounds:
    """Why it is allowed: the rule, and the person in whose place the actor then acts ("" = own)."""

    rule: str
    on_behalf_of: str = ""


Rule = Callable[[Actor, Target, date], Grounds | None]

# Who sees what one supplier said in confidence, besides seats bound to that supplier: those who
# run, decide, check or keep the competition. Employees, citizens and facilitators do not.
CONFIDENTIAL: Final = frozenset(
    {
        "procurement-lead",
        "need-owner",
        "budget-owner",
        "legal",
        "subject-expert",
        "evaluator",
        "quality-assurer",
        "receiving-officer",
        "records-officer",
        "data-protection-officer",
        "auditor",
    }
)
GRANTED_ROLES: Final = frozenset(
    {
        "procurement-lead",
        "manager",
        "process-designer",
        "administrator",
        "auditor",
        "records-officer",
        "data-protection-officer",
    }
)
"""Roles that mean something in a whole organisation, besides the seats of a team."""
# Who follows every procurement of the organisation, but nothing confidential.
OVERSEEING_GRANTS: Final = ("procurement-lead", "manager")
READING_GRANTS: Final = ("auditor", "records-officer", "data-protection-officer")


def the_system_acts(actor: Actor, _target: Target, _day: date) -> Grounds | None:
    """Timers, the outbox and the deployment of what ships act as the system."""
    return Grounds("the-system-acts") if actor.is_system else None


def is_inside(actor: Actor, target: Target) -> bool:
    """Whether the procurement is the person's own organisation's, or shared with it."""
    return actor.organisation == target.organisation or actor.organisation in target.parties


def seats(actor: Actor, target: Target, day: date) -> tuple[Membership, ...]:
    """The seats the person holds that day; none across the border of the organisations."""
    if not is_inside(actor, target):
        return ()
    return tuple(seat for seat in target.team if seat.person == actor.id and seat.valid_on(day))


def is_barred(actor: Actor, target: Target, day: date) -> bool:
    """Whether confidential matter waits for the member's declaration of impartiality, or a conflict
    of interest keeps it from her or him (FOA § 7-5)."""
    return bool(target.scope) and any(
        seat.person == actor.id and seat.impartiality in BARRING and seat.valid_on(day)
        for seat in target.team
    )


def unbarred_seats(actor: Actor, target: Target, day: date) -> tuple[Membership, ...]:
    """The seats by which the person may come near the matter; none while impartiality is not
    settled and it is confidential."""
    return () if is_barred(actor, target, day) else seats(actor, target, day)


def _sees_scope(seat: Membership, target: Target) -> bool:
    if opener := sealed_role(target.scope):
        return seat.role == opener and not seat.scope
    if seat.scope:
        return seat.scope == target.scope
    return not target.scope or seat.role in CONFIDENTIAL


def member_reads(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Members of the team read; confidential matter only in roles that need it."""
    held = unbarred_seats(actor, target, day)
    if any(_sees_scope(seat, target) for seat in held):
        return Grounds("member-reads")
    return None


def candidate_reads(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Whoever is asked to do a task reads that task, also an employee asked about one solution."""
    held = unbarred_seats(actor, target, day)
    asked = any(seat.role == target.candidate and not seat.scope for seat in held)
    if asked or (held and actor.id in (target.assignee, target.owner)):
        return Grounds("candidate-reads")
    return None


def author_withdraws(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Whoever wrote a comment or attached a file takes it back, as long as she or he could still do
    so there."""
    reads = member_reads(actor, target, day) or candidate_reads(actor, target, day)
    return Grounds("author-withdraws") if reads and target.author == actor.id else None


def lead_of_the_organisation_reads(actor: Actor, target: Target, _day: date) -> Grounds | None:
    """Procurement leads see their organisation's procurements, but nothing confidential."""
    if actor.holds("procurement-lead", target.organisation) and not target.scope:
        return Grounds("lead-of-the-organisation-reads")
    return None


def manager_reads(actor: Actor, target: Target, _day: date) -> Grounds | None:
    """Managers follow their organisation's procurements, but nothing confidential."""
    if actor.holds("manager", target.organisation) and not target.scope:
        return Grounds("manager-reads")
    return None


def may_be_handed(seat: Membership, scope: str) -> bool:
    """Whether a task of this confidentiality may be delegated to the holder of the seat."""
    if opener := sealed_role(scope):
        return seat.role == opener and not seat.scope
    return seat.scope in ("", scope)


def mandated_reader(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Auditors, records officers and data protection officers read per mandate; what is sealed
    only those who take no part in the procurement, and whoever takes part must be impartial."""
    if is_barred(actor, target, day):
        return None
    if sealed_role(target.scope) and seats(actor, target, day):
        return None
    if any(actor.holds(role, target.organisation) for role in READING_GRANTS):
        return Grounds("mandated-reader")
    return None


LOOK_OVERSEERS: Final = ("auditor", "data-protection-officer")


def overseer_of_looks(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Auditors and data protection officers, of the organisation or in the team, see who has looked
    at what is confidential."""
    granted = any(actor.holds(role, target.organisation) for role in LOOK_OVERSEERS)
    seated = any(seat.role in LOOK_OVERSEERS for seat in seats(actor, target, day))
    return Grounds("overseer-of-looks") if granted or seated else None


def candidate_works(actor: Actor, target: Target, day: date) -> Grounds | None:
    """A member in the role the task asks for may do it; a deputy in the place of the absent one."""
    if target.assignee and target.assignee != actor.id:
        return None
    fitting = [
        seat
        for seat in unbarred_seats(actor, target, day)
        if seat.role == target.candidate and seat.scope in ("", target.scope)
    ]
    own = next((seat for seat in fitting if not seat.deputy_for), None)
    seat = own or next(iter(fitting), None)
    return None if seat is None else Grounds("candidate-works", seat.deputy_for)


def candidate_hands_over(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Who could do a task gives it to another in its role, unless it is only lent to her or him."""
    grounds = None if target.owner else candidate_works(actor, target, day)
    return None if grounds is None else Grounds("candidate-hands-over", grounds.on_behalf_of)


def lender_takes_back(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Who has lent a task to another decides on it still, as long as she or he could do it."""
    if target.owner != actor.id:
        return None
    grounds = candidate_works(actor, replace(target, assignee=""), day)
    return None if grounds is None else Grounds("lender-takes-back", grounds.on_behalf_of)


def assignee_works(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Whom a task was delegated to does it, as long as the person is in the team."""
    if target.assignee == actor.id and target.owner and unbarred_seats(actor, target, day):
        return Grounds("assignee-works")
    return None


def performer_works(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Whom the model names for a task does it, as long as the person is in the team.

    Somebody who holds or held a seat in the role that is asked for works by that seat alone.
    """
    by_role = any(seat.person == actor.id and seat.role == target.candidate for seat in target.team)
    if target.assignee == actor.id and not by_role and unbarred_seats(actor, target, day):
        return Grounds("performer-works")
    return None


def lead_steers(actor: Actor, target: Target, day: date) -> Grounds | None:
    """The procurement lead of this procurement steers it; a deputy in the lead's place."""
    fitting = [seat for seat in seats(actor, target, day) if seat.role == "procurement-lead"]
    own = next((seat for seat in fitting if not seat.deputy_for), None)
    seat = own or next(iter(fitting), None)
    return None if seat is None else Grounds("lead-steers", seat.deputy_for)


def lead_hands_out(actor: Actor, target: Target, day: date) -> Grounds | None:
    """The lead gives a task to somebody in its role, unless what it says is sealed to the lead."""
    grounds = lead_steers(actor, target, day)
    if grounds is None or member_reads(actor, target, day) is None:
        return None
    return Grounds("lead-hands-out", grounds.on_behalf_of)


def role_reports(actor: Actor, target: Target, day: date) -> Grounds | None:
    """A message's roles report what happened."""
    for seat in seats(actor, target, day):
        if seat.role in target.roles and seat.scope in ("", target.scope):
            return Grounds("role-reports", seat.deputy_for)
    return None


def participant_takes_part(actor: Actor, target: Target, _day: date) -> Grounds | None:
    """Participants act in their own procurement: in what is for all, and in their supplier's
    matter; never in another supplier's."""
    place = actor.participation
    if place is None or not target.procurement or place.procurement != target.procurement:
        return None
    return Grounds("participant-takes-part") if target.scope in ("", place.scope) else None


def supplier_delivers(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Suppliers hand in their own; employees and citizens have nothing to hand in."""
    place = actor.participation
    if place is None or not place.scope or place.scope != target.scope:
        return None
    return participant_takes_part(actor, target, day)


def _role_acts(
    roles: frozenset[str], rule: str, actor: Actor, target: Target, day: date
) -> Grounds | None:
    """Whoever holds one of the roles for the whole procurement; a deputy in that place."""
    for seat in seats(actor, target, day):
        if seat.role in roles and not seat.scope:
            return Grounds(rule, seat.deputy_for)
    return None


def receiver_receives(actor: Actor, target: Target, day: date) -> Grounds | None:
    """The receiving officer registers what comes in, and keeps who stands behind a code."""
    return _role_acts(frozenset({RECEIVER}), "receiver-receives", actor, target, day)


OPENERS: Final = frozenset({RECEIVER, "quality-assurer", "procurement-lead", "legal"})


def opener_opens(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Two of these open what was handed in, one of them the receiving officer."""
    return _role_acts(OPENERS, "opener-opens", actor, target, day)


def participant_contributes(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Employees, citizens and their organisations give contributions; suppliers have rounds."""
    place = actor.participation
    if place is None or place.scope:
        return None
    return participant_takes_part(actor, target, day)


def member_contributes(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Members give contributions of their own and enter those of people who cannot write."""
    for seat in seats(actor, target, day):
        if not seat.scope and not target.scope:
            return Grounds("member-contributes", seat.deputy_for)
    return None


def member_learns(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Members who are not bound to one supplier write down what a step taught."""
    for seat in seats(actor, target, day):
        if not seat.scope and not target.scope:
            return Grounds("member-learns", seat.deputy_for)
    return None


def lead_or_owner_judges(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Lead and need owner say what the procurement aims at."""
    for seat in seats(actor, target, day):
        if seat.role in ("procurement-lead", "need-owner") and not seat.scope:
            return Grounds("lead-or-owner-judges", seat.deputy_for)
    return None


MODERATORS: Final = frozenset({"procurement-lead", "need-owner", "facilitator"})


def moderator_answers(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Lead, need owner and facilitator order contributions and say what came of them."""
    for seat in seats(actor, target, day):
        if seat.role in MODERATORS and not seat.scope and not target.scope:
            return Grounds("moderator-answers", seat.deputy_for)
    return None


def market_is_answered(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Lead, subject expert and legal adviser answer what the market says."""
    for seat in seats(actor, target, day):
        if seat.role in ("procurement-lead", "subject-expert", "legal") and not seat.scope:
            return Grounds("market-is-answered", seat.deputy_for)
    return None


def facilitator_invites_groups(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Facilitators invite employees and citizens, never suppliers."""
    for seat in seats(actor, target, day):
        if seat.role == "facilitator" and not target.scope:
            return Grounds("facilitator-invites-groups", seat.deputy_for)
    return None


def facilitator_arranges(actor: Actor, target: Target, day: date) -> Grounds | None:
    """Facilitators arrange what is for all, and nothing with one supplier alone."""
    for seat in seats(actor, target, day):
        if seat.role == "facilitator" and not seat.scope and not target.scope:
            return Grounds("facilitator-arranges", seat.deputy_for)
    return None


def lead_of_the_organisation(actor: Actor, target: Target, _day: date) -> Grounds | None:
    """Procurement leads start procurements in their own organisation."""
    if actor.holds("procurement-lead", target.organisation):
        return Grounds("lead-of-the-organisation")
    return None


def manager_of_the_organisation(actor: Actor, target: Target, _day: date) -> Grounds | None:
    """Managers put in order what their whole organisation looks at, and who is away; they run
    nothing."""
    if actor.holds("manager", target.organisation):
        return Grounds("manager-of-the-organisation")
    return None


def designer_of_the_organisation(actor: Actor, target: Target, _day: date) -> Grounds | None:
    """Process designers deploy models for their organisation."""
    if actor.holds("process-designer", target.organisation):
        return Grounds("designer-of-the-organisation")
    return None


def administrator(actor: Actor, target: Target, _day: date) -> Grounds | None:
    """Administrators keep the list of organisations, persons and roles; nothing else."""
    if actor.holds("administrator", target.organisation):
        return Grounds("administrator")
    return None


def the_person_herself(actor: Actor, target: Target, _day: date) -> Grounds | None:
    """Everybody keeps her or his own API tokens, inbox, choice of mail and absences."""
    if target.owner == actor.id and actor.organisation:
        return Grounds("the-person-herself")
    return None
