"""Meetings with suppliers: times offered, booked by the suppliers themselves, moved, held.

Every change goes to the calendars of those who meet, in the same transaction. Each time is one
supplier's alone, so that nobody learns of others by what they book.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle
from typing import Final
from uuid import uuid4

from engine.commands.act import Act
from engine.commands.calling import tell_calendars
from engine.commands.environment import Answer, Session
from engine.commands.own_place import of_supplier
from engine.commands.sharing import arrange, with_supplier
from engine.commands.telling import tell_suppliers
from engine.errors import (
    InvalidInputError,
    MeetingOverError,
    NobodyTakesPartError,
    NotFoundError,
    NotTakingPartError,
    ReasonMissingError,
    RejectedError,
    SlotGoneError,
    SlotsTooFewError,
)
from engine.model import events as e
from engine.model.mails import MailKind
from engine.model.meeting import MeetingKind, MeetingRecord, MeetingStatus, SlotRecord
from engine.store import market, meetings, participants, records

MOST_SLOTS: Final = 200
LONGEST_MEETING: Final = timedelta(hours=12)
LONGEST_LINE: Final = 300
MOST_PRESENT: Final = 60


@dataclass(frozen=True, slots=True)
class OfferedSlot:
    """Aware moments; `place` is a room or the address of a video meeting."""

    starts_at: datetime
    ends_at: datetime
    place: str = ""


@dataclass(frozen=True, slots=True)
class OfferSlots:
    """Times for an occasion, for the supplier `scope` or, without it, dealt out among all who take
    part, as many to each as go round; what is left over goes to those who come first in a drawn
    order."""

    procurement: str
    occasion: str
    kind: str
    slots: tuple[OfferedSlot, ...]
    lot: str = ""
    scope: str = ""


def offer_slots(command: OfferSlots, session: Session) -> Answer:
    act = arrange(session, command.procurement, command.scope)
    if command.kind not in set(MeetingKind):
        raise InvalidInputError(
            f"A meeting is one of {', '.join(MeetingKind)}.",
            kind=command.kind,
            about="one-of",
            choices=", ".join(MeetingKind),
        )
    if not 0 < len(command.slots) <= MOST_SLOTS:
        raise InvalidInputError(
            f"Offer from one to {MOST_SLOTS} times at once.",
            count=len(command.slots),
            about="slots-count",
            most=MOST_SLOTS,
        )
    for each in command.slots:
        _require_time(act, each.starts_at, each.ends_at, ahead=True)
    keys: list[str] = []
    dealt = list(_dealt(act, command))
    for each, scope in dealt:
        keys.append(uuid4().hex)
        act.record(
            e.SlotOffered(
                slot=keys[-1],
                occasion=command.occasion,
                kind=command.kind,
                lot=command.lot.strip(),
                scope=scope,
                starts_at=each.starts_at.isoformat(),
                ends_at=each.ends_at.isoformat(),
                place=_line(each.place),
            )
        )
    tell_suppliers(act, MailKind.TIMES, {scope for _, scope in dealt})
    return {"procurement": act.id, "slots": keys}


def _dealt(act: Act, command: OfferSlots) -> Iterator[tuple[OfferedSlot, str]]:
    """Each time with the supplier it is for; raises SlotsTooFewError for too few to go round."""
    if command.scope:
        require_in_competition(act, command.scope)
        suppliers = [command.scope]
    else:
        suppliers = sorted(_taking_part(act), key=lambda _: uuid4().hex)
    if not suppliers:
        raise NobodyTakesPartError("No supplier takes part yet: there is nobody to offer times.")
    if len(command.slots) < len(suppliers):
        raise SlotsTooFewError(
            f"Offer at least {len(suppliers)} times, one for each who takes part: each has times of"
            " its own, so that nobody sees what others book.",
            fewest=len(suppliers),
        )
    in_order = sorted(command.slots, key=lambda slot: slot.starts_at)
    yield from zip(in_order, cycle(suppliers), strict=False)


def _taking_part(act: Act) -> set[str]:
    """The suppliers that are in the competition; before any is registered, those invited."""
    connection = act.session.work.connection
    known = records.suppliers(connection, act.id)
    if known:
        return {each.key for each in known if each.stands}
    guests = participants.participants_of(connection, act.id)
    return {each.scope for each in guests if each.scope and not each.removed} - {
        each.scope for each in market.signups_of(connection, act.id)
    }


@dataclass(frozen=True, slots=True)
class WithdrawSlot:
    procurement: str
    slot: str


def withdraw_slot(command: WithdrawSlot, session: Session) -> Answer:
    """Nobody can book it any more; raises RejectedError where somebody has."""
    found = meetings.find_slot(session.work.connection, command.slot)
    known = found is not None and found.procurement == command.procurement
    act = arrange(session, command.procurement, found.scope if found and known else "")
    if found is None or not known:
        raise NotFoundError("slot", command.slot)
    if _holder(act, found.id) is not None:
        raise RejectedError(
            "This time is booked. Cancel or move the meeting first.",
            slot=found.id,
            about="slot-booked",
        )
    if found.withdrawn_at is None:
        act.record(e.SlotWithdrawn(found.id, found.scope))
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class BookSlot:
    """Participants book for their own supplier; members name it in `scope`. Whoever has booked one
    for the same lot on the same occasion moves it; after one that was held this is one more."""

    procurement: str
    slot: str
    scope: str = ""


def book_slot(command: BookSlot, session: Session) -> Answer:
    act, scope = with_supplier(session, command.procurement, command.scope)
    found = meetings.find_slot(session.work.connection, command.slot)
    own = found is not None and found.procurement == act.id and found.scope == scope
    if found is None or not own:
        raise NotFoundError("slot", command.slot)
    require_in_competition(act, scope)
    before = _booked_before(act, found, scope)
    if before is not None and before.slot == found.id:
        return {"procurement": act.id, "meeting": before.id}
    _require_free(act, found)
    if before is not None:
        key = before.id
        act.record(
            e.MeetingMoved(
                key,
                scope,
                found.id,
                found.starts_at.isoformat(),
                found.ends_at.isoformat(),
                found.place,
            )
        )
    else:
        key = uuid4().hex
        act.record(_booked(session, found, scope, key))
    tell_calendars(act, key)
    return {"procurement": act.id, "meeting": key}


def _booked(session: Session, found: SlotRecord, scope: str, key: str) -> e.MeetingBooked:
    return e.MeetingBooked(
        meeting=key,
        occasion=found.occasion,
        kind=found.kind,
        lot=found.lot,
        scope=scope,
        participant=session.actor.id if session.actor.participation else "",
        slot=found.id,
        starts_at=found.starts_at.isoformat(),
        ends_at=found.ends_at.isoformat(),
        place=found.place,
    )


@dataclass(frozen=True, slots=True)
class CancelMeeting:
    """A member says why; a supplier may."""

    procurement: str
    meeting: str
    reason: str = ""


def cancel_meeting(command: CancelMeeting, session: Session) -> Answer:
    """It will not be held; its time can be booked again."""
    act, found = of_meeting(session, command.procurement, command.meeting)
    if session.actor.participation is None and not command.reason.strip():
        raise ReasonMissingError(
            "This needs a written reason: it goes into the record.", procurement=act.id
        )
    act.reason = command.reason.strip()
    if found.stands:
        _require_booked(found)
        act.record(e.MeetingCancelled(found.id, found.scope))
        tell_calendars(act, found.id)
    return {"procurement": act.id}


def take_back_times(act: Act, occasions: Collection[str] | None = None) -> None:
    """Nobody meets or can book on occasions that are no more, or on any where none are named:
    meetings ahead are cancelled, in the calendars too, and their times withdrawn."""
    connection = act.session.work.connection

    def ends(found: MeetingRecord | SlotRecord) -> bool:
        return found.starts_at > act.now and (occasions is None or found.occasion in occasions)

    for meeting in meetings.meetings_of(connection, act.id):
        if ends(meeting) and meeting.status == MeetingStatus.BOOKED:
            act.record(e.MeetingCancelled(meeting.id, meeting.scope))
            tell_calendars(act, meeting.id)
    for slot in meetings.slots_of(connection, act.id):
        if ends(slot) and slot.withdrawn_at is None:
            act.record(e.SlotWithdrawn(slot.id, slot.scope))


@dataclass(frozen=True, slots=True)
class HoldMeeting:
    """That it was held, when it began and ended (aware), and who came. `ours` and `theirs` are
    names, as people say them."""

    procurement: str
    meeting: str
    began_at: datetime
    ended_at: datetime
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


def hold_meeting(command: HoldMeeting, session: Session) -> Answer:
    """Said again it takes the place of what was said before."""
    act, found = of_meeting(session, command.procurement, command.meeting, participants=False)
    if not found.stands:
        raise RejectedError(
            "This meeting was cancelled.", meeting=found.id, about="meeting-cancelled"
        )
    _require_time(act, command.began_at, command.ended_at, ahead=False)
    act.record(
        e.MeetingHeld(
            found.id,
            found.scope,
            command.began_at.isoformat(),
            command.ended_at.isoformat(),
            _names(command.ours),
            _names(command.theirs),
        )
    )
    return {"procurement": act.id}


def of_meeting(
    session: Session, procurement: str, key: str, *, participants: bool = True
) -> tuple[Act, MeetingRecord]:
    """An act on a meeting, by a member or, where `participants`, by its supplier; raises
    NotFoundError, the same for one that is not the actor's as for none."""
    found = meetings.find_meeting(session.work.connection, key)
    known = found is not None and found.procurement == procurement
    scope = found.scope if found is not None and known else ""
    if participants and session.actor.participation is not None:
        act, mine = of_supplier(session, procurement)
        known = known and scope == mine
    else:
        act = arrange(session, procurement, scope)
    if found is None or not known:
        raise NotFoundError("meeting", key)
    return act, found


