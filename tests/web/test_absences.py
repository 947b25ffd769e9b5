"""The page of absences: looked over, registered, shown where work is handed out, withdrawn."""

import re
from collections.abc import Callable

from tests.support.platform import Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]
TYPED = {"first": "2026-03-23", "last": "2026-03-27", "substitute": "stranger"}


def test_what_will_happen_is_said_before_it_is_done(platform: Platform, visit: Visit) -> None:
    platform.start()
    lawyer = visit("lawyer")

    looked = lawyer.press("/absences", "/absences", {**TYPED, "_action": "look"})
    before = lawyer.get("/absences").text
    done = lawyer.press("/absences", "/absences", {**TYPED, "_action": "do"})

    assert "Vikaren får plass i 1 anskaffelse." in looked.text
    assert "Du har ikke registrert noe fravær." in before
    assert done.headers["location"] == "/absences?done=absence"
    assert "vikar: Stranger" in lawyer.get("/absences").text
    assert "Du er vikar for" in visit("stranger").get("/absences").text


def test_it_is_seen_in_the_team_and_where_a_task_is_handed_on(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    visit("lawyer").press("/absences", "/absences", {**TYPED, "_action": "do"})
    task = platform.task(procurement, "describe")

    team = visit("lead").get(f"/procurements/{procurement}/team").text
    page = visit("lead").get(f"/tasks/{task.id}").text

    assert "vikar: Stranger" in team
    assert "Lawyer – borte til og med 27.03.2026, vikar: Stranger</option>" in page


def test_it_is_withdrawn_by_a_button(platform: Platform, visit: Visit) -> None:
    platform.start()
    lawyer = visit("lawyer")
    lawyer.press("/absences", "/absences", {**TYPED, "_action": "do"})
    found = re.search(r'action="(/absences/\w+/withdraw)"', lawyer.get("/absences").text)

    assert found is not None
    assert lawyer.press("/absences", found[1]).headers["location"].endswith("done=absence-over")
    assert "Du har ikke registrert noe fravær." in lawyer.get("/absences").text


def test_what_cannot_be_is_refused_with_what_was_typed(visit: Visit) -> None:
    typed = {**TYPED, "last": "2026-03-01", "_action": "do"}
    answer = visit("lawyer").press("/absences", "/absences", typed)

    assert answer.status_code == 422
    assert 'value="2026-03-01"' in answer.text
