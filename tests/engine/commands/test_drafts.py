"""Unfinished work: shared, merged, never overwritten in silence; and who has a task open."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engine.commands.decisions import ReturnDecision
from engine.commands.drafts import LookAtTask, SaveDraft
from engine.commands.tasks import ClaimTask, CompleteTask, ReleaseTask
from engine.errors import (
    ForbiddenError,
    NotFoundError,
    StaleDraftError,
    TaskNotOpenError,
)
from engine.queries.presence import Onlooker, onlookers_of_task
from engine.queries.task import DraftView, task_page
from engine.queries.view import View
from tests.support.platform import GOOD_NEED, Platform
from tests.support.rich_process import to_assessment, to_summary
from tests.unit.forms.rich import GOOD, SCORES, cell


def view_of(platform: Platform, person: str, connection: sa.Connection) -> View:
    definitions = platform.bus.environment.definitions
    return View(connection, definitions, platform.actor(person), platform.clock.now())


def draft(platform: Platform, person: str, task: str) -> DraftView | None:
    with platform.store.reader() as connection:
        return task_page(view_of(platform, person, connection), task).draft


def content(platform: Platform, person: str, task: str) -> dict[str, Any]:
    found = draft(platform, person, task)
    return found.content if found is not None else {}


def here(platform: Platform, person: str, task: str, page: str = "") -> tuple[Onlooker, ...]:
    with platform.store.reader() as connection:
        return onlookers_of_task(view_of(platform, person, connection), task, page)


def later(platform: Platform, much: timedelta) -> None:
    platform.clock.set(platform.clock.now() + much)


def drafting(platform: Platform) -> str:
    """A task that two people may do."""
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    return platform.task(procurement, "draft").id


def test_those_who_may_do_the_task_share_one_draft(any_platform: Platform) -> None:
    task = drafting(any_platform)

    any_platform.act("owner", SaveDraft(task, {"note": "Påbegynt"}, {}))

    seen = draft(any_platform, "owner-2", task)
    assert seen is not None
    assert (seen.content, seen.by, seen.mine) == ({"note": "Påbegynt"}, "Owner", False)
    assert draft(any_platform, "lead", task) is None


def test_what_one_released_the_next_goes_on_with(platform: Platform) -> None:
    task = drafting(platform)
    platform.act("owner", ClaimTask(task))
    platform.act("owner", SaveDraft(task, {"note": "Påbegynt"}, {}))
    assert draft(platform, "owner-2", task) is None

    platform.act("owner", ReleaseTask(task))

    assert content(platform, "owner-2", task) == {"note": "Påbegynt"}


def test_two_who_write_in_different_fields_both_keep_their_words(any_platform: Platform) -> None:
    task = any_platform.task(to_summary(any_platform), "summarise").id
    first = any_platform.act("lead", SaveDraft(task, {"buyer": "313"}, {}))
    base = first["base"]

    any_platform.act("lead", SaveDraft(task, {**base, "code": "7300"}, base))
    answer = any_platform.act("lead", SaveDraft(task, {**base, "buyer": "3130"}, base))

    assert answer["conflicts"] == []
    kept = content(any_platform, "lead", task)
    assert (kept["buyer"], kept["code"]) == ("3130", "7300")


def test_two_who_fill_in_different_cells_of_a_matrix_both_keep_their_scores(
    platform: Platform,
) -> None:
    task = platform.task(to_summary(platform), "summarise").id
    base = platform.act("lead", SaveDraft(task, {}, {}))["base"]
    empty = base["scores"]
    assert [set(each) for each in empty] == [{"supplier", "criterion"}] * 4

    platform.act("lead", SaveDraft(task, {**base, "scores": [SCORES[0], *empty[1:]]}, base))
    answer = platform.act(
        "lead", SaveDraft(task, {**base, "scores": [*empty[:3], SCORES[3]]}, base)
    )

    assert answer["conflicts"] == []
    assert content(platform, "lead", task)["scores"] == [
        SCORES[0],
        cell("b", "Kvalitet"),
        cell("a", "Pris"),
        SCORES[3],
    ]


def test_where_both_wrote_the_draft_stays_and_the_second_is_told(any_platform: Platform) -> None:
    task = drafting(any_platform)
    any_platform.act("owner", SaveDraft(task, {"note": "Den første"}, {}))

    answer = any_platform.act("owner-2", SaveDraft(task, {"note": "Den andre"}, {}))

    assert answer["conflicts"] == ["note"]
    assert answer["content"] == {"note": "Den første"}
    assert content(any_platform, "owner", task) == {"note": "Den første"}


def test_a_conflict_is_settled_by_saving_from_what_was_told(platform: Platform) -> None:
    task = drafting(platform)
    platform.act("owner", SaveDraft(task, {"note": "Den første"}, {}))
    told = platform.act("owner-2", SaveDraft(task, {"note": "Den andre"}, {}))

    again = platform.act("owner-2", SaveDraft(task, {"note": "Den andre"}, told["base"]))
    settled = platform.act("owner-2", SaveDraft(task, {"note": "Den andre"}, told["content"]))

    assert again["conflicts"] == ["note"]
    assert settled["conflicts"] == []
    assert content(platform, "owner", task) == {"note": "Den andre"}


def test_without_a_base_ones_own_draft_is_replaced_and_anothers_is_not(platform: Platform) -> None:
    task = drafting(platform)
    platform.act("owner", SaveDraft(task, {"note": "En"}))

    mine = platform.act("owner", SaveDraft(task, {"note": "To"}))
    theirs = platform.act("owner-2", SaveDraft(task, {"note": "Tre"}))

    assert mine["conflicts"] == []
    assert theirs["conflicts"] == ["note"]
    assert content(platform, "owner", task) == {"note": "To"}


def test_the_reason_of_a_gate_is_kept_with_the_draft(platform: Platform) -> None:
    gate = platform.to_gate(platform.start()).id
    begun = {"note": "Se vedlegg", "_option": "stop", "_reason": "Fordi behovet er borte"}

    platform.act("lead", SaveDraft(gate, begun, {}))

    assert content(platform, "lead", gate) == begun


def test_saving_what_is_kept_already_changes_nothing(platform: Platform) -> None:
    task = drafting(platform)
    first = platform.act("owner", SaveDraft(task, {"note": "En"}, {}))
    later(platform, timedelta(minutes=1))

    again = platform.act("owner", SaveDraft(task, first["content"], first["base"]))

    assert again["saved_at"] == first["saved_at"]


def test_nobody_completes_over_words_that_were_not_read(any_platform: Platform) -> None:
    task = drafting(any_platform)
    base = any_platform.act("owner", SaveDraft(task, {"note": "Felles start"}, {}))["base"]
    any_platform.act("owner-2", SaveDraft(task, {"note": "Felles start, og mer"}, base))

    with pytest.raises(StaleDraftError, match="Owner-2 has also written"):
        any_platform.act("owner", CompleteTask(task, {"note": "Felles start"}, base=base))
    read = any_platform.act("owner", SaveDraft(task, {"note": "Felles start"}, base))
    any_platform.act("owner", CompleteTask(task, read["content"], base=read["base"]))

    assert read["content"] == {"note": "Felles start, og mer"}


def test_what_is_in_the_form_that_is_handed_in_need_not_be_read_again(platform: Platform) -> None:
    task = drafting(platform)
    base = platform.act("owner", SaveDraft(task, {"note": "Utkast"}, {}))["base"]

    platform.act("owner", CompleteTask(task, {"note": "Ferdig tekst"}, base=base))


def test_a_draft_is_gone_when_the_task_is_done(any_platform: Platform) -> None:
    task = drafting(any_platform)
    any_platform.act("owner", SaveDraft(task, {"note": "Utkast"}, {}))
    any_platform.act("owner", CompleteTask(task, {"note": "Ferdig"}))

    with any_platform.store.reader() as connection:
        assert connection.scalar(sa.text("SELECT count(*) FROM draft")) == 0
    with pytest.raises(TaskNotOpenError):
        any_platform.act("owner-2", SaveDraft(task, {"note": "For sent"}, {}))


def test_a_draft_of_a_blind_form_is_its_authors_alone(any_platform: Platform) -> None:
    task = any_platform.task(to_assessment(any_platform), "assess-first").id

    any_platform.act("owner", SaveDraft(task, {"view": "Mitt syn"}, {}))
    answer = any_platform.act("owner-2", SaveDraft(task, {"view": "Et annet"}, {}))

    assert answer["conflicts"] == []
    assert content(any_platform, "owner", task) == {"view": "Mitt syn"}
    assert content(any_platform, "owner-2", task) == {"view": "Et annet"}


def test_rows_that_both_added_are_all_kept(platform: Platform) -> None:
    task = platform.task(to_summary(platform), "summarise").id
    base = platform.act("lead", SaveDraft(task, {"costs": [{"price": 1}]}, {}))["base"]

    platform.act("lead", SaveDraft(task, {**base, "costs": [*base["costs"], {"price": 2}]}, base))
    platform.act("lead", SaveDraft(task, {**base, "costs": [*base["costs"], {"price": 3}]}, base))

    assert content(platform, "lead", task)["costs"] == [{"price": 1}, {"price": 2}, {"price": 3}]


def test_a_decision_that_was_sent_back_begins_with_what_was_handed_in(platform: Platform) -> None:
    gate = platform.to_gate(platform.start()).id
    platform.act("lead", CompleteTask(gate, {"note": "Se vedlegg"}, "go"))
    platform.act("lawyer", ReturnDecision(gate, "Mangler vedlegg"))

    begun = draft(platform, "lead", gate)

    assert begun is not None
    assert (begun.content, begun.saved_at) == ({"note": "Se vedlegg"}, None)


def test_a_draft_keeps_no_computed_values(platform: Platform) -> None:
    procurement = to_summary(platform)
    task = platform.task(procurement, "summarise").id

    platform.act("lead", SaveDraft(task, {**GOOD, "total": 1}, {}))

    assert "total" not in content(platform, "lead", task)


def test_two_windows_see_each_other_while_they_are_open(any_platform: Platform) -> None:
    task = drafting(any_platform)
    any_platform.act("owner", LookAtTask(task, "one"))
    any_platform.act("owner-2", SaveDraft(task, {"note": "Nå"}, {}, page="two"))

    assert here(any_platform, "owner", task, "one") == (
        Onlooker("owner-2", "Owner-2", writing=True, mine=False),
    )
    assert [each.name for each in here(any_platform, "owner-2", task, "two")] == ["Owner"]
    assert [each.mine for each in here(any_platform, "owner", task, "three")] == [False, True]

    later(any_platform, timedelta(minutes=1))
    assert here(any_platform, "owner", task, "one") == ()


def test_one_who_stopped_writing_only_looks(platform: Platform) -> None:
    task = drafting(platform)
    saved = platform.act("owner", SaveDraft(task, {"note": "Nå"}, {}, page="one"))
    later(platform, timedelta(seconds=40))
    platform.act("owner", SaveDraft(task, saved["content"], saved["base"], page="one"))

    assert [each.writing for each in here(platform, "owner-2", task)] == [False]


def test_presence_is_forgotten_and_never_recorded(platform: Platform) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe").id
    before = platform.entries(procurement)
    platform.act("lead", LookAtTask(task, "one"))
    later(platform, timedelta(minutes=11))

    platform.act("owner", LookAtTask(task, "two"))

    with platform.store.reader() as connection:
        assert list(connection.scalars(sa.text("SELECT page FROM presence"))) == ["two"]
    assert platform.entries(procurement) == before


def test_looking_needs_the_right_to_read(platform: Platform) -> None:
    task = platform.task(platform.start(), "describe").id

    with pytest.raises(NotFoundError):
        platform.act("stranger", LookAtTask(task, "one"))
    with pytest.raises(ForbiddenError):
        platform.act("owner", SaveDraft(task, {"title": "Ikke min"}, {}))


def test_keeping_a_draft_tells_open_pages_nothing(platform: Platform) -> None:
    """A page is told of changes by the version of its procurement; a draft changes none of it."""
    procurement = platform.start()
    task = platform.task(procurement, "describe").id
    query = sa.text("SELECT version FROM procurement WHERE id = :id")
    with platform.store.reader() as connection:
        before = connection.scalar(query, {"id": procurement})

    platform.act("lead", SaveDraft(task, {"title": "Utkast"}, {}))

    with platform.store.reader() as connection:
        assert connection.scalar(query, {"id": procurement}) == before