def known(act: Act, key: str) -> MeetingRecord:
    """A meeting of this act's procurement; raises NotFoundError."""
    found = meetings.find_meeting(act.session.work.connection, key)
    if found is None or found.procurement != act.id:
        raise NotFoundError("meeting", key)
    return found


def require_in_competition(act: Act, scope: str) -> None:
    """Raises NotFoundError for a supplier that is not known here, RejectedError for one that is
    out."""
    connection = act.session.work.connection
    known = {each.key: each.stands for each in records.suppliers(connection, act.id)}
    if not known.get(scope, True):
        raise NotTakingPartError(
            "This supplier no longer takes part: there is nothing to meet about.", supplier=scope
        )
    guests = participants.participants_of(connection, act.id)
    if scope not in known and scope not in {each.scope for each in guests}:
        raise NotFoundError("supplier", scope)


def _booked_before(act: Act, found: SlotRecord, scope: str) -> MeetingRecord | None:
    """The meeting that the supplier is yet to have for the same lot on the same occasion."""
    for each in meetings.meetings_of(act.session.work.connection, act.id):
        if each.status == MeetingStatus.BOOKED and (each.occasion, each.lot, each.scope) == (
            found.occasion,
            found.lot,
            scope,
        ):
            return each
    return None


def _holder(act: Act, slot: str) -> MeetingRecord | None:
    for each in meetings.meetings_of(act.session.work.connection, act.id):
        if each.stands and each.slot == slot:
            return each
    return None


