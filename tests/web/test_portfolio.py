"""The portfolio page: every procurement one may read, by phase, value, deadline and risk."""

import csv
import io
from collections.abc import Callable

import openpyxl
import pytest

from engine.commands.procurements import SuspendProcurement
from tests.support.circle import make_circle
from tests.support.platform import Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]


def test_a_lead_sees_risk_with_its_reason_and_can_narrow_by_it(
    platform: Platform, visit: Visit
) -> None:
    key = platform.start(reference="2026/1")
    platform.start(reference="2026/2")
    platform.act("lead", SuspendProcurement(key, "Venter på budsjett."))
    lead = visit("lead")

    page = lead.get("/procurements").text
    narrowed = lead.get("/procurements?level=medium").text

    assert "2 anskaffelser." in page
    assert "Satt på vent" in page
    assert page.index("2026/1") < page.index("2026/2")
    assert ("2026/1" in narrowed, "2026/2" in narrowed) == (True, False)


def test_a_manager_follows_all_procurements_and_starts_none(
    platform: Platform, visit: Visit
) -> None:
    make_circle(platform)
    manager = visit("manager")

    page = manager.get("/procurements").text

    assert "4 anskaffelser." in page
    assert "/procurements/start" not in page


def test_somebody_without_procurements_is_told_so(platform: Platform, visit: Visit) -> None:
    platform.start()

    page = visit("stranger").get("/procurements").text

    assert "Du deltar ikke i noen anskaffelser ennå." in page
    assert "2026/1" not in page


def test_a_filter_that_fits_nothing_can_be_cleared(platform: Platform, visit: Visit) -> None:
    platform.start()

    page = visit("lead").get("/procurements?text=finnes+ikke").text

    assert "Ingen anskaffelser passer filteret." in page
    assert 'href="/procurements">Nullstill filteret' in page


@pytest.mark.parametrize(
    "query",
    [
        "sort=x",
        "standing=x",
        "level=x",
        "after=x",
        "text=%00",
        "sort=title&after=WyJ4Il0",
        "phase=%27",
    ],
)
def test_an_address_that_cannot_be_used_shows_what_can_be_shown(
    platform: Platform, visit: Visit, query: str
) -> None:
    platform.start()

    assert visit("lead").get(f"/procurements?{query}").status_code == 200


@pytest.mark.parametrize("sort", ["risk", "deadline", "value", "newest", "title"])
def test_pages_follow_each_other_in_every_order(
    platform: Platform, visit: Visit, sort: str
) -> None:
    for number in range(51):
        platform.start(reference=f"2026/{number:03}")
    lead = visit("lead")
    first = lead.get(f"/procurements?sort={sort}").text

    address = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    second = lead.get(address.replace("&amp;", "&")).text

    found = [f"2026/{number:03}" for number in range(51) if f">2026/{number:03} " in first]
    rest = [f"2026/{number:03}" for number in range(51) if f">2026/{number:03} " in second]
    assert (len(found), len(rest)) == (50, 1)
    assert not set(found) & set(rest)


def test_what_is_shown_is_exported_as_data(platform: Platform, visit: Visit) -> None:
    platform.start(reference="=1+1")
    platform.start(reference="2026/2")
    lead = visit("lead")

    table = lead.get("/procurements/export.csv?sort=newest")
    sheet = lead.get("/procurements/export.xlsx?text=2026/2")

    rows = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[0][0] == "Referanse"
    assert {row[0] for row in rows[1:]} == {"2026/2", "'=1+1"}
    assert 'filename="anskaffelser.csv"' in table.headers["content-disposition"]
    book = openpyxl.load_workbook(io.BytesIO(sheet.content))
    assert [cell.value for cell in book.worksheets[0]["A"]] == ["Referanse", "2026/2"]


def test_an_export_holds_only_what_one_may_read(platform: Platform, visit: Visit) -> None:
    platform.start(reference="2026/1")

    table = visit("stranger").get("/procurements/export.csv")

    assert "2026/1" not in table.text


def test_a_form_of_table_that_is_not_offered_is_not_there(platform: Platform, visit: Visit) -> None:
    assert visit("lead").get("/procurements/export.exe").status_code == 404
