"""The search box on every page, and the page of what was found."""

import re
from collections.abc import Callable

import pytest

from engine.commands.comments import AddComment
from tests.support.api import Program
from tests.support.platform import Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]


@pytest.mark.parametrize("path", ["/tasks", "/procurements", "/processes", "/rules", "/account"])
def test_every_page_has_the_box(visit: Visit, path: str) -> None:
    page = visit("lead").get(path).text

    assert 'role="search" method="get" action="/search"' in page
    assert '<label class="ds-sr-only" for="find">' in page


def test_who_is_not_signed_in_has_no_box_and_no_answer(visit: Visit) -> None:
    visitor = visit("lead")
    visitor.client.cookies.clear()

    assert 'role="search"' not in visitor.get("/sign-in").text
    assert visitor.get("/search?q=badeplass").status_code == 303


def test_what_was_found_leads_there_with_its_words_marked(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()

    page = visit("lead").get("/search?q=badeplassen").text

    assert "Ett treff på «badeplassen»" in page
    assert f'<a href="/procurements/{procurement}"><mark>Badeplass</mark></a>' in page
    assert 'value="badeplassen"' in page


def test_a_page_that_finds_nothing_says_how_to_search(visit: Visit) -> None:
    visitor = visit("lead")

    for path, said in (
        ("/search", "Finn anskaffelser"),
        ("/search?q=x%20y", "Ingen treff på «x y»."),
    ):
        page = visitor.get(path).text
        assert said in page
        assert "Slik søker du" in page


def test_kinds_are_chosen_and_taken_back(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    platform.act("lead", AddComment(procurement, "Badeplassen må ryddes."))
    visitor = visit("lead")

    every = visitor.get("/search?q=badeplass").text
    chosen = visitor.get("/search?q=badeplass&kind=comment").text

    assert 'href="/search?q=badeplass&amp;kind=comment"' in every
    assert "<mark>Badeplassen</mark> må ryddes." in chosen
    assert f'href="/procurements/{procurement}"><mark>' not in chosen
    assert 'href="/search?q=badeplass" ' in chosen or 'href="/search?q=badeplass">' in chosen


@pytest.mark.parametrize(
    "asked",
    ["<script>alert(1)</script>", '"', "' OR 1=1 --", "a* NEAR(b)", "%00", "x" * 3000, "😀", "{}"],
)
def test_hostile_questions_are_questions(visit: Visit, asked: str) -> None:
    answer = visit("lead").client.get("/search", params={"q": asked})

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_what_people_wrote_is_shown_as_text(platform: Platform, visit: Visit) -> None:
    platform.act("lead", AddComment(platform.start(), "<img src=x onerror=alert(1)> vannlinje"))

    page = visit("lead").get("/search?q=vannlinje").text

    assert "&lt;img src=x onerror=alert(1)&gt; <mark>vannlinje</mark>" in page


def test_a_kind_or_page_that_is_not_there_is_taken_kindly(platform: Platform, visit: Visit) -> None:
    platform.start()
    visitor = visit("lead")

    assert "Ett treff" in visitor.get("/search?q=badeplass&kind=nothing").text
    assert "Ett treff" in visitor.get("/search?q=badeplass&page=50").text
    assert visitor.get("/search?q=badeplass&page=x").status_code == 422


def test_many_hits_come_in_pages(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    for number in range(25):
        platform.act("lead", AddComment(procurement, f"Merknad {number}"))
    visitor = visit("lead")

    first = visitor.get("/search?q=merknad").text
    last = visitor.get("/search?q=merknad&page=2").text

    assert "25 treff på «merknad»" in first
    assert 'rel="next" href="/search?q=merknad&amp;page=2"' in first
    assert 'start="21"' in last
    assert len(re.findall("<mark>", last)) == 5


def test_the_search_speaks_the_readers_language(platform: Platform, visit: Visit) -> None:
    platform.start()

    page = visit("lead").client.get("/search?q=badeplass", headers={"Accept-Language": "en"}).text

    assert "One hit for &#39;badeplass&#39;" in page
    assert "Procurement" in page


def test_programs_search_too(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    program = Program(visit("lead").client)

    found = program.get("/search", q="badeplassen").json()

    assert found["total"] == 1
    assert found["counts"] == {"procurement": 1}
    hit = found["items"][0]
    assert hit["address"] == f"/procurements/{procurement}"
    assert hit["title"] == [{"text": "Badeplass", "found": True}]
    assert program.get("/search", q="x", kind="nothing").status_code == 422
    assert program.get("/search").status_code == 422


def test_nobody_finds_what_is_not_for_them(platform: Platform, visit: Visit) -> None:
    platform.start()

    for person in ("stranger", "neighbour"):
        page = visit(person).get("/search?q=badeplass").text
        assert "Ingen treff på «badeplass»." in page