def _require_free(act: Act, found: SlotRecord) -> None:
    """Raises RejectedError for one that is booked, taken back or begun."""
    taken = found.withdrawn_at is not None or _holder(act, found.id) is not None
    if taken or found.starts_at <= act.now:
        raise SlotGoneError("This time can no longer be booked. Choose another.", slot=found.id)


def _require_booked(found: MeetingRecord) -> None:
    if found.status == MeetingStatus.HELD:
        raise MeetingOverError("This meeting has been held.", meeting=found.id)


def _require_time(act: Act, start: datetime, end: datetime, *, ahead: bool) -> None:
    if start.tzinfo is None or end.tzinfo is None:
        raise InvalidInputError("Give the times with their time zone.", about="no-zone")
    if not timedelta() < end - start <= LONGEST_MEETING:
        raise InvalidInputError(
            "A meeting ends after it begins, and within twelve hours.",
            starts_at=start.isoformat(),
            ends_at=end.isoformat(),
            about="meeting-length",
        )
    if ahead and start <= act.now:
        raise InvalidInputError(
            "Offer times that lie ahead.", starts_at=start.isoformat(), about="slots-past"
        )
    if not ahead and end > act.now:
        raise InvalidInputError(
            "A meeting that has not ended cannot be put down as held.",
            ended_at=end.isoformat(),
            about="not-held-yet",
        )


def _names(given: tuple[str, ...]) -> list[str]:
    names = [_line(each) for each in given if each.strip()]
    if not 0 < len(names) <= MOST_PRESENT:
        raise InvalidInputError(
            f"Say who came, from one to {MOST_PRESENT} persons on each side.",
            count=len(names),
            about="present-count",
            most=MOST_PRESENT,
        )
    return names


def _line(text: str) -> str:
    line = " ".join(text.split())
    if len(line) > LONGEST_LINE:
        raise InvalidInputError(
            f"Write at most {LONGEST_LINE} characters; this has {len(line)}.",
            length=len(line),
            about="line-long",
            longest=LONGEST_LINE,
        )
    return line
