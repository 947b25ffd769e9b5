"""Taking back what one has written: shown nowhere any more, and kept by the record."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.added_tasks import AddTask
from engine.commands.bulk import CommentOnTasks
from engine.commands.comments import AddComment, WithdrawComment
from engine.commands.search import RebuildSearch
from engine.errors import CommentInUseError, ForbiddenError, NotFoundError
from engine.model.actor import SYSTEM
from engine.queries.changes import changes_in
from engine.queries.conversation import comments_of
from engine.queries.notifications import inbox
from engine.queries.record import log_of
from engine.queries.search import search
from engine.queries.task import task_page
from engine.queries.view import View, find_procurement, see_at
from tests.support.circle import make_circle
from tests.support.platform import Platform

WORD = "brønnboring"


@contextmanager
def viewed(platform: Platform, person: str) -> Iterator[View]:
    with platform.store.reader() as connection:
        definitions, now = platform.bus.environment.definitions, platform.clock.now()
        yield View(connection, definitions, platform.actor(person), now)


def said(platform: Platform, procurement: str, task: str = "", text: str = WORD) -> str:
    return str(platform.act("lead", AddComment(procurement, text, task))["comment"])


def test_a_withdrawn_comment_is_not_shown_and_says_who_took_it_back(any_platform: Platform) -> None:
    procurement = any_platform.start()
    task = any_platform.task(procurement, "describe").id
    key = said(any_platform, procurement, task)
    with viewed(any_platform, "lead") as view:
        seen = find_procurement(view, procurement)
        [before] = comments_of(seen, task, seen.target())

    any_platform.act("lead", WithdrawComment(procurement, key))
    any_platform.act("lead", WithdrawComment(procurement, key))

    with viewed(any_platform, "owner") as view:
        seen = find_procurement(view, procurement)
        [shown] = comments_of(seen, task, seen.target())
        [entry] = (each for each in log_of(seen).entries if each.type == "CommentWithdrawn")
    assert (before.text, before.may_withdraw) == (WORD, True)
    assert (shown.text, shown.by, shown.may_withdraw) == ("", "Lead", False)
    assert shown.withdrawn_at == any_platform.clock.now()
    assert entry.by == "Lead"
    assert any_platform.entries(procurement).count("CommentWithdrawn") == 1
    assert all(verdict.ok for verdict in any_platform.verify())


def test_only_the_author_withdraws(any_platform: Platform) -> None:
    procurement = any_platform.start()
    key = said(any_platform, procurement)

    with pytest.raises(ForbiddenError, match="only the one who wrote it"):
        any_platform.act("owner", WithdrawComment(procurement, key))
    with pytest.raises(NotFoundError):
        any_platform.act("stranger", WithdrawComment(procurement, key))
    with pytest.raises(NotFoundError):
        any_platform.act("lead", WithdrawComment(procurement, "absent"))

    assert "CommentWithdrawn" not in any_platform.entries(procurement)


def test_a_comment_on_one_suppliers_matter_is_withdrawn_by_who_may_only_see_that(
    platform: Platform,
) -> None:
    circle = make_circle(platform)
    task = circle.tasks["branch-a"]
    key = platform.act("member-a", AddComment("", "sagt", task.id))["comment"]

    with pytest.raises(NotFoundError):
        platform.act("member-b", WithdrawComment(task.procurement, key))
    platform.act("member-a", WithdrawComment(task.procurement, key))

    assert platform.entries(task.procurement)[-1] == "CommentWithdrawn"


def test_what_something_was_made_of_stands(any_platform: Platform) -> None:
    procurement = any_platform.start()
    key = said(any_platform, procurement)
    any_platform.act("lead", AddTask(procurement, "Bor", "Nyttig.", comment=key))

    with pytest.raises(CommentInUseError):
        any_platform.act("lead", WithdrawComment(procurement, key))


def test_nothing_is_made_of_a_withdrawn_comment(platform: Platform) -> None:
    procurement = platform.start()
    key = said(platform, procurement)
    platform.act("lead", WithdrawComment(procurement, key))

    with pytest.raises(NotFoundError):
        platform.act("lead", AddTask(procurement, "Bor", "Nyttig.", comment=key))


def test_the_text_is_neither_found_nor_told_of_anywhere(any_platform: Platform) -> None:
    procurement = any_platform.start()
    key = said(any_platform, procurement)
    then = any_platform.clock.now()
    any_platform.clock.set(then + timedelta(hours=1))
    any_platform.act("lead", WithdrawComment(procurement, key))

    with viewed(any_platform, "lead") as view:
        found = search(view, WORD)
        seen = find_procurement(view, procurement)
        entries = log_of(seen, limit=500).entries
        changes = changes_in(seen, entries)
        with see_at(view, procurement, then) as earlier:
            past = comments_of(earlier, "", earlier.target())
            past_entries = log_of(earlier, limit=500).entries

    assert found.hits == ()
    assert WORD not in repr((entries, changes, past, past_entries))
    assert [each.withdrawn_at is not None for each in past] == [True]


def test_an_index_that_is_made_anew_leaves_it_out(platform: Platform) -> None:
    procurement = platform.start()
    key = said(platform, procurement)
    platform.act("lead", WithdrawComment(procurement, key))

    platform.bus.handle(RebuildSearch(), SYSTEM)

    with viewed(platform, "lead") as view:
        assert search(view, WORD).hits == ()


def test_the_sealed_entry_keeps_the_text(platform: Platform) -> None:
    procurement = platform.start()
    key = said(platform, procurement)

    platform.act("lead", WithdrawComment(procurement, key))

    query = sa.text("SELECT body FROM audit_event WHERE type = 'CommentAdded'")
    with platform.store.reader() as connection:
        assert WORD in bytes(connection.scalar(query)).decode()


def test_whoever_was_mentioned_and_has_not_looked_has_nothing_new(any_platform: Platform) -> None:
    procurement = any_platform.start()
    key = said(any_platform, procurement, text="Se her, @Owner!")
    with viewed(any_platform, "owner") as view:
        before = inbox(view)

    any_platform.act("lead", WithdrawComment(procurement, key))

    with viewed(any_platform, "owner") as view:
        after = inbox(view)
    told = [each for each in after.rows if each.kind == "mentioned"]
    assert after.unread == before.unread - 1
    assert [each.over for each in told] == [True]


def texts(platform: Platform, tasks: tuple[str, ...]) -> list[list[str]]:
    """What is said on each task, as the lead reads it."""
    with viewed(platform, "lead") as view:
        pages = [task_page(view, task) for task in tasks]
    return [[each.text for each in page.comments] for page in pages]


def test_a_comment_on_many_tasks_is_taken_back_from_all_of_them_in_one_act(
    any_platform: Platform,
) -> None:
    platform = any_platform
    procurements = [platform.start(reference=f"2026/{each}") for each in range(3)]
    tasks = tuple(platform.task(each, "describe").id for each in procurements)
    platform.act("lead", CommentOnTasks(tasks[2:], WORD))
    platform.clock.set(platform.clock.now() + timedelta(minutes=1))
    first = platform.act("lead", CommentOnTasks(tasks, WORD))["first"]
    with pytest.raises(ForbiddenError):
        platform.act("owner", WithdrawComment(**first, together=True))

    for _ in range(2):
        platform.act("lead", WithdrawComment(**first, together=True))

    assert texts(platform, tasks) == [[""], [""], [WORD, ""]]
    assert all(verdict.ok for verdict in platform.verify())


def test_no_comment_is_taken_back_when_work_rests_on_one_of_them(platform: Platform) -> None:
    procurements = [platform.start(reference=f"2026/{each}") for each in range(2)]
    tasks = tuple(platform.task(each, "describe").id for each in procurements)
    first = platform.act("lead", CommentOnTasks(tasks, WORD))["first"]
    with viewed(platform, "lead") as view:
        last = task_page(view, tasks[1]).comments[0].id
    made = AddTask(procurements[1], "Bor", "Haster.", comment=last)
    platform.act("lead", made)

    with pytest.raises(CommentInUseError):
        platform.act("lead", WithdrawComment(**first, together=True))

    assert texts(platform, tasks) == [[WORD], [WORD]]
