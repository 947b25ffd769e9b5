"""Every page speaks each of the languages, in every place where pages of all kinds are read."""

from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape

import pytest

from service.i18n import LANGUAGES, Translator, load_texts
from tests.support.platform import GOOD_NEED, Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]
PAGES = (
    "/tasks",
    "/procurements",
    "/procurements/start",
    "/processes",
    "/rules",
    "/rules?at=2026-03-01",
    "/choose",
    "/account",
    "/notifications",
    "/absences",
)
OF_PROCUREMENT = (
    "",
    "/team",
    "/suppliers",
    "/documents",
    "/decisions",
    "/timeline",
    "/log",
    "/audit",
    "/plan",
    "/participants",
    "/contributions",
    "/trace",
    "/acts/add-task",
    "/acts/add-gathering",
    "/acts/move-gathering",
    "/acts/withdraw-task",
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_read_in_the_language(
    platform: Platform, visit: Visit, language: str
) -> None:
    procurement = platform.start()
    gate = platform.to_gate(procurement)
    visitor = visit("lead")
    visitor.client.cookies.set("language", language)
    of = [f"/procurements/{procurement}{path}" for path in OF_PROCUREMENT]

    read = {path: visitor.get(path) for path in (*PAGES, *of, f"/tasks/{gate.id}")}

    assert {path: answer.status_code for path, answer in read.items()} == dict.fromkeys(read, 200)
    assert all(f'<html lang="{language}"' in answer.text for answer in read.values())


@pytest.mark.parametrize(
    ("moment", "norwegian", "english"),
    [
        (datetime(2026, 7, 31, 22, tzinfo=UTC), "31.07.2026 kl. 24.00", "31.07.2026 at 24:00"),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), "31.12.2026 kl. 24.00", "31.12.2026 at 24:00"),
        (datetime(2026, 12, 31, 11, tzinfo=UTC), "31.12.2026 kl. 12.00", "31.12.2026 at 12:00"),
        (datetime(2026, 7, 31, 22, 1, tzinfo=UTC), "01.08.2026 kl. 00.01", "01.08.2026 at 00:01"),
    ],
)
def test_the_end_of_a_day_is_24_00_of_that_day(
    moment: datetime, norwegian: str, english: str
) -> None:
    texts = load_texts()

    assert Translator("nb", texts["nb"]).due(moment) == norwegian
    assert Translator("en", texts["en"]).due(moment) == english


def test_what_is_due_at_the_end_of_a_day_is_due_on_that_day() -> None:
    text = Translator("nb", load_texts()["nb"])
    end = datetime(2026, 7, 31, 22, tzinfo=UTC)

    assert text.long_day(text.due_day(end)) == "fredag 31. juli 2026"


def test_what_a_gate_finds_and_why_a_date_is_so_are_said_in_nynorsk(
    platform: Platform, visit: Visit
) -> None:
    need = {key: value for key, value in GOOD_NEED.items() if key != "functional"}
    gate = platform.to_gate(platform.start(), need)
    visitor = visit("lead")
    visitor.client.cookies.set("language", "nn")

    found = unescape(visitor.get(f"/tasks/{gate.id}").text)
    rules = unescape(visitor.get("/rules").text)

    assert "Det er ikkje stadfesta at behovet seier kva og ikkje korleis." in found
    assert "Anskaffingslova gjeld frå" in rules
    assert "Kunngjøring" not in rules


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("nb", "god praksis; direktiv 2014/24/EU art. 30(2)"),
        ("nn", "god praksis; direktiv 2014/24/EU art. 30(2)"),
        ("en", "good practice; Directive 2014/24/EU art. 30(2)"),
    ],
)
def test_a_citation_is_told_in_the_words_of_the_reader(language: str, said: str) -> None:
    text = Translator(language, load_texts()[language])

    assert text.cited("god praksis / good practice; Directive 2014/24/EU art. 30(2)") == said
