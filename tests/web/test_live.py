"""Open pages hear of what happens, from whichever process, for as long as they may."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.commands.bus import CommandBus
from engine.commands.comments import AddComment
from engine.commands.notifications import MarkRead
from engine.queries.live import stamp_of_teams
from engine.store.database import open_database
from engine.store.unit_of_work import Store
from service.security import sessions
from service.wiring import Parts
from tests.support.platform import GOOD_NEED, Platform
from tests.support.serving import served
from tests.support.stream import Stream, opened
from tests.support.web import make_parts

Open = Callable[..., Stream]


@pytest.fixture
def any_parts(any_platform: Platform, tmp_path: Path) -> Parts:
    return make_parts(any_platform, tmp_path)


@pytest.fixture
def address(any_parts: Parts) -> Iterator[str]:
    with served(any_parts) as url:
        yield url


@pytest.fixture
def open_page(any_parts: Parts, address: str) -> Iterator[Open]:
    """Open a page as a person; what it asks to hear of stands in the query."""
    with ExitStack() as pages:

        def page(person: str, query: str = "", *, cookie: str = "") -> Stream:
            value = cookie or sessions.sign_in(any_parts, person)
            return pages.enter_context(opened(address, f"pivotal={value}", query))

        yield page


@pytest.fixture
def elsewhere(any_platform: Platform) -> Iterator[Platform]:
    """The same database, used by another process: nothing of the server's is shared."""
    url = any_platform.store.database.url
    database = open_database(url.render_as_string(hide_password=False))
    store = Store(database, any_platform.store.signer)
    bus = CommandBus(store, any_platform.bus.environment)
    yield replace(any_platform, store=store, bus=bus)
    database.dispose()


def version_of(platform: Platform, procurement: str) -> int:
    query = sa.text("SELECT version FROM procurement WHERE id = :key")
    with platform.store.reader() as connection:
        return int(connection.scalar(query, {"key": procurement}) or 0)


def test_a_page_hears_of_a_task_that_another_process_committed(
    any_platform: Platform, elsewhere: Platform, open_page: Open
) -> None:
    procurement = any_platform.start()
    page = open_page("owner")
    before = page.next()

    elsewhere.complete("lead", procurement, "describe", submission=GOOD_NEED)

    assert "badge" not in str(before)
    assert "1 ulest varsel" in page.until("badge")
    assert page.media_type.startswith("text/event-stream")


def test_what_is_read_elsewhere_no_longer_counts(any_platform: Platform, open_page: Open) -> None:
    procurement = any_platform.start()
    any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    page = open_page("owner")
    page.until("1 ulest varsel")

    any_platform.act("owner", MarkRead(up_to=1000))

    assert "badge" not in str(page.next())


def test_the_page_of_a_procurement_hears_that_it_has_changed(
    any_platform: Platform, elsewhere: Platform, open_page: Open
) -> None:
    procurement = any_platform.start()
    stamp = version_of(any_platform, procurement)
    page = open_page("lawyer", f"procurement={procurement}&stamp={stamp}")
    before = page.next()

    elsewhere.act("lead", AddComment(procurement, "Hei."))

    assert "Noe er endret" not in str(before)
    assert "Noe er endret" in page.until("endret")


def test_a_page_that_is_older_than_the_last_change_hears_so_at_once(
    any_platform: Platform, open_page: Open
) -> None:
    procurement = any_platform.start()
    stamp = version_of(any_platform, procurement)
    any_platform.act("lead", AddComment(procurement, "Hei."))

    assert "Noe er endret" in str(
        open_page("lawyer", f"procurement={procurement}&stamp={stamp}").next()
    )


def test_the_task_list_hears_of_changes_in_any_of_my_procurements(
    any_platform: Platform, open_page: Open
) -> None:
    any_platform.start()
    second = any_platform.start(reference="2026/2")
    with any_platform.store.reader() as connection:
        stamp = stamp_of_teams(connection, "lawyer")
    page = open_page("lawyer", f"stamp={stamp}")
    page.next()

    any_platform.act("lead", AddComment(second, "Hei."))

    assert "Noe er endret" in page.until("endret")


@pytest.mark.parametrize("person", ["stranger", "neighbour"])
def test_nobody_hears_of_a_procurement_that_is_not_theirs(
    any_platform: Platform, open_page: Open, person: str
) -> None:
    procurement = any_platform.start()

    answers = [
        open_page(person, f"procurement={key}&stamp=1").next() for key in (procurement, "absent")
    ]

    assert answers == ["over", "over"]


def test_signing_out_ends_the_stream(
    any_platform: Platform, any_parts: Parts, open_page: Open
) -> None:
    cookie = sessions.sign_in(any_parts, "lead")
    page = open_page("lead", cookie=cookie)
    page.next()

    sessions.sign_out(any_parts, cookie)

    assert page.next() == "over"
    assert page.next() is None


def test_an_open_page_does_not_keep_a_session_in_use(
    any_platform: Platform, any_parts: Parts, open_page: Open
) -> None:
    cookie = sessions.sign_in(any_parts, "lead")
    any_platform.clock.set(any_platform.clock.now() + timedelta(minutes=20))
    page = open_page("lead", cookie=cookie)
    first = page.next()

    any_platform.clock.set(any_platform.clock.now() + timedelta(minutes=11))

    assert first != "over"
    assert page.next() == "over"


def test_without_a_session_there_is_nothing_to_hear(open_page: Open) -> None:
    assert open_page("lead", cookie="nobody").next() == "over"


def test_many_pages_use_few_connections(
    any_platform: Platform, any_parts: Parts, open_page: Open
) -> None:
    pages = [open_page("owner") for _ in range(30)]
    for page in pages:
        page.next()

    any_platform.complete("lead", any_platform.start(), "describe", submission=GOOD_NEED)

    assert all("1 ulest varsel" in page.until("badge") for page in pages)
    assert any_parts.store.database.pool.checkedin() < 10  # type: ignore[attr-defined]


def test_of_too_many_pages_of_one_session_the_first_is_let_go(
    any_parts: Parts, open_page: Open
) -> None:
    cookie = sessions.sign_in(any_parts, "lead")

    pages = [open_page("lead", cookie=cookie) for _ in range(41)]

    assert pages[0].until("over") == "over"
    assert pages[1].next() != "over"


def test_the_server_stops_although_pages_are_open(any_platform: Platform, tmp_path: Path) -> None:
    parts = make_parts(any_platform, tmp_path)
    cookie = f"pivotal={sessions.sign_in(parts, 'lead')}"

    with ExitStack() as pages:
        with served(parts) as address:
            page = pages.enter_context(opened(address, cookie))
            page.next()

        assert page.next() is None
