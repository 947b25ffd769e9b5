from typing import Any

import pytest

from engine.errors import FeelError
from engine.feel import compile_expression, evaluate_condition
from tests.support.feel import SCOPE


@pytest.mark.parametrize(("score", "answer"), [(76, True), (74, False)])
def test_a_condition_is_true_or_false(score: int, answer: bool) -> None:
    condition = compile_expression("supplier.score >= 75", ["supplier"])

    assert evaluate_condition(condition, {"supplier": {"score": score}}, SCOPE) is answer


@pytest.mark.parametrize("value", [None, 1, "true", [True]])
def test_a_condition_that_is_neither_raises_instead_of_taking_a_path(value: Any) -> None:
    condition = compile_expression("approved", ["approved"])

    with pytest.raises(FeelError, match="must give true or false") as caught:
        evaluate_condition(condition, {"approved": value}, SCOPE)

    assert caught.value.details["expression"] == "approved"
    assert caught.value.details["value"] == value


def test_a_comparison_with_a_missing_value_names_what_is_missing() -> None:
    condition = compile_expression("score > 3", ["score"])

    with pytest.raises(FeelError, match="Without a value: score"):
        evaluate_condition(condition, {}, SCOPE)


def test_a_number_compared_with_a_text_is_no_answer() -> None:
    condition = compile_expression('"2" < score', ["score"])

    with pytest.raises(FeelError, match="must give true or false"):
        evaluate_condition(condition, {"score": 3}, SCOPE)


def test_a_range_whose_limit_is_missing_is_not_taken_as_open() -> None:
    condition = compile_expression("score in [1..limit]", ["score", "limit"])

    with pytest.raises(FeelError, match="Without a value: limit"):
        evaluate_condition(condition, {"score": 500}, SCOPE)
