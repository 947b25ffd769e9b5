"""How a procurement stood at an earlier moment: what was seen then, no more and no less."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile
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
from engine.queries.documents import documents_of
from engine.queries.procurement import ProcurementPage, procurement_page
from engine.queries.record import log_of
from engine.queries.suppliers import suppliers_of
from engine.queries.team import roles_held
from engine.queries.timeline import timeline_of
from engine.queries.view import View, see_at
from engine.store import people, records
from engine.store.database import open_database
from tests.support.circle import make_circle
from tests.support.course import step
from tests.support.platform import Platform, make_platform

# What the reader may do is a matter of today, whatever moment is looked at.
OF_TODAY = (
    "as_of",
    "my_roles",
    "may_steer",
    "may_comment",
    "may_read_looks",
    "may_read_record",
    "may_see_participants",
    "may_see_impartiality",
    "happenings",
)


@contextmanager
def looking(platform: Platform, person: str) -> Iterator[View]:
    with platform.store.reader() as connection:
        definitions, now = platform.bus.environment.definitions, platform.clock.now()
        yield View(connection, definitions, platform.actor(person), now)


def seen(
    platform: Platform, procurement: str, as_of: datetime | None = None, person: str = "auditor"
) -> ProcurementPage:
    with looking(platform, person) as view:
        return procurement_page(view, procurement, as_of)


def told(platform: Platform, procurement: str, as_of: datetime | None = None) -> dict[str, Any]:
    """Everything that the pages tell an auditor, but what may be done."""
    with looking(platform, "auditor") as view:
        page = procurement_page(view, procurement, as_of)
        with see_at(view, procurement, as_of) as moment:
            found: dict[str, Any] = {
                "suppliers": suppliers_of(moment),
                "documents": documents_of(moment),
                "roles": roles_held(moment, page.overview.open_tasks),
                "record": log_of(moment),
                "plan": timeline_of(moment),
            }
    for part in (page, page.overview, page.overview.head):
        found |= {f"{type(part).__name__}.{name}": getattr(part, name) for name in part.__slots__}
    left_out = {f"{kind}.{name}" for kind in ("Overview", "Head") for name in OF_TODAY}
    left_out |= {"ProcurementPage.overview", "Overview.head"}
    return {name: value for name, value in found.items() if name not in left_out}


def walk(platform: Platform) -> tuple[str, dict[datetime, dict[str, Any]]]:
    """A course with a way back, and what was seen after each act."""
    procurement, moments = platform.start(), {}

    def note() -> None:
        moments[platform.clock.now()] = told(platform, procurement)
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
        assert told(any_platform, procurement, moment) == then


@settings(max_examples=20, deadline=None)
@given(data=st.data())
def test_every_moment_of_every_course_is_seen_again_as_it_was(
    sqlite_schema: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    file = copyfile(sqlite_schema, tmp_path_factory.mktemp("past") / "pivotal.sqlite")
    database = open_database(f"sqlite:///{file}", durable=False)
    platform = make_platform(database)
    procurement = platform.start()
    moments = {platform.clock.now(): told(platform, procurement)}

    for _ in range(data.draw(st.integers(1, 12))):
        if step(platform, procurement, lambda options: data.draw(st.sampled_from(options))):
            moments[platform.clock.now()] = told(platform, procurement)

    for moment, then in moments.items():
        assert told(platform, procurement, moment) == then
    database.dispose()


def test_this_very_moment_is_as_it_stands_now(any_platform: Platform) -> None:
    procurement = any_platform.start()
    any_platform.to_branches(procurement)

    now = told(any_platform, procurement)

    assert told(any_platform, procurement, any_platform.clock.now()) == now


def test_tokens_are_drawn_where_they_were(platform: Platform) -> None:
    procurement = platform.start()
    then = platform.clock.now()
    platform.clock.set(then + timedelta(hours=1))
    platform.to_branches(procurement)

    with looking(platform, "lead") as view:
        overview = procurement_page(view, procurement, then).overview
        [drawing] = drawings_of(view, overview.head.digest, overview.where)

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

    assert (page.suppliers, [each.scope for each in page.overview.open_tasks]) == ((), [])


def test_nothing_can_be_done_in_the_past(platform: Platform) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)

    page = seen(platform, procurement, platform.clock.now(), "lead")

    head = page.overview.head
    assert (head.may_steer, head.may_comment, page.overview.happenings) == (False, False, ())


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

    assert [comment.text for comment in page.overview.comments] == ["Fra en klokke som går sakte."]
    assert [each.name for each in page.overview.open_tasks] == ["Draft"]


def test_looking_back_writes_nothing(platform: Platform) -> None:
    procurement = platform.start()
    before = platform.entries(procurement)

    seen(platform, procurement, platform.clock.now())

    assert platform.entries(procurement) == before
    with platform.store.reader() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM procurement")) == 1
