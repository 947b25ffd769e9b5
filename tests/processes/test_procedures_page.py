"""The page that lets a lawyer find each step names what is in the models."""

import re
from pathlib import Path

import pytest
from lxml import etree

ROOT = Path(__file__).parent.parent.parent
PAGE = ROOT / "docs" / "procedures.md"
PROCEDURES = (
    "innovation-partnership",
    "competitive-dialogue",
    "negotiated-procedure",
    "open-procedure",
    "pre-commercial-procurement",
    "design-contest",
)


def known_names() -> set[str]:
    """Ids, messages and options of the models, names of processes and scenarios, rules."""
    rules = (ROOT / "docs" / "rules.md").read_text("utf-8")
    models = [etree.parse(path) for path in ROOT.glob("processes/*/*.bpmn")]
    return {
        *(
            str(element.get(attribute, ""))
            for model in models
            for element in model.iter()
            for attribute in ("id", "name", "value", "ref")
        ),
        *(path.name for path in (ROOT / "processes").iterdir()),
        *(path.stem for path in ROOT.glob("processes/*/scenarios/*.yaml")),
        *re.findall(r"`([a-z0-9-]+)`", rules),
    }


def test_every_id_on_the_page_is_in_the_models() -> None:
    named = set(re.findall(r"`([a-z0-9-]+)`", PAGE.read_text("utf-8")))

    unknown = named - known_names()

    assert unknown == set()


def named_in(process: str) -> set[str]:
    """What a row may name of a process: its elements, and the checks of its gates."""
    model = etree.parse(ROOT / "processes" / process / f"{process}.bpmn")
    return {
        str(element.get(attribute, ""))
        for element in model.iter()
        for attribute in ("id", "rule", "ref")
    }


def step_rows(key: str) -> list[str]:
    """The rows of the procedure's steps on the page."""
    section = PAGE.read_text("utf-8").partition(f"\n`{key}`. ")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if re.match(r"\| (?:[A-Z]{2}\d|–)", line)]


@pytest.mark.parametrize("key", PROCEDURES)
def test_every_step_names_elements_of_its_own_processes(key: str) -> None:
    processes = {path.parent.name for path in ROOT.glob("processes/*/*.bpmn")}
    rows = step_rows(key)

    for row in rows:
        names = set(re.findall(r"`([a-z0-9-]+)`", row))
        known = set().union(*(named_in(each) for each in {key, *(names & processes)}))
        assert names - processes - known == set(), row
        assert names - processes, row
    assert len(rows) > 8


@pytest.mark.parametrize("key", PROCEDURES)
def test_no_step_names_a_gate_by_its_number_alone(key: str) -> None:
    alone = [row for row in step_rows(key) if re.search(r"(?<!\()\bD\d", row)]

    assert alone == []


def test_the_steps_on_the_page_are_those_of_the_procedures() -> None:
    page = PAGE.read_text("utf-8")
    steps = [
        line
        for key in PROCEDURES
        for line in (ROOT / "processes" / key / "README.md").read_text("utf-8").splitlines()
        if re.match(r"\| (IP|CD|NP|OP|PC|DC)\d", line)
    ]

    missing = [step for step in steps if step not in page]

    assert len(steps) > 40
    assert missing == []
