"""Indicators as pages, files and API: known where the record tells, within rights."""

from collections.abc import Callable
from html import unescape

import pytest

from engine.commands.contributions import AnswerContribution, GiveContribution
from engine.queries.indicators import indicators_page, portfolio_indicators
from engine.queries.view import View
from tests.support.circle import A, B, make_circle
from tests.support.platform import GOOD_NEED, Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]


def values(platform: Platform, person: str, key: str) -> dict[str, float | None]:
    with platform.store.reader() as connection:
        page = indicators_page(view_of(platform, person, connection), key)
    return {one.key: one.value for each in page.indicators for one in each.measures}


def view_of(platform: Platform, person: str, connection: object) -> View:
    definitions = platform.bus.environment.definitions
    return View(connection, definitions, platform.actor(person), platform.clock.now())  # type: ignore[arg-type]


def heard(platform: Platform) -> str:
    """A procurement with a need, and a contribution that was used."""
    key = platform.start()
    platform.complete("lead", key, "describe", submission=GOOD_NEED)
    given = platform.act("owner", GiveContribution(key, "need", "Mer lys.", role="citizen"))
    platform.act("owner", AnswerContribution(key, given["contribution"], "yes", "Takk."))
    return key


def test_what_the_record_tells_is_measured_and_the_rest_is_not_known(
    any_platform: Platform,
) -> None:
    found = values(any_platform, "lead", heard(any_platform))

    assert found["influence"] == 100
    assert found["how-words"] == 0
    assert found["groups-heard"] == 1
    assert found["ambition"] is None
    assert found["people"] is None


def test_suppliers_count_only_for_those_who_may_know_of_them(any_platform: Platform) -> None:
    circle = make_circle(any_platform)

    assert values(any_platform, "lead", circle.procurement)["applied"] == 2
    assert values(any_platform, "employee", circle.procurement)["applied"] is None
    with any_platform.store.reader() as connection:
        view = view_of(any_platform, "employee", connection)
        assert indicators_page(view, circle.procurement).partial
        over = portfolio_indicators(view)
    [applied] = [one for each in over.indicators for one in each.measures if one.key == "applied"]
    assert applied.points == ()
    assert {A, B}.isdisjoint(str(over))


def test_the_portfolio_holds_one_point_for_each_that_tells(any_platform: Platform) -> None:
    heard(any_platform)
    any_platform.start(reference="2026/2")

    with any_platform.store.reader() as connection:
        found = portfolio_indicators(view_of(any_platform, "lead", connection))

    measures = {one.key: one for each in found.indicators for one in each.measures}
    assert found.procurements == 2
    assert [point.reference for point in measures["influence"].points] == ["2026/1"]
    assert measures["influence"].median == 100
    assert measures["influence"].missing == (("contributions", 1),)


def test_each_is_drawn_with_definition_source_and_what_is_missing(
    platform: Platform, visit: Visit
) -> None:
    page = unescape(visit("lead").get(f"/procurements/{heard(platform)}/indicators").text)

    assert page.count('<h2 id="i-') == 10
    assert "Brukt, helt eller delvis" in page
    assert '<rect class="bar" x="0" y="3" width="200.0"' in page
    assert "Ikke kjent ennå: verdien er ikke anslått." in page
    assert "Behovet (F-01): ambisjon" in page


@pytest.mark.parametrize("path", ["/procurements/indicators", "/procurements/{key}/indicators"])
def test_files_have_the_same(platform: Platform, visit: Visit, path: str) -> None:
    address = path.format(key=heard(platform))
    lead = visit("lead")

    csv = lead.get(f"{address}.csv")

    assert csv.headers["content-type"].startswith("text/csv")
    assert "Brukt, helt eller delvis" in csv.text
    assert lead.get(f"{address}.xlsx").content[:2] == b"PK"
    assert lead.get(f"{address}.pdf").status_code == 404
    assert lead.get(address).status_code == 200


def test_nobody_sees_them_across_the_border(platform: Platform, visit: Visit) -> None:
    key = heard(platform)

    assert visit("neighbour").get(f"/procurements/{key}/indicators").status_code == 404
    assert visit("neighbour").get(f"/procurements/{key}/indicators.csv").status_code == 404
    assert "2026/1" not in visit("neighbour").get("/procurements/indicators").text
