"""Tasks and meetings beside the process, as the lead adds them and the others see them."""

import re
from collections.abc import Callable

import pytest

from tests.support.platform import Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]
TYPED = {"name": "Avklaring", "starts_at": "2026-11-24T12:00", "ends_at": "2026-11-24T13:00"}


def do(visitor: Visitor, address: str, fields: dict[str, str | list[str]]) -> str:
    """Look over what was filled in, then do it with a reason; where that leads."""
    looked = visitor.press(address, address, {**fields, "_action": "look"}).text
    seal = re.search(r'name="_seal" value="(\w+)"', looked)
    assert seal is not None, looked
    done = {**fields, "_seal": seal[1], "_reason": "Vi må vite det.", "_action": "do"}
    answer = visitor.press(address, address, done)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_task_is_made_of_a_comment_and_done_with_a_note(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    page = f"/procurements/{procurement}"
    visit("lawyer").press(page, f"{page}/comment", {"text": "Har noen spurt kommunen?"})
    lead = visit("lead")
    link = re.search(r'href="([^"]+/acts/add-task\?comment=\w+)"', lead.get(page).text)
    assert link is not None
    address, _, comment = link[1].partition("?comment=")
    form = lead.get(link[1]).text

    leads_to = do(lead, address, {"name": "Spør", "person": "owner", "comment": comment})
    [task] = [each for each in platform.open(procurement) if not each.element]
    owner = visit("owner")
    shown = owner.get(f"/tasks/{task.id}").text
    finish = {"_reason": "De svarte ja.", "_action": "complete", "_base": "{}"}
    done = owner.press(f"/tasks/{task.id}", f"/tasks/{task.id}", finish)

    assert "Har noen spurt kommunen?" in form
    assert leads_to == f"{page}?done=add-task"
    assert "Har noen spurt kommunen?" in shown
    assert "Spør" in visit("lawyer").get(f"{page}/log").text
    assert done.status_code == 303
    assert "De svarte ja." in owner.get(f"/tasks/{task.id}").text


def test_a_meeting_is_looked_over_called_and_moved(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    lead, acts = visit("lead"), f"/procurements/{procurement}/acts"
    people: list[str] = ["owner", "lawyer"]

    do(lead, f"{acts}/add-gathering", {**TYPED, "people": people, "place": "Rom 3"})
    [task] = [each for each in platform.open(procurement) if not each.element]
    page = visit("owner").get(f"/tasks/{task.id}").text
    times: dict[str, str | list[str]] = {
        "task": task.id,
        "starts_at": "2026-11-25T12:00",
        "ends_at": "2026-11-25T13:00",
        "people": people,
    }
    do(lead, f"{acts}/move-gathering", times)

    assert "24.11.2026 kl. 12.00 – 13.00" in page
    assert "Rom 3" in page
    assert "har kalt inn til møte: Avklaring" in visit("owner").get("/notifications").text
    assert "25.11.2026 kl. 12.00" in visit("owner").get(f"/tasks/{task.id}").text
    for tab in ("", "/plan", "/timeline", "/team", "/log", "/documents"):
        assert lead.get(f"/procurements/{procurement}{tab}").status_code == 200


def test_a_comment_becomes_a_recorded_decision_and_both_say_so(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    page = f"/procurements/{procurement}"
    visit("lawyer").press(page, f"{page}/comment", {"text": "Skal vi møte alle to ganger?"})
    lead = visit("lead")
    link = re.search(r'href="([^"]+/acts/record-decision\?comment=(\w+))"', lead.get(page).text)
    assert link is not None
    form = lead.get(link[1]).text

    fields: dict[str, str | list[str]] = {"name": "To møter med alle", "comment": link[2]}
    leads_to = do(lead, f"{page}/acts/record-decision", fields)

    decisions, overview = lead.get(leads_to).text, visit("owner").get(page).text
    assert "Skal vi møte alle to ganger?" in form
    assert leads_to == f"{page}/decisions?done=record-decision"
    assert "Beslutningen er ført." in decisions
    assert f'href="{page}#comment-{link[2]}"' in decisions
    assert f'id="comment-{link[2]}"' in overview
    assert re.search(r"Ble beslutningen: <a [^>]+>To møter med alle</a>", overview)
    assert "har tatt en beslutning" in visit("lawyer").get("/notifications").text
    assert "Besluttet utenom prosessen: To møter med alle" in lead.get(f"{page}/log").text


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("rewind", "ingenting å gå tilbake til"),
        ("move-gathering", "Ingen møter er kalt inn"),
        ("withdraw-task", "ingenting å avlyse"),
    ],
)
def test_an_act_without_anything_to_do_it_with_says_so_and_asks_for_nothing(
    platform: Platform, visit: Visit, act: str, said: str
) -> None:
    procurement = platform.start()

    page = visit("lead").get(f"/procurements/{procurement}/acts/{act}").text

    assert said in page
    assert "Se hva som vil skje" not in page


def test_what_an_act_lacks_is_said_in_the_order_of_the_form(
    platform: Platform, visit: Visit
) -> None:
    acts = f"/procurements/{platform.start()}/acts"
    lead = visit("lead")

    looked = lead.press(f"{acts}/add-gathering", f"{acts}/add-gathering", {"_action": "look"})
    unreasoned = lead.press(f"{acts}/suspend", f"{acts}/suspend", {"_action": "do"})

    assert (looked.status_code, unreasoned.status_code) == (422, 422)
    assert re.findall(r'<li><a href="#([^"]+)">', looked.text) == [
        "f-name",
        "f-starts_at",
        "f-ends_at",
        "f-people",
    ]
    assert 'aria-describedby="f-name-error"' in looked.text
    assert re.findall(r'<li><a href="#([^"]+)">', unreasoned.text) == ["f-_reason"]


def test_what_starting_lacks_is_said_in_the_order_of_the_form(visit: Visit) -> None:
    lead = visit("lead")
    page = "/procurements/start?process=small"
    sent: dict[str, str | list[str]] = {"process": "small", "title": " ", "reference": ""}

    answer = lead.press(page, "/procurements/start", sent)

    assert answer.status_code == 422
    assert re.findall(r'<li><a href="#([^"]+)">', answer.text) == ["f-title", "f-reference"]
