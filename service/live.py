"""Open pages hear of changes within a second of their commit, whichever process made them.

One question a moment asks the database for what all pages of this process wait for; each page then
gets what is new for it. Nobody waiting, nothing asked; and no page holds a connection.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import structlog

from engine.clock import OSLO
from engine.queries.live import Live, Watched, look
from service.security import sessions
from service.wiring import Parts

INTERVAL: Final = 0.3
"""Seconds from one look to the next."""
HEARTBEAT: Final = 15.0
"""Seconds after which something is sent even if nothing is new, so that nobody between hangs up."""
MOST_PAGES: Final = 40
"""How many pages of one session are kept up to date."""
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Watch:
    """What a page waits for: its person's unread count, the end of its session, and a change of
    `procurement`, or of any in whose team the person is, since the page showed `stamp`."""

    person: str
    session: str
    procurement: str = ""
    stamp: int | None = None


@dataclass(frozen=True, slots=True)
class News:
    """What a page should show now; `over` is the last: the session has ended."""

    unread: int = 0
    changed: bool = False
    over: bool = False


@dataclass(slots=True, eq=False)
class _Page:
    watch: Watch
    news: News | None = None
    fresh: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, news: News) -> None:
        if news != self.news:
            self.news = news
            self.fresh.set()


class Hub:
    """All open pages of this process. Used from the event loop alone."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._pages: dict[_Page, None] = {}  # in the order they were opened
        self._looking: asyncio.Task[None] | None = None
        self._closed = False

    async def follow(self, watch: Watch) -> AsyncIterator[News | None]:
        """What is new for the page, as it comes; None now and then as a sign of life. Ends with the
        session, or when the service stops."""
        page = _Page(watch)
        self._pages[page] = None
        self._make_room(watch.session)
        self._look_on()
        try:
            while not self._closed:
                if not await _is_fresh(page):
                    yield None
                    continue
                news = self._taken(page)
                if news is None:
                    return
                yield news
                if news.over:
                    return
        finally:
            self._pages.pop(page, None)

    def close(self) -> None:
        """Let every page go, at once."""
        self._closed = True
        for page in self._pages:
            page.fresh.set()

    def _taken(self, page: _Page) -> News | None:
        page.fresh.clear()
        return None if self._closed else page.news

    def _make_room(self, session: str) -> None:
        """The page that somebody opened first is let go when there are too many."""
        of_session = [page for page in self._pages if page.watch.session == session]
        if len(of_session) > MOST_PAGES:
            of_session[0].tell(News(over=True))

    def _look_on(self) -> None:
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_again_and_again())

    async def _look_again_and_again(self) -> None:
        while self._pages and not self._closed:
            pages = list(self._pages)
            try:
                found = await asyncio.to_thread(self._ask, [page.watch for page in pages])
            except Exception as error:  # noqa: BLE001 - a database that is away ends no page
                log.warning("open pages wait: the database does not answer", error=str(error))
            else:
                for page in pages:
                    page.tell(self._news(page.watch, found))
            await asyncio.sleep(INTERVAL)

    def _ask(self, watches: list[Watch]) -> Live:
        stamped = [each for each in watches if each.stamp is not None]
        watched = Watched(
            persons={each.person for each in watches},
            procurements={each.procurement for each in stamped if each.procurement},
            teams={each.person for each in stamped if not each.procurement},
            sessions={each.session for each in watches},
        )
        with self._parts.store.reader() as connection:
            return look(connection, watched, self._today())

    def _today(self) -> date:
        return self._parts.clock.now().astimezone(OSLO).date()

    def _news(self, watch: Watch, found: Live) -> News:
        session = found.sessions.get(watch.session)
        if session is None or sessions.has_ended(self._parts, *session):
            return News(over=True)
        if watch.procurement:
            now = found.versions.get(watch.procurement)
        else:
            now = found.teams.get(watch.person, 0)
        changed = watch.stamp is not None and now != watch.stamp
        return News(found.unread.get(watch.person, 0), changed)


async def _is_fresh(page: _Page) -> bool:
    """Wait for something new; False when there was nothing for a while."""
    try:
        await asyncio.wait_for(page.fresh.wait(), HEARTBEAT)
    except TimeoutError:
        return False
    return True
