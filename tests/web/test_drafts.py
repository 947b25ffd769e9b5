"""Drafts without JavaScript: every button keeps them, and a conflict is told on the page."""

import html
import json
import re
from collections.abc import Callable

import pytest

from engine.commands.drafts import SaveDraft
from engine.store import tasks
from tests.engine.commands.test_drafts import content, drafting
from tests.support.platform import Platform
from tests.support.rich_process import to_summary
from tests.support.web import Visitor

Sign = Callable[[str], Visitor]


def base_in(page: str) -> str:
    found = re.search(r'name="_base" value="([^"]*)"', page)
    assert found is not None
    return html.unescape(found[1])


def press(visitor: Visitor, task: str, action: str, base: str, **fields: str) -> tuple[int, str]:
    path = f"/tasks/{task}"
    answer = visitor.press(path, path, {"_action": action, "_base": base, **fields})
    return answer.status_code, answer.text


def test_a_row_that_is_added_keeps_everything_that_was_typed(
    platform: Platform, visit: Sign
) -> None:
    task = platform.task(to_summary(platform), "summarise").id
    visitor = visit("lead")
    base = base_in(visitor.get(f"/tasks/{task}").text)

    status, page = press(visitor, task, "add:costs", base, buyer="313")

    assert status == 200
    assert 'name="costs.0"' in page
    assert content(platform, "lead", task)["buyer"] == "313"
    assert json.loads(base_in(page))["buyer"] == "313"


def test_a_conflict_shows_the_words_of_both_and_saving_again_keeps_ones_own(
    platform: Platform, visit: Sign
) -> None:
    task = drafting(platform)
    visitor = visit("owner")
    base = base_in(visitor.get(f"/tasks/{task}").text)
    platform.act("owner-2", SaveDraft(task, {"note": "Den andres <b>ord</b>"}, {}))

    status, page = press(visitor, task, "draft", base, note="Mine ord")
    assert status == 200
    assert "Den andre skrev: «Den andres &lt;b&gt;ord&lt;/b&gt;»" in page
    assert 'value="Mine ord"' in page
    assert "Utkastet har det Owner-2 skrev" in page
    assert content(platform, "owner", task) == {"note": "Den andres <b>ord</b>"}

    assert press(visitor, task, "draft", base_in(page), note="Mine ord")[0] == 303
    assert content(platform, "owner", task) == {"note": "Mine ord"}


def test_the_words_of_the_other_can_be_taken(platform: Platform, visit: Sign) -> None:
    task = drafting(platform)
    visitor = visit("owner")
    base = base_in(visitor.get(f"/tasks/{task}").text)
    platform.act("owner-2", SaveDraft(task, {"note": "Den andres"}, {}))
    page = press(visitor, task, "draft", base, note="Mine ord")[1]

    status, page = press(visitor, task, "take:note", base_in(page), note="Mine ord")

    assert status == 200
    assert 'value="Den andres"' in page
    assert content(platform, "owner", task) == {"note": "Den andres"}


def test_completing_over_the_words_of_another_shows_them_first(
    platform: Platform, visit: Sign
) -> None:
    task = drafting(platform)
    visitor = visit("owner")
    base = base_in(visitor.get(f"/tasks/{task}").text)
    platform.act("owner-2", SaveDraft(task, {"note": "Ulest"}, {}))

    status, page = press(visitor, task, "complete", base)
    assert status == 409
    assert "Owner-2 har også skrevet i skjemaet" in page
    assert 'value="Ulest"' in page

    assert press(visitor, task, "complete", base_in(page), note="Ulest, men lest nå")[0] == 303


@pytest.mark.parametrize("base", ["", "{", "[]", "null", '{"note": 5}', "[" * 10_000])
def test_a_base_that_makes_no_sense_does_no_harm(
    platform: Platform, visit: Sign, base: str
) -> None:
    task = drafting(platform)

    assert press(visit("owner"), task, "draft", base, note="Trygt")[0] == 303
    assert content(platform, "owner", task) == {"note": "Trygt"}


def test_autosave_answers_what_the_page_shows_next(platform: Platform, visit: Sign) -> None:
    task = platform.task(to_summary(platform), "summarise").id
    visitor = visit("lead")
    page = f"/tasks/{task}"
    base = base_in(visitor.get(page).text)
    platform.act("lead", SaveDraft(task, {"code": "73000000"}, {}))

    rows = {"costs.0": "", "costs.0.price": "10", "costs.0.count": "2"}
    answer = visitor.press(page, f"{page}/autosave", {"_base": base, "_page": "w", **rows})

    told = answer.json()
    assert answer.status_code == 200
    assert told["changed"] == {"code": ["73000000-2"]}
    assert told["computed"]["total"] == {"said": "20\u00a0kr", "value": "20"}
    assert told["others"] == []
    assert told["saved"].startswith("Utkastet er lagret")


def test_autosave_of_a_closed_or_hidden_task_says_why(platform: Platform, visit: Sign) -> None:
    task = drafting(platform)
    visitor = visit("owner")
    hidden = visitor.hidden(f"/tasks/{task}")
    platform.complete("owner-2", platform_procurement(platform, task), "draft")

    closed = visitor.client.post(f"/tasks/{task}/autosave", data={**hidden, "note": "Sent"})
    foreign = visitor.client.post("/tasks/nothing/autosave", data=hidden)

    assert closed.status_code == 409
    assert closed.json()["problem"]["title"]
    assert foreign.status_code == 404


def platform_procurement(platform: Platform, task: str) -> str:
    with platform.store.reader() as connection:
        return tasks.get(connection, task).procurement


def test_a_window_that_looks_hears_who_else_does(platform: Platform, visit: Sign) -> None:
    task = drafting(platform)
    platform.act("owner-2", SaveDraft(task, {"note": "Nå"}, {}, page="two"))
    visitor = visit("lead")
    page = f"/tasks/{task}"

    told = visitor.press(page, f"{page}/presence", {"_page": "mine"}).json()
    again = visit("owner").get(page).text

    assert told == {"present": ["Owner-2 skriver i skjemaet nå."]}
    assert "Lead ser på oppgaven nå." in again
