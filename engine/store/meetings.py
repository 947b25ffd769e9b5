"""Times offered for meetings, the meetings, and the calendar messages that speak of them."""

from typing import Final

import sqlalchemy as sa

from engine.model.meeting import MeetingRecord, SlotRecord
from engine.store.rows import Selection
from engine.store.schema import meeting, meeting_mail, slot
from engine.store.unit_of_work import UnitOfWork

_SLOT: Final = Selection(slot, SlotRecord, slot.c.id == sa.bindparam("key"))
_SLOTS: Final = Selection(
    slot,
    SlotRecord,
    slot.c.procurement == sa.bindparam("procurement"),
    order=(slot.c.starts_at, slot.c.id),
)
_MEETING: Final = Selection(meeting, MeetingRecord, meeting.c.id == sa.bindparam("key"))
_MEETINGS: Final = Selection(
    meeting,
    MeetingRecord,
    meeting.c.procurement == sa.bindparam("procurement"),
    order=(meeting.c.starts_at, meeting.c.id),
)
_OF_MAIL: Final = sa.select(meeting_mail.c.meeting, meeting_mail.c.sequence).where(
    meeting_mail.c.mail == sa.bindparam("mail")
)


def find_slot(connection: sa.Connection, key: str) -> SlotRecord | None:
    return _SLOT.one(connection, key=key)


def slots_of(connection: sa.Connection, procurement: str) -> list[SlotRecord]:
    """The earliest first; those withdrawn too."""
    return _SLOTS.all(connection, procurement=procurement)


def find_meeting(connection: sa.Connection, key: str) -> MeetingRecord | None:
    return _MEETING.one(connection, key=key)


def meetings_of(connection: sa.Connection, procurement: str) -> list[MeetingRecord]:
    """The earliest first; those cancelled too."""
    return _MEETINGS.all(connection, procurement=procurement)


def keep_mail(work: UnitOfWork, mail: str, told: MeetingRecord) -> None:
    """The mail speaks of the meeting as it stands now."""
    work.writer.insert(meeting_mail, mail=mail, meeting=told.id, sequence=told.sequence)


def of_mail(connection: sa.Connection, mail: str) -> MeetingRecord | None:
    """The meeting that the mail speaks of; None when a newer mail tells it otherwise."""
    row = connection.execute(_OF_MAIL, {"mail": mail}).one_or_none()
    if row is None:
        return None
    found = find_meeting(connection, row.meeting)
    return found if found is not None and found.sequence == row.sequence else None
