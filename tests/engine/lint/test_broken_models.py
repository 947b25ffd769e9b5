"""However a model is broken, the check answers with findings: it never fails itself."""

import copy
import random

import pytest
from lxml import etree

from engine.bpmn.compile import check_bundle, compile_bundle
from engine.bpmn.diagram import render_svg
from engine.errors import DeploymentRefusedError, InvalidInputError, NotFoundError
from tests.support.models import KNOWN, good_files

MODEL = "processes/sample/sample.bpmn"
ROOT = etree.fromstring(good_files()[MODEL])
STRANGE = ("", " ", "x", "approve", "a.b", "{", "=", "-1", "æ", "true", "P1D", "1" * 300)


def broken(seed: int) -> bytes:
    """The good model after one to three random injuries."""
    chance = random.Random(seed)
    root = copy.deepcopy(ROOT)
    for _ in range(chance.randint(1, 3)):
        elements = [each for each in root.iter() if each.getparent() is not None]
        victim = chance.choice(elements)
        chance.choice((delete, rename, change, lose, double, move))(victim, chance, elements)
    return etree.tostring(root)


def delete(victim: etree._Element, _chance: random.Random, _all: list[etree._Element]) -> None:
    victim.getparent().remove(victim)


def rename(victim: etree._Element, chance: random.Random, others: list[etree._Element]) -> None:
    victim.tag = chance.choice(others).tag


def change(victim: etree._Element, chance: random.Random, _all: list[etree._Element]) -> None:
    if victim.attrib:
        victim.set(chance.choice(sorted(victim.attrib)), chance.choice(STRANGE))
    else:
        victim.text = chance.choice(STRANGE)


def lose(victim: etree._Element, chance: random.Random, _all: list[etree._Element]) -> None:
    if victim.attrib:
        del victim.attrib[chance.choice(sorted(victim.attrib))]


def double(victim: etree._Element, _chance: random.Random, _all: list[etree._Element]) -> None:
    victim.addnext(copy.deepcopy(victim))


def move(victim: etree._Element, chance: random.Random, others: list[etree._Element]) -> None:
    target = chance.choice(others)
    if victim not in target.iterancestors() and target is not victim:
        target.append(victim)


@pytest.mark.parametrize("first", range(0, 60, 30))
def test_a_broken_model_is_answered_with_findings(first: int) -> None:
    for seed in range(first, first + 30):
        files = good_files() | {MODEL: broken(seed)}

        findings = check_bundle("sample", files, KNOWN)

        assert all(found.rule and found.reason and found.remedy for found in findings)


@pytest.mark.parametrize("first", range(1000, 1030, 30))
def test_a_model_is_compiled_or_refused_and_drawn_or_refused(first: int) -> None:
    for seed in range(first, first + 30):
        model = broken(seed)
        errors = {
            found.rule
            for found in check_bundle("sample", good_files() | {MODEL: model}, KNOWN)
            if found.severity == "error"
        }

        try:
            compile_bundle("sample", good_files() | {MODEL: model}, KNOWN)
            refused = False
        except DeploymentRefusedError:
            refused = True
        try:
            picture = render_svg(model)
        except (InvalidInputError, NotFoundError):
            picture = ""

        assert refused == bool(errors)
        assert picture == "" or etree.fromstring(picture).tag.endswith("svg")
