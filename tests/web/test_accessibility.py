"""The accessibility statement: for anybody, in their language, one step from every page."""

from dataclasses import replace

import pytest

from service.wiring import Parts
from tests.support.platform import Platform
from tests.support.web import Visitor

LINK = 'href="/accessibility"'


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("nb", "Tilgjengelighetserklæring"),
        ("nn", "Tilgjengeerklæring"),
        ("en", "Accessibility statement"),
    ],
)
def test_anybody_reads_it_in_their_language(parts: Parts, language: str, title: str) -> None:
    visitor = Visitor.at(parts)
    visitor.client.post("/language", data={"language": language, "next": "/accessibility"})

    answer = visitor.get("/accessibility")

    assert answer.status_code == 200
    assert f"<h1>{title}</h1>" in answer.text


def test_every_page_leads_to_it(platform: Platform, parts: Parts) -> None:
    visitor = Visitor.at(parts)
    outside = [visitor.get(path).text for path in ("/sign-in", "/join", "/nothing")]
    visitor.sign_in("lead")
    inside = [visitor.get(path).text for path in ("/tasks", f"/procurements/{platform.start()}")]

    assert all(LINK in page for page in outside + inside)


def test_whoever_is_signed_in_keeps_the_way_back(parts: Parts) -> None:
    assert 'href="/procurements"' in Visitor.at(parts).sign_in("lead").get("/accessibility").text


def test_it_names_who_answers_where_an_address_is_set(parts: Parts) -> None:
    page = Visitor.at(parts).get("/accessibility").text
    named = replace(parts, settings=replace(parts.settings, contact="hjelp@town.test"))

    assert "mailto:" not in page
    assert "mailto:hjelp@town.test" in Visitor.at(named).get("/accessibility").text
