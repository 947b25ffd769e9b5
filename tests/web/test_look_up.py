"""Looking up while a form is filled in: alone as a part of the page, and in the API."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.commands.bus import CommandBus
from engine.registers import Registers
from service.wiring import Parts
from tests.support.api import Program
from tests.support.web import Visitor
from tests.unit.forms.rich import CONTEXT


@pytest.fixture
def parts(parts: Parts) -> Parts:
    """The same parts with a register of organisations."""
    registers: Registers = CONTEXT.registers
    environment = replace(parts.bus.environment, registers=registers)
    return replace(parts, bus=CommandBus(parts.store, environment))


def test_the_part_under_a_field_tells_who_it_is(visit: Callable[[str], Visitor]) -> None:
    answer = visit("lead").get("/look-up/organisation?name=buyer&value=313+000+001")

    assert answer.status_code == 200
    assert '<div id="f-buyer-told"' in answer.text
    assert "<strong>Nordlys AS</strong>" in answer.text
    assert "<html" not in answer.text


def test_words_give_codes_that_can_be_picked(visit: Callable[[str], Visitor]) -> None:
    answer = visit("lead").get("/look-up/cpv?name=rows.0.code&value=overv%C3%A5king")

    assert 'value="pick:rows.0.code=35125000"' in answer.text


def test_hostile_words_are_shown_as_text(visit: Callable[[str], Visitor]) -> None:
    answer = visit("lead").get("/look-up/cpv?name=%22%3E%3Cscript%3E&value=overv%C3%A5king")

    assert "<script>" not in answer.text


@pytest.mark.parametrize("path", ["/look-up/person?value=x", "/look-up/text"])
def test_nothing_else_can_be_looked_up(visit: Callable[[str], Visitor], path: str) -> None:
    assert visit("lead").get(path).status_code == 404


def test_nobody_looks_up_without_signing_in(parts: Parts) -> None:
    assert Visitor.at(parts).get("/look-up/cpv?value=x").status_code == 303


def test_programs_look_up_an_organisation_with_source_and_day(parts: Parts) -> None:
    program = Program.at(parts).sign_in("lead")

    assert program.get("/registers/organisations/313000001").json() == {
        "key": "313000001",
        "name": "Nordlys AS",
        "facts": {"form": "AS", "address": "Storgata 1, 9000 Tromsø"},
        "source": "Enhetsregisteret",
        "dated": "2026-11-01",
    }
    assert program.get("/registers/organisations/974760673").status_code == 404
    assert [each["key"] for each in program.get("/registers/organisations", q="nord").json()] == [
        "313000001"
    ]


def test_programs_look_up_codes_by_code_and_by_words(parts: Parts) -> None:
    program = Program.at(parts).sign_in("lead")

    assert program.get("/registers/cpv/73000000-2").json()["key"] == "73000000"
    assert program.get("/registers/cpv/73000000-3").status_code == 404
    assert program.get("/registers/cpv", q="research").json()[0]["key"] == "73000000"
    assert program.get("/registers/cpv", q="").status_code == 422
