"""What I was told: the inbox. It works as a plain page; the live count is an addition."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.notifications import MarkRead
from engine.errors import InvalidInputError
from engine.queries.notifications import Inbox, Told, find_told, inbox
from service.dependencies import Bus
from service.i18n import Translator
from service.pages.posting import Sent
from service.pages.rendering import go
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)
_LARGEST: Final = 2**62


@dataclass(frozen=True, slots=True)
class Line:
    """One notification with the sentence that says it."""

    told: Told
    text: str


@dataclass(frozen=True, slots=True)
class InboxPage:
    lines: tuple[Line, ...]
    unread: int
    unread_only: bool
    newest: int
    older: int


@router.get("/notifications")
def show_inbox(here: Here, unread: bool = False, below: int = 0) -> HTMLResponse:
    found: Inbox = inbox(here.view, unread_only=unread, below=min(max(below, 0), _LARGEST))
    page = InboxPage(
        tuple(Line(each, sentence(each, here.text)) for each in found.rows),
        found.unread,
        unread,
        found.newest,
        found.older,
    )
    return here.show("notifications/list.html", page)


def sentence(told: Told, text: Translator) -> str:
    """What happened, in the reader's language."""
    return text(f"notification.{told.kind}", about=told.about, by=told.by or text("platform"))


@router.get("/notifications/{key}")
def open_notification(key: int, here: Here, bus: Bus) -> Response:
    """On to what it is about; having been there, the reader has read it."""
    told = find_told(here.view, _id(key))
    bus.handle(MarkRead((told.id,)), here.person.actor)
    return go(f"/tasks/{told.task}" if told.task else f"/procurements/{told.procurement}")


@router.post("/notifications/read")
def mark_read(here: Here, bus: Bus, sent: Sent) -> Response:
    """One (`key`), or all up to the newest that was shown (`up_to`)."""
    keys = (_number(sent["key"]),) if sent["key"] else None
    up_to = 0 if keys else _number(sent["up_to"])
    bus.handle(MarkRead(keys, up_to), here.person.actor, request=sent.request)
    return go("/notifications", done="read")


def _number(text: str) -> int:
    if not text.isdecimal():
        raise InvalidInputError("Choose a notification of the list.", key=text)
    return _id(int(text))


def _id(number: int) -> int:
    """No id is larger than a database can hold."""
    return min(number, _LARGEST)
