"""The page of my tasks: views, filters that are kept and shared, and acts on several tasks."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from engine.commands.procurements import StartProcurement
from engine.commands.tasks import ClaimTask
from tests.support.platform import GOOD_NEED, TEAM, TOWN, Platform
from tests.support.small_process import KEY
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]


def drafts(platform: Platform, count: int = 2) -> dict[str, str]:
    """Tasks for the need owner, each in a procurement of its own: task → procurement."""
    found = {}
    for number in range(count):
        command = StartProcurement(KEY, f"Bro {number}", TOWN, f"2026/{number}", TEAM)
        procurement = str(platform.act("lead", command)["procurement"])
        platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
        found[platform.task(procurement, "draft").id] = procurement
    return found


def test_each_view_is_counted_and_what_is_late_is_told(platform: Platform, visit: Visit) -> None:
    platform.start()
    platform.clock.set(platform.clock.now() + timedelta(days=30))

    page = visit("lead").get("/tasks").text

    assert 'Ledige <span class="count">1</span>' in page
    assert "Én er over fristen." in page


def test_a_due_date_says_what_it_rests_on(platform: Platform, visit: Visit) -> None:
    platform.start()

    assert "14 dager etter at oppgaven ble åpnet" in visit("lead").get("/tasks").text


def test_a_filter_leaves_out_what_does_not_fit_and_can_be_cleared(
    platform: Platform, visit: Visit
) -> None:
    drafts(platform)
    owner = visit("owner")

    page = owner.get("/tasks?list=roles&text=bro+1").text
    empty = owner.get("/tasks?list=roles&text=finnes+ikke").text

    assert ("2026/1" in page, "2026/0</span>" in page) == (True, False)
    assert "Ingen oppgaver passer filteret." in empty
    assert "Nullstill filteret" in empty


def test_the_page_is_found_again_as_it_was_left(platform: Platform, visit: Visit) -> None:
    tasks = drafts(platform)
    owner = visit("owner")
    owner.get("/tasks?list=roles&text=bro+1&due=month")

    owner.get(f"/tasks/{next(iter(tasks))}")
    again = visit("owner").get("/tasks").text  # and also the next time one signs in

    assert 'value="bro 1"' in again
    assert '<option value="month" selected>' in again
    assert "2026/0</span>" not in again


def test_a_page_that_has_become_empty_is_the_first_one(platform: Platform, visit: Visit) -> None:
    tasks = drafts(platform, 51)
    owner = visit("owner")
    first = owner.get("/tasks?list=roles").text
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = owner.get(following.replace("&amp;", "&")).text
    last = next(key for key in tasks if f'value="{key}"' in second)

    platform.act("owner", ClaimTask(last))

    assert second.count('name="task"') == 1
    assert owner.get("/tasks").text.count('name="task"') == 50


@pytest.mark.parametrize(
    "query",
    [
        "list=x",
        "due=x",
        "after=x",
        "after=%00",
        "text=%00",
        "procurement=%27",
        "list=roles&after=MQ",
    ],
)
def test_an_address_that_cannot_be_used_shows_what_can_be_shown(
    platform: Platform, visit: Visit, query: str
) -> None:
    platform.start()

    assert visit("lead").get(f"/tasks?{query}").status_code == 200


def test_a_filter_is_saved_used_shared_and_removed(platform: Platform, visit: Visit) -> None:
    procurement = next(iter(drafts(platform).values()))
    owner, lawyer = visit("owner"), visit("lawyer")
    page = f"/tasks?list=roles&procurement={procurement}"
    fields = {"list": "roles", "procurement": procurement, "name": "<Broen>"}

    saved = owner.press(page, "/tasks/filters", fields | {"share": f"team:{procurement}"})
    mine, theirs = owner.get("/tasks").text, lawyer.get("/tasks").text
    key = mine.split('action="/tasks/filters/')[1].split("/")[0]
    removed = owner.press("/tasks", f"/tasks/filters/{key}/remove")

    assert (saved.status_code, removed.status_code) == (303, 303)
    assert "&lt;Broen&gt;" in mine
    assert "&lt;Broen&gt;" in theirs
    assert "/remove" not in theirs
    assert "&lt;Broen&gt;" not in owner.get("/tasks").text

    told = owner.get(removed.headers["location"]).text
    undo = told.split('action="/tasks/filters"')[1].split("</form>")[0]
    again = dict(re.findall(r'name="([a-z]+)" value="([^"]*)"', undo))
    owner.press("/tasks", "/tasks/filters", {name: unescape(text) for name, text in again.items()})

    assert "Angre" in undo
    assert again["share"] == f"team:{procurement}"
    assert "&lt;Broen&gt;" in lawyer.get("/tasks").text


def test_a_filter_without_a_name_is_refused_on_the_same_page(
    platform: Platform, visit: Visit
) -> None:
    answer = visit("owner").press("/tasks", "/tasks/filters", {"list": "roles", "name": " "})

    assert answer.status_code == 422
    assert 'id="problem"' in answer.text


def test_tasks_are_claimed_together_after_a_look_at_what_will_happen(
    platform: Platform, visit: Visit
) -> None:
    tasks = drafts(platform)
    owner = visit("owner")

    look = owner.press("/tasks", "/tasks/bulk/claim", {"task": [*tasks]})
    between = {platform.task(each, "draft").assignee for each in tasks.values()}
    done = owner.press("/tasks", "/tasks/bulk/claim", {"task": [*tasks], "_action": "confirm"})

    assert look.text.count("Blir din") == 2
    assert between == {""}
    assert done.status_code == 303
    assert {platform.task(each, "draft").assignee for each in tasks.values()} == {"owner"}


def test_a_task_that_refuses_is_named_and_the_rest_can_go_on(
    platform: Platform, visit: Visit
) -> None:
    tasks = drafts(platform)
    taken = next(iter(tasks))
    platform.act("owner-2", ClaimTask(taken))

    answer = visit("owner").press("/tasks", "/tasks/bulk/claim", {"task": [*tasks]})

    assert answer.status_code == 409
    assert "Owner-2 har tatt «Draft»" in answer.text
    assert "Gå videre med den ene som kan" in answer.text
    assert answer.text.count('type="hidden" name="task"') == 1


def test_tasks_are_handed_over_to_one_who_holds_their_role(
    platform: Platform, visit: Visit
) -> None:
    tasks = drafts(platform)
    lead, chosen = visit("lead"), {"task": [*tasks]}
    fields = chosen | {"to": "owner-2", "_reason": "Fravær"}

    prepare = lead.press("/tasks", "/tasks/bulk/assign", chosen)
    look = lead.press("/tasks", "/tasks/bulk/assign", fields | {"_action": "look"})
    lead.press("/tasks", "/tasks/bulk/assign", fields | {"_action": "confirm"})

    assert '<option value="owner-2">' in prepare.text
    assert '<option value="lawyer">' not in prepare.text
    assert look.text.count("Owner-2 overtar") == 2
    assert {platform.task(each, "draft").assignee for each in tasks.values()} == {"owner-2"}


def test_tasks_are_delegated_and_commented_together(platform: Platform, visit: Visit) -> None:
    tasks = drafts(platform)
    owner, chosen = visit("owner"), {"task": [*tasks]}

    owner.press("/tasks", "/tasks/bulk/delegate", chosen | {"to": "lawyer", "_action": "confirm"})
    owner.press("/tasks", "/tasks/bulk/comment", chosen | {"text": "Uke 13", "_action": "confirm"})

    for procurement in tasks.values():
        assert platform.task(procurement, "draft").owner == "owner"
        assert "CommentAdded" in platform.entries(procurement)


def test_a_button_pressed_with_nothing_chosen_says_so(platform: Platform, visit: Visit) -> None:
    answer = visit("owner").press("/tasks", "/tasks/bulk/claim")

    assert answer.status_code == 422
    assert "Velg oppgaver først" in answer.text


@pytest.mark.parametrize(("act", "task"), [("claim", "absent"), ("burn", "absent")])
def test_what_is_not_there_is_not_acted_on(
    platform: Platform, visit: Visit, act: str, task: str
) -> None:
    answer = visit("owner").press("/tasks", f"/tasks/bulk/{act}", {"task": task})

    assert answer.status_code == 404


def test_a_stranger_learns_nothing_of_tasks_by_choosing_them(
    platform: Platform, visit: Visit
) -> None:
    tasks = drafts(platform)

    answer = visit("stranger").press("/tasks", "/tasks/bulk/comment", {"task": [*tasks]})

    assert answer.status_code == 404
    assert "Bro" not in answer.text


def test_the_links_of_the_views_keep_the_filter(platform: Platform, visit: Visit) -> None:
    drafts(platform)

    page = visit("owner").get("/tasks?list=roles&text=bro").text
    links = [each.split('"')[0].replace("&amp;", "&") for each in page.split('href="/tasks?')[1:]]

    queries = [parse_qs(urlsplit(f"?{each}").query) for each in links]
    assert all(each["text"] == ["bro"] for each in queries[:6])
    assert [each["list"][0] for each in queries[:6]] == [
        "to-do",
        "mine",
        "second",
        "roles",
        "delegated",
        "done",
    ]


def test_taking_and_giving_back_is_undone_by_one_button(platform: Platform, visit: Visit) -> None:
    task = platform.task(platform.start(), "describe")
    lead, address = visit("lead"), f"/tasks/{task.id}"

    taken = lead.press(address, f"{address}/claim").headers["location"]
    undo = re.search(
        r'action="(/tasks/bulk/release)".*?name="task" value="(\w+)"', lead.get(taken).text
    )
    assert undo is not None
    given = lead.press(taken, undo[1], {"task": undo[2], "_action": "confirm"}).headers["location"]
    free = platform.task(task.procurement, "describe").assignee
    lead.press(given, "/tasks/bulk/claim", {"task": task.id, "_action": "confirm"})

    assert 'action="/tasks/bulk/claim"' in lead.get(given).text
    assert (free, platform.task(task.procurement, "describe").assignee) == ("", "lead")


def test_handing_over_many_is_undone_by_one_button(platform: Platform, visit: Visit) -> None:
    tasks = drafts(platform)
    lead, chosen = visit("lead"), {"task": [*tasks]}

    given = lead.press(
        "/tasks", "/tasks/bulk/assign", chosen | {"to": "owner", "_action": "confirm"}
    ).headers["location"]
    offered = lead.get(given).text
    looked = lead.press(given, "/tasks/bulk/put-back", chosen).text
    undone = lead.press(given, "/tasks/bulk/put-back", chosen | {"_action": "confirm"})
    again = lead.press(given, "/tasks/bulk/put-back", chosen | {"_action": "confirm"})

    assert offered.count('name="task"') >= len(tasks)
    assert 'action="/tasks/bulk/put-back"' in offered
    assert "Står som før den ble overlatt" in looked
    assert "Det er angret" in lead.get(undone.headers["location"]).text
    assert {platform.task(of, "draft").assignee for of in tasks.values()} == {""}
    assert "står ikke lenger slik du overlot den" in again.text


def test_a_comment_on_many_is_taken_back_by_one_button(platform: Platform, visit: Visit) -> None:
    tasks = [*drafts(platform)]
    lead = visit("lead")
    said = {"task": tasks, "text": "Sjekk kilden.", "_action": "confirm"}
    done = lead.press("/tasks", "/tasks/bulk/comment", said).headers["location"]
    page = unescape(lead.get(done).text)
    fields = dict(re.findall(r'name="(procurement|comment)" value="([^"]*)"', page))

    undone = lead.press(done, "/tasks/bulk/withdraw-comment", fields)

    assert "Angre" in page
    assert "Kommentaren er trukket tilbake fra alle" in lead.get(undone.headers["location"]).text
    assert all("Sjekk kilden." not in lead.get(f"/tasks/{each}").text for each in tasks)


@pytest.mark.parametrize("undo", ["", "..", "<script>", "a/b"])
def test_what_is_no_task_is_not_offered_to_be_undone(visit: Visit, undo: str) -> None:
    page = visit("lead").get(f"/tasks?done=claim&undo={undo}").text

    assert "Angre" not in page
