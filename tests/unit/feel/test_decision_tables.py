import json
from decimal import Decimal
from typing import Any

import pytest

from engine.errors import DecisionError, FeelError
from engine.feel.dmn import DecisionTable, OutputClause, compile_model
from tests.support.dmn import model, table
from tests.support.feel import SCOPE

PRIORITIES = (OutputClause("procedure", allowed='"open", "limited", "direct"'),)


def decide(decision_table: DecisionTable, value: Any, *, strict: bool = True) -> Any:
    compiled = compile_model(model(decision_table), strict=strict)
    return compiled.decide("Procedure", {"value": value}, SCOPE).value


def test_unique_gives_the_one_rule_that_matches() -> None:
    rules = table('< 100 -> "direct"', '>= 100 -> "open"')

    assert decide(rules, 99.99) == "direct"
    assert decide(rules, 100) == "open"


def test_unique_refuses_two_matching_rules_and_names_them() -> None:
    rules = table('< 100 -> "direct"', '> 500 -> "open"', '< 200 -> "limited"')

    with pytest.raises(DecisionError, match="the rules 1, 3 match where only one may") as caught:
        decide(rules, 50)

    assert caught.value.details["rules"] == [1, 3]
    assert caught.value.details["inputs"] == {"value": 50}
    assert caught.value.code == "decision-failed"


def test_any_lets_rules_agree() -> None:
    rules = table('< 100 -> "direct"', '< 200 -> "direct"', hit_policy="ANY")

    assert decide(rules, 50) == "direct"


def test_any_refuses_rules_that_disagree_and_names_them() -> None:
    rules = table('< 100 -> "direct"', '< 200 -> "open"', hit_policy="ANY")

    with pytest.raises(DecisionError, match="the rules 1, 2 match and disagree"):
        decide(rules, 50)


def test_first_gives_the_uppermost_rule() -> None:
    rules = table('< 200 -> "limited"', '< 100 -> "direct"', hit_policy="FIRST")

    assert decide(rules, 50) == "limited"


def test_priority_gives_the_output_listed_first() -> None:
    rules = table('< 200 -> "direct"', '< 100 -> "open"', hit_policy="PRIORITY", outputs=PRIORITIES)

    assert decide(rules, 50) == "open"


def test_output_order_sorts_by_the_listed_outputs() -> None:
    rules = table(
        '< 200 -> "direct"', '< 100 -> "open"', hit_policy="OUTPUT ORDER", outputs=PRIORITIES
    )

    assert decide(rules, 50) == ["open", "direct"]


@pytest.mark.parametrize("hit_policy", ["RULE ORDER", "COLLECT"])
def test_rule_order_and_collect_list_all_outputs(hit_policy: Any) -> None:
    rules = table("< 200 -> 3", "< 100 -> 1", "> 500 -> 7", hit_policy=hit_policy)

    assert decide(rules, 50) == [3, 1]


@pytest.mark.parametrize(
    ("aggregation", "value"), [("SUM", 4), ("MIN", 1), ("MAX", 3), ("COUNT", 2)]
)
def test_collect_aggregates(aggregation: Any, value: int) -> None:
    rules = table(
        "< 200 -> 3", "< 100 -> 1", "> 500 -> 7", hit_policy="COLLECT", aggregation=aggregation
    )

    assert decide(rules, 50) == Decimal(value)


@pytest.mark.parametrize("hit_policy", ["UNIQUE", "ANY", "FIRST", "PRIORITY"])
def test_no_matching_rule_is_refused_with_the_inputs(hit_policy: Any) -> None:
    rules = table('< 100 -> "direct"', hit_policy=hit_policy, outputs=PRIORITIES)

    with pytest.raises(DecisionError, match=r"no rule matches.*value = 100"):
        decide(rules, 100)


def test_a_missing_input_matches_no_rule_and_is_refused() -> None:
    with pytest.raises(DecisionError, match="value = None"):
        decide(table('< 100 -> "direct"', '>= 100 -> "open"'), None)


def test_no_matching_rule_is_null_where_the_standard_is_followed_to_the_letter() -> None:
    assert decide(table('< 100 -> "direct"'), 100, strict=False) is None


def test_no_matching_rule_gives_the_default_output() -> None:
    rules = table('< 100 -> "direct"', outputs=(OutputClause("procedure", default='"open"'),))

    assert decide(rules, 100) == "open"


def test_a_list_of_no_matching_rules_is_empty() -> None:
    assert decide(table("< 100 -> 1", hit_policy="COLLECT"), 100) == []


def test_an_input_that_is_not_allowed_is_refused() -> None:
    with pytest.raises(DecisionError, match="only >= 0 is allowed"):
        decide(table('- -> "direct"', allowed=">= 0"), -1)


def test_several_outputs_make_a_context() -> None:
    rules = table(
        '< 100 -> "direct" | 10', outputs=(OutputClause("procedure"), OutputClause("days"))
    )

    assert decide(rules, 1) == {"procedure": "direct", "days": 10}


def test_the_trace_says_which_rule_matched_which_values_and_why() -> None:
    rules = table('< 100 -> "direct" # FOA § 1-1', '>= 100 -> "open" # FOA § 5-1')
    compiled = compile_model(model(rules))

    trace = compiled.decide("procedure-id", {"value": 100.5}, SCOPE).trace

    assert trace == [
        {
            "name": "Procedure",
            "id": "procedure-id",
            "kind": "decision table",
            "hit_policy": "UNIQUE",
            "inputs": [{"expression": "value", "label": "", "value": 100.5}],
            "rules": [{"number": 2, "id": "r2", "annotation": "FOA § 5-1"}],
            "default": False,
            "output": "open",
        }
    ]
    assert json.loads(json.dumps(trace)) == trace


def test_every_cell_that_cannot_be_read_is_reported_with_its_rule_at_compilation() -> None:
    rules = table('< -> "direct"', '< limit -> "open', "> 3 -> 1")

    with pytest.raises(FeelError, match="Procedure, rule 1, input 1") as caught:
        compile_model(model(rules))

    problems = caught.value.details["problems"]
    places = [problem["message"].partition(":")[0] for problem in problems]
    assert places == [
        "Procedure, rule 1, input 1",
        "Procedure, rule 2, input 1",
        "Procedure, rule 2, output 1",
    ]
    assert {problem["element"] for problem in problems} == {"procedure-id"}
    assert problems[1]["name"] == "limit"


def test_a_rule_with_too_few_cells_is_refused_at_compilation() -> None:
    with pytest.raises(FeelError, match="rule 1: it has 1 input and 1 output cells"):
        compile_model(model(table("< 1 -> 2", inputs=("value", "value"))))
