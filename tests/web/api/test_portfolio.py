"""The portfolio over the API."""

from collections.abc import Callable

import pytest

from engine.commands.procurements import SuspendProcurement
from tests.support.api import Program
from tests.support.platform import Platform

Sign = Callable[[str], Program]


def test_procurements_come_with_value_deadline_and_risk_the_gravest_first(
    platform: Platform, program: Sign
) -> None:
    platform.start(reference="2026/1")
    key = platform.start(reference="2026/2")
    platform.act("lead", SuspendProcurement(key, "Venter."))

    [first, second] = program("lead").get("/portfolio").json()["items"]

    assert (first["reference"], first["risk"]["level"]) == ("2026/2", "medium")
    assert first["risk"]["reasons"] == [{"fact": "suspended", "number": 1, "level": "medium"}]
    assert (second["value"], second["deadline"], second["leads"]) == (None, None, ["Lead"])


def test_the_portfolio_is_read_page_by_page_and_narrowed(platform: Platform, program: Sign) -> None:
    for number in range(5):
        platform.start(reference=f"2026/{number}")
    lead = program("lead")
    whole = [each["id"] for each in lead.get("/portfolio", sort="title").json()["items"]]

    read: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        query = {"cursor": cursor} if cursor else {}
        page = lead.get("/portfolio", sort="title", limit=2, **query).json()
        read += [each["id"] for each in page["items"]]
        cursor = page["next"]

    assert read == whole
    assert [
        each["reference"] for each in lead.get("/portfolio", text="2026/3").json()["items"]
    ] == ["2026/3"]


def test_a_cursor_of_another_order_is_refused(platform: Platform, program: Sign) -> None:
    for number in range(3):
        platform.start(reference=f"2026/{number}")
    lead = program("lead")
    cursor = lead.get("/portfolio", sort="title", limit=1).json()["next"]

    assert lead.get("/portfolio", sort="value", cursor=cursor).status_code == 422


def test_the_overview_counts_by_phase_and_level(platform: Platform, program: Sign) -> None:
    platform.start(reference="2026/1")

    found = program("lead").get("/portfolio/overview").json()

    assert found["number"] == 1
    assert found["by_level"] == {"high": 0, "medium": 0, "low": 1}
    assert sum(phase["number"] for phase in found["phases"]) == 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_table_comes_as_a_download(platform: Platform, program: Sign, form: str) -> None:
    platform.start()

    answer = program("lead").get("/portfolio/table", format=form)

    assert answer.status_code == 200
    assert f".{form}" in answer.headers["content-disposition"]


def test_a_stranger_has_an_empty_portfolio(platform: Platform, program: Sign) -> None:
    platform.start()

    assert program("stranger").get("/portfolio").json() == {"items": [], "next": None}
