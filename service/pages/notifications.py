"""What I was told: the inbox. It works as a plain page; the live count is an addition."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response, StreamingResponse
from jinja2 import Environment
from starlette.concurrency import run_in_threadpool

from engine.commands.notifications import MarkRead
from engine.errors import InvalidInputError, NotFoundError
from engine.queries.notifications import Inbox, Told, find_told, inbox
from engine.queries.view import View, see_procurement
from service.dependencies import Bus, parts_of, translator_of
from service.live import Hub, Watch
from service.pages.posting import Sent
from service.pages.rendering import go
from service.pages.visit import Here
from service.security import sessions
from service.security.sessions import SignInNeededError
from service.wording import sentence

router = APIRouter(include_in_schema=False)
_LARGEST: Final = 2**62
STREAMED: Final[Mapping[str, str]] = MappingProxyType(
    {"X-Accel-Buffering": "no"}  # a proxy in front passes on each event as it comes
)


Procurement = Annotated[str, Query(max_length=64, pattern=r"^[\w-]*$")]
SIGN_OF_LIFE: Final = ": here\n\n"
OVER: Final = "event: over\ndata: over\n\n"
"""The page closes the stream and does not ask for it again."""


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


@router.get("/notifications/stream")
async def stream(
    request: Request, procurement: Procurement = "", stamp: int | None = None
) -> StreamingResponse:
    """Server-sent events, each a piece of HTML: the count of unread, and whether what the page
    shows has changed since `stamp`. It does not count as use of the session."""
    try:
        watch = await run_in_threadpool(_watch, request, procurement, stamp)
        events = _events(request, watch)
    except (SignInNeededError, NotFoundError):
        events = _nothing_more()  # a page of ours would be swapped in, a refusal asked again
    return StreamingResponse(events, media_type="text/event-stream", headers=STREAMED)


def _watch(request: Request, procurement: str, stamp: int | None) -> Watch:
    """Raises SignInNeededError, or NotFoundError for what the person may not see."""
    parts = parts_of(request)
    cookie = request.cookies.get(sessions.cookie_name(parts))
    actor, session = sessions.watching(parts, cookie)
    if procurement:
        with parts.store.reader() as connection:
            view = View(connection, parts.definitions, actor, parts.clock.now())
            see_procurement(view, procurement)
    return Watch(actor.id, session, procurement, stamp)


async def _events(request: Request, watch: Watch) -> AsyncIterator[str]:
    hub: Hub = request.app.state.live
    environment: Environment = request.app.state.templates
    template = environment.get_template("notifications/live.html")
    text = translator_of(request)
    async for news in hub.follow(watch):
        if news is None:
            yield SIGN_OF_LIFE
        elif news.over:
            yield OVER
        else:
            yield _event(template.render(t=text, unread=news.unread, changed=news.changed))


async def _nothing_more() -> AsyncIterator[str]:
    yield OVER


def _event(html: str) -> str:
    """One unnamed message: htmx swaps in what has no name."""
    return "".join(f"data: {line}\n" for line in html.splitlines() if line.strip()) + "\n"


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
        raise InvalidInputError(
            "Choose a notification of the list.", key=text, about="no-notification"
        )
    return _id(int(text))


def _id(number: int) -> int:
    """No id is larger than a database can hold."""
    return min(number, _LARGEST)
