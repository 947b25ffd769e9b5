"""When a gateway without a default flow is known to have a way out."""

import pytest

from engine.bpmn.compile import check_bundle
from tests.support.models import KNOWN, chain, flow, good_files, node, process

DECLARED = (
    '<pivotal:variable name="agreed" type="boolean"/><pivotal:variable name="count" type="number"/>'
    '<pivotal:variable name="items" type="list"/><pivotal:variable name="word" type="string"/>'
)


def rules(first: str, second: str) -> set[str]:
    body = "\n".join(
        (
            node("startEvent", "begun"),
            node("exclusiveGateway", "choose"),
            node("endEvent", "one"),
            node("endEvent", "other"),
            chain("begun", "choose"),
            flow("choose", "one", first),
            flow("choose", "other", second),
        )
    )
    model = process("sample", body, declared=DECLARED).encode()
    files = good_files() | {"processes/sample/sample.bpmn": model}
    return {found.rule for found in check_bundle("sample", files, KNOWN)}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("agreed", "not(agreed)"),
        ("agreed = true", "agreed = false"),
        ("count(items) > 0", "count(items) = 0"),
        ("count > 5", "count <= 5"),
        ("count < 5", "count >= 5"),
        ('word = "a"', 'word != "a"'),
        ("title = null", "title != null"),
    ],
)
def test_conditions_that_cover_everything_need_no_default(first: str, second: str) -> None:
    assert "gateway-not-exhaustive" not in rules(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("agreed", "agreed"),
        ("count > 5", "count < 5"),
        ('word = "a"', 'word = "b"'),
        ("count(items) > 1", "count(items) = 0"),
        ("agreed", "count > 5"),
    ],
)
def test_conditions_that_leave_a_gap_are_warned_of(first: str, second: str) -> None:
    assert "gateway-not-exhaustive" in rules(first, second)
