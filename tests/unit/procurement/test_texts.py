"""What the rules say, they say in every language: none is left out, and none is another's copy."""

import ast
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.forms.reading import read_form
from engine.procurement.period import Unit
from engine.procurement.periods import compute_period
from engine.procurement.rules import RULES
from engine.procurement.rules.options import OPTIONS
from engine.procurement.rules.rule import FORM_TITLES
from engine.procurement.text import LANGUAGES, date_text, kroner, listed
from engine.procurement.time_limits import time_limit
from tools.nynorsk_code import with_nynorsk

SOURCES = Path(__file__).parents[3] / "engine" / "procurement"
FORMS = Path(__file__).parents[3] / "forms"
BOKMAAL_ALONE = {"ikke", "fra", "hvem", "hvilken", "noen", "kroner og", "leverandører", "dager"}
TODAY = date(2026, 9, 1)
STARTED = datetime(2026, 8, 31, 9, tzinfo=UTC)


def texts_in(data: Any) -> Iterator[Mapping[str, str]]:
    """Every text of rule data, at any depth."""
    if isinstance(data, Mapping):
        if "nb" in data:
            yield data
        for each in data.values():
            yield from texts_in(each)
    elif isinstance(data, list):
        for each in data:
            yield from texts_in(each)


@pytest.mark.parametrize("file", sorted(SOURCES.glob("data/*.yaml")), ids=lambda file: file.name)
def test_every_row_of_rule_data_speaks_each_language(file: Path) -> None:
    found = list(texts_in(yaml.safe_load(file.read_text("utf-8"))))

    assert found
    assert [text for text in found if set(text) != set(LANGUAGES) or not all(text.values())] == []


@pytest.mark.parametrize("file", sorted(SOURCES.rglob("*.py")), ids=lambda file: file.name)
def test_no_rule_in_code_lacks_its_nynorsk(file: Path) -> None:
    source = file.read_text("utf-8")

    assert with_nynorsk(source, lambda text: text) == source


def test_nynorsk_in_code_is_not_a_copy_of_bokmaal() -> None:
    said = [
        ast.unparse(argument.value)
        for file in SOURCES.rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for argument in call.keywords
        if argument.arg == "nn"
    ]

    assert len(said) > 500
    assert [text for text in said if BOKMAAL_ALONE & set(text.lower().split())] == []


def test_names_of_checks_and_forms_are_there_in_each_language() -> None:
    names = [rule.title for rule in RULES.values()] + list(FORM_TITLES.values())

    assert all(name[language] for name in names for language in LANGUAGES)


@pytest.mark.parametrize(("form", "path"), OPTIONS)
def test_options_are_called_what_their_form_calls_them(form: str, path: str) -> None:
    files = {file.name: file.read_bytes() for file in FORMS.glob(f"{form}.*")}
    found = read_form(form, files).find(tuple(path.split(".")))

    assert found is not None
    assert OPTIONS[form, path] == {
        each.value: {language: each.title(language) for language in LANGUAGES}
        for each in found.options
    }


@pytest.mark.parametrize("unit", Unit)
def test_a_period_explains_itself_in_each_language(unit: Unit) -> None:
    period = compute_period(date(2026, 3, 30), 3, unit) if unit is not Unit.HOURS else None
    limit = period or time_limit("personal-data-breach", STARTED, TODAY).period

    said = {language: limit.explain(language) for language in LANGUAGES}

    assert len({len(lines) for lines in said.values()}) == 1
    assert len({lines[0] for lines in said.values()}) == len(LANGUAGES)


def test_dates_amounts_and_lists_are_written_as_each_language_writes_them() -> None:
    assert date_text(date(2026, 12, 26)) == {
        "nb": "lørdag 26. desember 2026",
        "nn": "laurdag 26. desember 2026",
        "en": "Saturday 26 December 2026",
    }
    assert kroner(130_000_050, "nn") == kroner(130_000_050, "nb")
    assert listed(["a", "b", "c"], "nn") == "a, b og c"


def test_what_lacks_nynorsk_is_drafted_and_what_is_written_is_kept() -> None:
    source = 'fails(f"Ikke {listed(x, \'nb\')}.", f"Not {x}.")\ntext("Ikke", "Not", nn="Aldri")\n'

    drafted = with_nynorsk(source, lambda text: text.replace("Ikke", "Ikkje"))

    assert drafted.splitlines() == [
        'fails(f"Ikke {listed(x, \'nb\')}.", f"Not {x}.", nn=f"Ikkje {listed(x, \'nn\')}.")',
        'text("Ikke", "Not", nn="Aldri")',
    ]
