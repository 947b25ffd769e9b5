"""How a procurement stood at an earlier moment: what was seen then, no more and no less."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.commands.comments import AddComment
from engine.commands.procurements import CancelProcurement
from engine.commands.rewind import RewindProcurement
from engine.commands.team import RemoveMember
from engine.errors import InvalidInputError, NotFoundError
from engine.queries.diagrams import drawings_of
from engine.queries.procurement import ProcurementPage, procurement_page
from engine.queries.view import View
from engine.store import people, records
from engine.store.database import open_database
from engine.store.migrate import upgrade
from tests.support.circle import make_circle
from tests.support.course import step
from tests.support.platform import Platform, make_platform

# What the reader may do is a matter of today, whatever moment is looked at.
OF_TODAY = ("as_of", "my_roles", "may_steer", "may_comment", "happenings")


def seen(
    platform: Platform, procurement: str, as_of: datetime | None = None, person: str = "auditor"
) -> ProcurementPage:
    with platform.store.reader() as connection:
        definitions, now = platform.bus.environment.definitions, platform.clock.now()
        view = View(connection, definitions, platform.actor(person), now)
        return procurement_page(view, procurement, as_of)


def told(page: ProcurementPage) -> dict[str, Any]:
    return {name: getattr(page, name) for name in page.__slots__ if name not in OF_TODAY}


def walk(platform: Platform) -> tuple[str, dict[datetime, dict[str, Any]]]:
    """A course with a way back, and what was seen after each act."""
    procurement, moments = platform.start(), {}

    def note() -> None:
        moments[platform.clock.now()] = told(seen(platform, procurement))
        platform.clock.set(platform.clock.now() + timedelta(hours=5))

    note()
    platform.to_gate(procurement)
    note()
    with platform.store.reader() as connection:
        seq = records.seq_before(connection, procurement, "describe")
    platform.act("lead", RewindProcurement(procurement, seq, "Feil behov."))
    note()
    platform.to_branches(procurement)
    note()
    platform.act("lead", CancelProcurement(procurement, "Midlene er borte."))
    note()
    return procurement, moments


def test_an_earlier_moment_shows_what_was_seen_then(any_platform: Platform) -> None:
    procurement, moments = walk(any_platform)

    for moment, then in moments.items():
        assert told(seen(any_platform, procurement, moment)) == then


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("past")


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_moment_of_every_course_is_seen_again_as_it_was(
    empty: Path, data: st.DataObject
) -> None:
    file = empty / "pivotal.sqlite"
    file.unlink(missing_ok=True)
    database = open_database(f"sqlite:///{file}", durable=False)
    upgrade(database)
    platform = make_platform(database)
    procurement = platform.start()
    moments = {platform.clock.now(): told(seen(platform, procurement))}

    for _ in range(data.draw(st.integers(1, 12))):
        if step(platform, procurement, lambda options: data.draw(st.sampled_from(options))):
            moments[platform.clock.now()] = told(seen(platform, procurement))

    for moment, then in moments.items():
        assert told(seen(platform, procurement, moment)) == then
    database.dispose()


def test_this_very_moment_is_as_it_stands_now(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.to_branches(procurement)

    now = told(seen(any_platform, procurement))

    assert told(seen(any_platform, procurement, any_platform.clock.now())) == now


def test_tokens_are_drawn_where_they_were(platform: Platform) -> None:
    procurement = platform.start()
    then = platform.clock.now()
    platform.clock.set(then + timedelta(hours=1))
    platform.to_branches(procurement)

    with platform.store.reader() as connection:
        definitions, now = platform.bus.environment.definitions, platform.clock.now()
        view = View(connection, definitions, platform.actor("lead"), now)
        page = procurement_page(view, procurement, then)
        [drawing] = drawings_of(view, page.digest, page.active, page.passed)

    assert [place.name for place in drawing.places] == ["Describe"]


def test_nobody_looks_back_at_what_is_not_for_their_eyes_today(platform: Platform) -> None:
    procurement = platform.start()
    then = platform.clock.now()
    with platform.store.reader() as connection:
        seat = next(each for each in people.team(connection, procurement) if each.person == "owner")
    platform.clock.set(then + timedelta(hours=1))
    platform.act("lead", RemoveMember(procurement, seat.id, "Inhabil."))

    with pytest.raises(NotFoundError):
        seen(platform, procurement, then, "owner")


def test_what_is_confidential_today_is_confidential_in_the_past(platform: Platform) -> None:
    circle = make_circle(platform)
    task = circle.tasks["branch-b"]
    platform.act("owner", AddComment(circle.procurement, "kanari", task.id))
    then = platform.clock.now()

    page = seen(platform, circle.procurement, then, "employee")

    assert (page.suppliers, [each.scope for each in page.open_tasks]) == ((), [])


def test_nothing_can_be_done_in_the_past(platform: Platform) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)

    page = seen(platform, procurement, platform.clock.now(), "lead")

    assert (page.may_steer, page.may_comment, page.happenings) == (False, False, ())


@pytest.mark.parametrize("days", [-400, 1])
def test_a_moment_without_it_is_refused(platform: Platform, days: int) -> None:
    procurement = platform.start()
    moment = platform.clock.now() + timedelta(days=days)

    with pytest.raises(InvalidInputError):
        seen(platform, procurement, moment)


def test_the_past_is_told_where_two_clocks_differed(platform: Platform) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission={"title": "Trygg badeplass"})
    late = platform.clock.now() - timedelta(seconds=2)
    platform.clock.set(late)
    platform.act("lead", AddComment(procurement, "Fra en klokke som går sakte."))

    page = seen(platform, procurement, late)

    assert [comment.text for comment in page.comments] == ["Fra en klokke som går sakte."]
    assert [each.name for each in page.open_tasks] == ["Draft"]


def test_looking_back_writes_nothing(platform: Platform) -> None:
    procurement = platform.start()
    before = platform.entries(procurement)

    seen(platform, procurement, platform.clock.now())

    assert platform.entries(procurement) == before
    with platform.store.reader() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM procurement")) == 1
