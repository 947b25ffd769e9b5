"""Every page speaks each of the languages, in every place where pages of all kinds are read."""

from collections.abc import Callable

import pytest

from service.i18n import LANGUAGES
from tests.support.platform import Platform
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
