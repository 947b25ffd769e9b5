"""Dates as iCalendar (RFC 5545), in the reader's language: files, and messages to calendars."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Calendar, Event, Timezone, vCalAddress

from engine.clock import OSLO
from engine.model.meeting import MeetingRecord
from engine.queries.calendar import CalendarEntry, ProcurementCalendar
from engine.queries.mails import AppointmentContent, MeetingContent
from service.i18n import Translator

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
_DOMAIN: Final = "pivotal"
_ZONE: Final = "Europe/Oslo"
_YEARS_AHEAD: Final = 15


def calendar_file(found: ProcurementCalendar, text: Translator, origin: str) -> bytes:
    """The file; `origin` is the address of the platform, for links back.

    Entries keep their UID for ever and get the record's number as SEQUENCE, so that a calendar
    that reads the file again moves what has moved.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//PIVOTAL//PIVOTAL//NO")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{found.reference} {found.title}")
    calendar.add("x-wr-timezone", _ZONE)
    first = found.made_at.astimezone(OSLO).date().replace(month=1, day=1)
    last = first.replace(year=first.year + _YEARS_AHEAD)
    calendar.add_component(Timezone.from_tzid(_ZONE, first_date=first, last_date=last))
    for entry in found.entries:
        calendar.add_component(_event(found, entry, text, origin))
    return bytes(calendar.to_ical())


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to stand in one person's calendar, or, where it is not `active`, to go out of it.
    `sequence` grows with each message of the same `uid` (RFC 5546); who is `busy` is not free
    meanwhile."""

    uid: str
    sequence: int
    active: bool
    what: str
    starts_at: datetime
    ends_at: datetime
    address: str
    place: str = ""
    link: str = ""
    busy: bool = False

    @property
    def method(self) -> str:
        return "REQUEST" if self.active else "CANCEL"


def due_date(content: AppointmentContent, what: str, link: str) -> Entry:
    """A due date, or a gathering; it has the UID that it has in the calendar file of the
    procurement."""
    return Entry(
        uid=f"task-{content.task}",
        sequence=content.sequence,
        active=content.active,
        what=what,
        starts_at=content.due_at,
        ends_at=content.ends_at or content.due_at,
        address=content.address,
        place=content.place,
        link=link,
        busy=content.ends_at is not None,
    )


def meeting(content: MeetingContent, what: str, link: str) -> Entry:
    """A meeting; it keeps its UID when it is moved."""
    return Entry(
        uid=f"meeting-{content.meeting}",
        sequence=content.sequence,
        active=content.active,
        what=what,
        starts_at=content.starts_at,
        ends_at=content.ends_at,
        address=content.address,
        place=content.place,
        link=link,
        busy=True,
    )


def meeting_file(found: MeetingRecord, what: str, link: str, now: datetime) -> bytes:
    """One meeting as a file to take into a calendar; it has the UID of its messages."""
    entry = Entry(
        uid=f"meeting-{found.id}",
        sequence=found.sequence,
        active=found.stands,
        what=what,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        address="",
        place=found.place,
        link=link,
        busy=True,
    )
    return _one_event("PUBLISH", _of_entry(entry, now))


def invitation(entry: Entry, sender: str, now: datetime) -> bytes:
    """One entry as an iTIP message to one person: REQUEST to note it, CANCEL to take it out."""
    event = _of_entry(entry, now)
    event.add("organizer", f"mailto:{sender}")
    attendee = vCalAddress(f"mailto:{entry.address}")
    attendee.params["RSVP"] = "FALSE"
    attendee.params["PARTSTAT"] = "NEEDS-ACTION"
    event.add("attendee", attendee)
    return _one_event(entry.method, event)


def _one_event(method: str, event: Event) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//PIVOTAL//PIVOTAL//NO")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _of_entry(entry: Entry, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{_DOMAIN}")
    event.add("sequence", entry.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("summary", entry.what)
    event.add("status", "CONFIRMED" if entry.active else "CANCELLED")
    event.add("transp", "OPAQUE" if entry.busy else "TRANSPARENT")
    if entry.place:
        event.add("location", entry.place)
    if entry.link:
        event.add("url", entry.link)
    return event


def _event(
    found: ProcurementCalendar, entry: CalendarEntry, text: Translator, origin: str
) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{_DOMAIN}")
    event.add("sequence", found.sequence)
    event.add("dtstamp", found.made_at.astimezone(UTC))
    event.add("summary", f"{_name(entry, text)} ({found.reference})")
    event.add("description", _description(found, entry, text))
    if entry.at is None:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
    else:
        event.add("dtstart", entry.at.astimezone(OSLO))
    event.add("url", f"{origin}/tasks/{entry.task}" if entry.task else _page(found, origin))
    event.add("status", "CONFIRMED" if entry.fact else "TENTATIVE")
    event.add("transp", "TRANSPARENT")
    event.add("categories", [text(f"calendar.{entry.kind}")])
    return event


def _name(entry: CalendarEntry, text: Translator) -> str:
    return text.or_key("milestone", entry.name) if entry.kind == "milestone" else entry.name


def _description(found: ProcurementCalendar, entry: CalendarEntry, text: Translator) -> str:
    lines = [found.title, text(f"calendar.{entry.kind}")]
    if not entry.fact:
        lines.append(text("calendar.expected"))
    return "\n".join([*lines, *([entry.citation] if entry.citation else [])])


def _page(found: ProcurementCalendar, origin: str) -> str:
    return f"{origin}/procurements/{found.id}/plan"
