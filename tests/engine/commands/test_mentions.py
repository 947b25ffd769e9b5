"""Speaking to somebody in a comment."""

import pytest
import sqlalchemy as sa

from engine.commands.comments import AddComment
from engine.errors import InvalidInputError
from engine.queries.conversation import CommentView
from engine.store import people
from tests.engine.commands.test_forms import page
from tests.support.platform import GOOD_NEED, Platform


def told(platform: Platform) -> list[str]:
    query = sa.text("SELECT person FROM notification WHERE kind = 'mentioned' ORDER BY person")
    with platform.store.reader() as connection:
        return list(connection.scalars(query))


def comments(platform: Platform, task: str) -> tuple[CommentView, ...]:
    return page(platform, "lead", task).comments


def test_whom_a_comment_names_is_told_and_stands_with_it(any_platform: Platform) -> None:
    task = any_platform.task(any_platform.start(), "describe").id

    any_platform.act("lead", AddComment("", "Se her, @Owner og @lawyer!", task))

    assert told(any_platform) == ["lawyer", "owner"]
    assert set(comments(any_platform, task)[0].mentions) == {"Owner", "Lawyer"}
    assert all(verdict.ok for verdict in any_platform.verify())


def test_the_longer_name_is_meant(platform: Platform) -> None:
    task = platform.task(platform.start(), "describe").id

    platform.act("lead", AddComment("", "Hva sier du, @Owner-2?", task))

    assert told(platform) == ["owner-2"]


def test_persons_may_be_chosen_without_naming_them(platform: Platform) -> None:
    procurement = platform.start()

    platform.act("lead", AddComment(procurement, "Til orientering", mentions=("owner", "owner")))

    assert told(platform) == ["owner"]


def test_nobody_is_told_of_what_the_person_may_not_read(platform: Platform) -> None:
    procurement = platform.start()
    before = platform.entries(procurement)

    with pytest.raises(InvalidInputError, match="may not read this"):
        platform.act("lead", AddComment(procurement, "Hei", mentions=("stranger",)))
    platform.act("lead", AddComment(procurement, "Hei @Stranger og kari@eksempel.no"))

    assert told(platform) == []
    assert platform.entries(procurement) == [*before, "CommentAdded"]


def test_nobody_is_told_of_an_own_comment(platform: Platform) -> None:
    procurement = platform.start()

    platform.act("lead", AddComment(procurement, "Husk dette, @Lead"))

    assert told(platform) == []


def test_the_page_offers_members_who_may_read(platform: Platform) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    task = platform.task(procurement, "draft").id

    offered = dict(page(platform, "owner", task).mentionable)

    assert "owner" not in offered
    assert {"lead", "owner-2", "lawyer"} <= set(offered)
    with platform.store.reader() as connection:
        assert set(offered) <= {seat.person for seat in people.team(connection, procurement)}


def test_who_may_do_a_task_is_named(platform: Platform) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    task = platform.task(procurement, "draft").id

    assert [each.name for each in page(platform, "lead", task).candidates] == ["Owner", "Owner-2"]
