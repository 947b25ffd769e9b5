"""The open market dialogue: signing up, giving input, drawing lots, answering.

Signing up is for anybody while a planning notice invites; whoever does is known by its own word
alone, and gets a place of its own where no other supplier is seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from engine.access.policy import Action
from engine.access.rules import Grounds
from engine.commands.act import Act
from engine.commands.businesses import described
from engine.commands.calling import tell_calendars
from engine.commands.contributing import checked
from engine.commands.environment import Answer, Session
from engine.commands.meetings import MOST_SLOTS
from engine.commands.own_place import of_supplier
from engine.commands.telling import tell_participants
from engine.errors import (
    AddressWrongError,
    InvalidInputError,
    MarketClosedError,
    NotFoundError,
    OrganisationNumberError,
    ReasonMissingError,
    RejectedError,
    SignUpWithdrawnError,
)
from engine.model import events as e
from engine.model.actor import Actor, Participation
from engine.model.contribution import SUPPLIER
from engine.model.mails import MailKind
from engine.model.market import HEARING, INPUTS, MARKET, OCCASION, OUTCOMES, InputRecord
from engine.model.meeting import MeetingKind, MeetingStatus
from engine.procurement.lots import drawn, seed_of
from engine.procurement.reading import entries, said, whole
from engine.registers.organisations import is_wrong, plain
from engine.store import market, meetings
from engine.store.market import Announcement, Draft

LONGEST_LINE: Final = 300
MOST_PEOPLE: Final = 20
MOST_SIGNUPS: Final = 2000
BACK_DAYS: Final = 120


@dataclass(frozen=True, slots=True)
class SignUp:
    """`people` come to the conference, 0 for nobody; `meeting` asks for one of their own. The link
    back in is an invitation of id `invitation`, whose secret has the SHA-256 `digest`. What the
    business says of itself is `size`, `startup` and `newcomer`, "" for nothing."""

    procurement: str
    organisation: str
    number: str
    contact: str
    email: str
    people: int
    meeting: bool
    needs: str
    invitation: str
    digest: str
    size: str = ""
    startup: str = ""
    newcomer: str = ""


def sign_up(command: SignUp, session: Session) -> Answer:
    """Raises NotFoundError where no dialogue is announced, RejectedError after the deadline."""
    work = session.work
    if market.announcement_of(work.connection, command.procurement) is None:
        raise NotFoundError("market", command.procurement)
    scope = f"{MARKET}{uuid4().hex[:12]}"
    organisation = checked(command.organisation, LONGEST_LINE)
    contact, email = checked(command.contact, LONGEST_LINE), checked(command.email, LONGEST_LINE)
    place = Participation(command.procurement, SUPPLIER, scope, organisation)
    actor = Actor(uuid4().hex, contact, "", participation=place)
    act = Act.open(replace(session, actor=actor), command.procurement)
    act.require_running()
    act.grounds = Grounds("the-dialogue-is-open")
    announced = _announced(act)
    _require_before(act, announced.moment("sign_up_by"))
    _require_sign_up(act, command)
    act.record(e.ParticipantJoined(actor.id, SUPPLIER, scope, organisation, contact, email))
    until = (act.now + timedelta(days=BACK_DAYS)).isoformat()
    act.record(
        e.ParticipantInvited(
            command.invitation,
            SUPPLIER,
            scope,
            organisation,
            contact,
            email,
            command.digest,
            until,
            actor.id,
        )
    )
    ticket = uuid4().hex
    number = plain(command.number)[:40]
    if is_wrong(number):
        raise OrganisationNumberError(number)
    act.record(
        e.MarketSignedUp(
            signup=ticket,
            participant=actor.id,
            scope=scope,
            organisation=organisation,
            number=number,
            contact=contact,
            email=email,
            people=command.people,
            meeting=command.meeting,
            needs=command.needs.strip()[:2000],
        )
    )
    if command.size or command.startup or command.newcomer:
        act.record(described(scope, command.size, command.startup, command.newcomer))
    tell_participants(act, MailKind.SIGNED_UP, [actor.id])
    return {"procurement": act.id, "participant": actor.id, "ticket": ticket}


def _require_sign_up(act: Act, command: SignUp) -> None:
    if "@" not in command.email:
        raise AddressWrongError("Write a mail address that reaches you.", email=command.email[:80])
    if not 0 <= command.people <= MOST_PEOPLE:
        raise InvalidInputError(
            f"At most {MOST_PEOPLE} persons of one business come.",
            people=command.people,
            about="people-many",
            most=MOST_PEOPLE,
        )
    if len(market.signups_of(act.session.work.connection, act.id)) >= MOST_SIGNUPS:
        raise MarketClosedError("No more can sign up here. Write to the buyer.", most=MOST_SIGNUPS)


@dataclass(frozen=True, slots=True)
class WithdrawSignUp:
    """A business takes its own back; a member names it by `scope` and says why."""

    procurement: str
    scope: str = ""
    reason: str = ""


def withdraw_sign_up(command: WithdrawSignUp, session: Session) -> Answer:
    """It comes to no conference, is not drawn, and its meeting is cancelled; what it has said
    stays and is answered."""
    act, scope = _of_business(session, command)
    found = market.signup_of(session.work.connection, act.id, scope)
    if found is None:
        raise NotFoundError("sign-up", scope)
    act.reason = command.reason.strip()
    if session.actor.participation is None and not act.reason:
        raise ReasonMissingError(
            "This needs a written reason: it goes into the record.", procurement=act.id
        )
    if found.stands:
        act.record(e.MarketSignUpWithdrawn(found.id, scope))
        _cancel_meetings(act, scope)
    return {"procurement": act.id}


def _of_business(session: Session, command: WithdrawSignUp) -> tuple[Act, str]:
    if session.actor.participation is not None:
        return of_supplier(session, command.procurement)
    act = Act.open(session, command.procurement)
    act.allow(Action.ARRANGE, act.target(scope=command.scope), kind="procurement", key=act.id)
    act.require_running()
    return act, command.scope


def _cancel_meetings(act: Act, scope: str) -> None:
    for each in meetings.meetings_of(act.session.work.connection, act.id):
        if (each.occasion, each.scope, each.status) == (OCCASION, scope, MeetingStatus.BOOKED):
            act.record(e.MeetingCancelled(each.id, scope))
            tell_calendars(act, each.id)


@dataclass(frozen=True, slots=True)
class GiveInput:
    """`about` is a question of the plan or a passage of the draft, from 1, or 0 for the whole."""

    procurement: str
    kind: str
    about: int
    text: str


def give_input(command: GiveInput, session: Session) -> Answer:
    """Of the participant's own business; late is late by the server's clock."""
    act, scope = of_supplier(session, command.procurement)
    signup = market.signup_of(session.work.connection, act.id, scope)
    if signup is not None and not signup.stands:
        raise SignUpWithdrawnError(
            "You have withdrawn from the dialogue. Sign up again on its open page."
        )
    if command.kind not in INPUTS:
        raise InvalidInputError(
            f"Input is one of {', '.join(INPUTS)}.",
            kind=command.kind,
            about="one-of",
            choices=", ".join(INPUTS),
        )
    announced = _announced(act)
    draft = _draft(announced) if command.kind == HEARING else None
    _require_before(act, draft.deadline if draft else announced.moment("input_by"))
    most = len(draft.passages) if draft else len(entries(announced.plan, "questions"))
    if not 0 <= command.about <= most:
        raise NotFoundError("passage", str(command.about))
    event = e.MarketInputGiven(
        input=uuid4().hex,
        scope=scope,
        kind=command.kind,
        draft=draft.id if draft else "",
        about=command.about,
        text=checked(command.text),
    )
    act.record(event)
    return {"procurement": act.id, "input": event.input}


def _draft(announced: Announcement) -> Draft:
    if not announced.drafts:
        raise NotFoundError("draft", "")
    return announced.drafts[-1]


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """`outcome` is adopt or reject; `answer` goes to all without the sender; `where` in the
    documents an adopted one is found."""

    procurement: str
    input: str
    outcome: str
    answer: str
    where: str = ""


def answer_input(command: AnswerInput, session: Session) -> Answer:
    """A later answer takes the place of an earlier one, which stays on record."""
    connection = session.work.connection
    found = _find(market.inputs_of(connection, command.procurement), command.input)
    act = Act.open(session, command.procurement)
    scope = found.scope if found else ""
    act.allow(Action.ANSWER_MARKET, act.target(scope=scope), kind="procurement", key=act.id)
    if found is None:
        raise NotFoundError("input", command.input)
    if command.outcome not in OUTCOMES:
        raise InvalidInputError(
            f"The outcome is one of {', '.join(OUTCOMES)}.",
            outcome=command.outcome,
            about="one-of",
            choices=", ".join(OUTCOMES),
        )
    where = command.where.strip()
    if command.outcome == "adopt" and not where:
        raise InvalidInputError(
            "Say where in the documents it is found.", field="where", about="where-missing"
        )
    answer = checked(command.answer)
    act.record(e.MarketInputAnswered(found.id, scope, command.outcome, answer, where))
    if found.kind != HEARING:  # answers on a draft go out to all at once
        tell_participants(act, MailKind.ANSWERED, [found.by])
    return {"procurement": act.id}


def _find(inputs: list[InputRecord], key: str) -> InputRecord | None:
    return next((each for each in inputs if each.id == key), None)


@dataclass(frozen=True, slots=True)
class DrawLots:
    """`words` are said aloud by those who witness the draw; `witness` is who they are."""

    procurement: str
    words: str
    witness: str


def draw_lots(command: DrawLots, session: Session) -> Answer:
    """Meetings at the times of the plan for those who wished, in the order that lots fall.

    Once, after signing up has ended; raises RejectedError otherwise.
    """
    act = Act.open(session, command.procurement)
    act.allow(Action.ARRANGE, act.target(), kind="procurement", key=act.id)
    act.require_running()
    connection = session.work.connection
    announced = _announced(act)
    ended = announced.moment("sign_up_by") or act.now
    if act.now < ended:
        raise RejectedError(
            f"Lots are drawn when signing up has ended, {ended.isoformat()}.",
            sign_up_by=ended.isoformat(),
            about="lots-later",
        )
    if market.draws_of(connection, act.id):
        raise RejectedError("Lots have been drawn. They are drawn once.", about="lots-drawn")
    wished = {
        each.id: each
        for each in market.signups_of(connection, act.id)
        if each.meeting and each.stands
    }
    if not wished:
        raise RejectedError("Nobody has asked for a meeting.", about="no-wishes")
    words = checked(command.words, LONGEST_LINE)
    head = market.head_at(connection, act.id, ended)
    seed = seed_of(head, words)
    lots = drawn(seed, wished)
    times = list(_times(act, announced))
    winners = list(zip(lots, times, strict=False))
    act.record(
        e.LotsDrawn(
            draw=uuid4().hex,
            head=head,
            words=words,
            seed=seed,
            witness=checked(command.witness, LONGEST_LINE),
            order=[[lot.ticket, lot.number] for lot in lots],
            slots=[[lot.ticket, start.isoformat()] for lot, (start, _) in winners],
        )
    )
    for lot, (start, end) in winners:
        _book(act, wished[lot.ticket].scope, start, end)
    return {"procurement": act.id, "drawn": len(winners), "wished": len(lots)}


def _times(act: Act, announced: Announcement) -> Iterator[tuple[datetime, datetime]]:
    """The times of the plan that lie ahead, in order."""
    found = sorted(
        (datetime.fromisoformat(said(each, "starts_at")), whole(each, "minutes") or 0)
        for each in entries(announced.plan, "slots")
        if said(each, "starts_at")
    )
    for start, minutes in found[:MOST_SLOTS]:
        if start > act.now and minutes:
            yield start, start + timedelta(minutes=minutes)


def _book(act: Act, scope: str, start: datetime, end: datetime) -> None:
    slot, meeting, kind = uuid4().hex, uuid4().hex, str(MeetingKind.MARKET)
    times = (start.isoformat(), end.isoformat())
    act.record(e.SlotOffered(slot, OCCASION, kind, "", scope, *times, place=""))
    act.record(e.MeetingBooked(meeting, OCCASION, kind, "", scope, "", slot, *times, place=""))
    tell_calendars(act, meeting)


def _announced(act: Act) -> Announcement:
    found = market.announcement_of(act.session.work.connection, act.id)
    if found is None:
        raise NotFoundError("market", act.procurement.reference)
    if act.procurement.frozen_documents:
        raise MarketClosedError("The dialogue is over: the competition has been announced.")
    return found


def _require_before(act: Act, deadline: datetime | None) -> None:
    if deadline is not None and act.now >= deadline:
        raise MarketClosedError(
            f"The deadline was {deadline.isoformat()}; the clock of the server decides.",
            deadline=deadline.isoformat(),
        )
