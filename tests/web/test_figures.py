"""The pages of figures over many procurements."""

import csv
import io
from collections.abc import Callable

import pytest

from engine.commands.usage import CountUse
from engine.model.actor import SYSTEM
from tests.support.platform import Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]


@pytest.fixture
def lead(platform: Platform, visit: Visit) -> Visitor:
    key = platform.start()
    platform.to_branches(key)
    platform.bus.handle(CountUse(key), SYSTEM)
    return visit("lead")


def test_bottlenecks_tell_steps_roles_and_what_waits(lead: Visitor) -> None:
    page = lead.get("/procurements/bottlenecks").text

    assert "Describe" in page
    assert "Regnet over én anskaffelse" in page
    assert "2 venter, den eldste i" in page


def test_the_heat_map_is_a_drawing_with_a_table_beside_it(lead: Visitor) -> None:
    page = lead.get("/procurements/heat").text

    assert 'class="bpmn-heat"' in page
    assert "Tallene bak varmekartet" in page
    assert "1 ganger" in page or "1×" in page
    assert '<th scope="row">Start</th>' in page
    assert '<th scope="row">branch-start</th>' not in page


@pytest.mark.parametrize("address", ["bottlenecks", "heat"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_figures_are_exported(lead: Visitor, address: str, form: str) -> None:
    answer = lead.get(f"/procurements/{address}.{form}")

    assert answer.status_code == 200
    assert f".{form}" in answer.headers["content-disposition"]
    if form == "csv":
        table = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
        named = {row[0] for row in table}
        assert "Describe" in named
        assert "branch-start" not in named


@pytest.mark.parametrize(
    "address",
    [
        "/procurements/bottlenecks?process=x&period=12",
        "/procurements/bottlenecks?period=365",
        "/procurements/heat?measure=x",
    ],
)
def test_what_cannot_be_used_in_an_address_counts_as_not_there(lead: Visitor, address: str) -> None:
    assert lead.get(address).status_code == 200


def test_an_unknown_version_is_not_there(lead: Visitor) -> None:
    assert lead.get("/procurements/heat?version=x").status_code == 404


def test_who_has_no_procurements_is_told_so(platform: Platform, visit: Visit) -> None:
    platform.start()
    stranger = visit("stranger")

    assert "Ingen oppgaver er utført eller venter" in stranger.get("/procurements/bottlenecks").text
    assert "Ingen anskaffelser du kan lese" in stranger.get("/procurements/heat").text
