import pytest

from engine.errors import FeelError
from engine.feel import compile_expression
from tests.support.feel import SCOPE, evaluate


def test_an_unknown_name_is_refused_with_its_place_and_the_known_names() -> None:
    with pytest.raises(FeelError, match="Known names: price, score") as caught:
        compile_expression("price > 3 and scroe > 4", ["price", "score"])

    assert caught.value.code == "feel-error"
    assert caught.value.details["name"] == "scroe"
    assert caught.value.details["position"] == 14
    assert caught.value.details["expression"] == "price > 3 and scroe > 4"


def test_names_may_hold_spaces_and_signs_when_they_are_known() -> None:
    variables = {"contract value": 10, "a-b": 9, "a": 5, "b": 3}

    assert evaluate("contract  value + 1", variables) == 11
    assert evaluate("a-b", variables) == 9
    assert evaluate("a-b", {"a": 5, "b": 3}) == 2


def test_what_a_name_means_is_settled_at_compilation_not_by_the_data() -> None:
    expression = compile_expression("a-b", ["a", "b"])

    assert expression.evaluate({"a": 5, "b": 3, "a-b": 9}, SCOPE) == 2


def test_the_names_used_are_those_from_outside() -> None:
    expression = compile_expression(
        "count(bids[price < limit]) > 0 and (some x in bids satisfies x.ok)",
        ["bids", "limit", "other"],
    )

    assert expression.names_used == {"bids", "limit"}


def test_a_missing_variable_is_null() -> None:
    assert compile_expression("a", ["a"]).evaluate({}, SCOPE) is None


def test_a_variable_named_like_a_function_does_not_hide_the_function() -> None:
    assert evaluate('date("2026-01-01").year + count', {"date": "x", "count": 1}) == 2027


def test_a_member_of_an_item_is_known_inside_its_filter_alone() -> None:
    assert evaluate("bids[price > 1].price", {"bids": [{"price": 1}, {"price": 2}]}) == [2]
    with pytest.raises(FeelError, match="'price'"):
        compile_expression("bids[1] and price > 1", ["bids"])


def test_a_member_with_a_space_is_read_when_it_was_announced() -> None:
    expression = compile_expression("bid.total price", ["bid"], members=["total price"])

    assert expression.evaluate({"bid": {"total price": 4}}, SCOPE) == 4
