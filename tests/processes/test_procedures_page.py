"""The page that lets a lawyer find each step names what is in the models."""

import re
from pathlib import Path

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
