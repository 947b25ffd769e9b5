from datetime import date
from typing import Any

import pytest

from engine.errors import BudgetError, DecisionError, FeelError
from engine.feel import Scope
from engine.feel.dmn import (
    BoxedConditional,
    BoxedContext,
    BoxedFilter,
    BoxedIterator,
    BoxedList,
    BusinessKnowledgeModel,
    ContextEntry,
    Decision,
    DecisionService,
    FunctionDefinition,
    InputData,
    Invocation,
    ItemDefinition,
    LiteralExpression,
    ModelSource,
    Parameter,
    Relation,
    compile_model,
)
from engine.feel.dmn.model import Boxed, Element
from engine.feel.dmn.trace import MAX_STEPS
from tests.support.dmn import table
from tests.support.feel import NOON, SCOPE

PRICE = InputData("in-price", "price", "number")
SCORE = Decision("d-score", "score", LiteralExpression("price * 2"), ("in-price",), "number")


ONE, TWO = LiteralExpression("1"), LiteralExpression("2")
NUMBERS = LiteralExpression("[1, 2, 3]")


def source(*elements: Element, items: tuple[ItemDefinition, ...] = ()) -> ModelSource:
    return ModelSource("Evaluation", elements, items)


def test_a_decision_evaluates_what_it_requires_first() -> None:
    rank = Decision("d-rank", "rank", LiteralExpression("score + price"), ("d-score", "in-price"))
    model = compile_model(source(PRICE, SCORE, rank))

    result = model.decide("rank", {"price": 10}, SCOPE)

    assert result.value == 30
    assert [step["name"] for step in result.trace] == ["score", "rank"]
    assert result.trace[1]["inputs"] == [
        {"name": "score", "value": 20},
        {"name": "price", "value": 10},
    ]


def test_process_data_named_like_a_decision_does_not_replace_the_decision() -> None:
    model = compile_model(source(PRICE, SCORE))

    assert model.decide("score", {"price": 10, "score": 999}, SCOPE).value == 20


def test_a_name_the_decision_does_not_require_is_refused_at_compilation() -> None:
    with pytest.raises(FeelError, match="'price'"):
        compile_model(source(PRICE, Decision("d", "d", LiteralExpression("price * 2"))))


def test_a_requirement_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(FeelError, match="requires 'gone', which is not in the model"):
        compile_model(source(Decision("d", "d", LiteralExpression("1"), ("gone",))))


def test_decisions_that_require_each_other_are_refused() -> None:
    first = Decision("a", "a", LiteralExpression("b"), ("b",))
    second = Decision("b", "b", LiteralExpression("a"), ("a",))

    with pytest.raises(FeelError, match="in a circle: a → b → a"):
        compile_model(source(first, second))


def test_imports_are_refused() -> None:
    with pytest.raises(FeelError, match="imports 'common'"):
        compile_model(ModelSource("m", (), imports=("common",)))


def test_an_unknown_decision_is_an_error_that_lists_the_known() -> None:
    with pytest.raises(DecisionError, match=r"no decision 'rang'. It has: score"):
        compile_model(source(PRICE, SCORE)).decide("rang", {}, SCOPE)


def test_knowledge_is_called_with_its_parameters() -> None:
    body = LiteralExpression("amount * 0.25")
    tax = BusinessKnowledgeModel(
        "k-tax", "value added tax", FunctionDefinition((Parameter("amount", "number"),), body)
    )
    call = Invocation(
        LiteralExpression("value added tax"), (("amount", LiteralExpression("price")),)
    )
    total = Decision(
        "d-total",
        "total",
        BoxedContext(
            (ContextEntry("tax", call), ContextEntry(None, LiteralExpression("price + tax")))
        ),
        ("k-tax", "in-price"),
    )

    value = compile_model(source(PRICE, tax, total)).decide("total", {"price": 100}, SCOPE).value

    assert value == 125


def test_a_decision_service_takes_input_decisions_from_its_caller() -> None:
    rank = Decision("d-rank", "rank", LiteralExpression("score + 1"), ("d-score",))
    service = DecisionService("s", "ranking", ("d-rank",), input_decisions=("d-score",))
    model = compile_model(source(PRICE, SCORE, rank, service))

    assert model.decide("ranking", {"score": 5}, SCOPE).value == 6


def test_text_becomes_a_date_where_the_input_is_typed_as_one() -> None:
    deadline = InputData("in", "deadline", "tDeadline")
    late = Decision("d", "late", LiteralExpression('deadline < date("2026-03-01")'), ("in",))
    items = (ItemDefinition("tDeadline", "date"),)
    model = compile_model(source(deadline, late, items=items))

    assert model.decide("late", {"deadline": "2026-02-28"}, SCOPE).value is True
    assert model.decide("late", {"deadline": date(2026, 3, 1)}, SCOPE).value is False
    with pytest.raises(DecisionError, match="not of type tDeadline"):
        model.decide("late", {"deadline": "soon"}, SCOPE)


def test_a_value_outside_its_types_allowed_values_is_refused() -> None:
    kind = InputData("in", "kind", "tKind")
    copy = Decision("d", "copy", LiteralExpression("kind"), ("in",))
    items = (ItemDefinition("tKind", "string", allowed='"goods", "services"'),)
    model = compile_model(source(kind, copy, items=items))

    assert model.decide("copy", {"kind": "goods"}, SCOPE).value == "goods"
    with pytest.raises(DecisionError, match="not of type tKind"):
        model.decide("copy", {"kind": "works"}, SCOPE)


def test_a_decision_pays_from_the_budget() -> None:
    endless = Decision("d", "d", LiteralExpression("count(for i in 1..1000000 return i)"))

    with pytest.raises(BudgetError):
        compile_model(source(endless)).decide("d", {}, Scope(NOON))


def test_host_functions_and_the_clock_reach_a_decision() -> None:
    due = Decision("d", "due", LiteralExpression("[today(), working_days(3)]"))
    model = compile_model(source(due), functions=["working_days"])
    scope = Scope(NOON, {"working_days": lambda n: date(2026, 3, 2 + int(n))})

    assert model.decide("due", {}, scope).value == [date(2026, 3, 2), date(2026, 3, 5)]


@pytest.mark.parametrize(
    ("box", "value"),
    [
        (Relation(("a", "b"), ((ONE, TWO), (TWO, ONE))), [{"a": 1, "b": 2}, {"a": 2, "b": 1}]),
        (BoxedList((ONE, TWO)), [1, 2]),
        (BoxedConditional(LiteralExpression("1 < 2"), ONE, TWO), 1),
        (BoxedConditional(ONE, ONE, TWO), None),
        (BoxedFilter(NUMBERS, LiteralExpression("item > 1")), [2, 3]),
        (BoxedFilter(NUMBERS, ONE), None),
        (BoxedIterator("for", "n", NUMBERS, LiteralExpression("n * 2")), [2, 4, 6]),
        (BoxedIterator("some", "n", NUMBERS, LiteralExpression("n > 2")), True),
        (BoxedIterator("every", "n", NUMBERS, LiteralExpression("n > 2")), False),
        (FunctionDefinition((), ONE, kind="Java"), "function()"),
    ],
)
def test_every_boxed_expression_has_its_value(box: Boxed, value: Any) -> None:
    model = compile_model(source(Decision("d", "d", box)))

    assert model.decide("d", {}, SCOPE).trace[0]["output"] == value


def test_of_a_table_evaluated_very_often_the_first_steps_are_kept_and_the_rest_counted() -> None:
    double = table("> 0 -> value * 2", inputs=("value",))
    knowledge = BusinessKnowledgeModel(
        "k", "double", FunctionDefinition((Parameter("value"),), double)
    )
    use = LiteralExpression("count(for i in 1..2000 return double(i))")
    model = compile_model(source(knowledge, Decision("d", "d", use, ("k",))))

    result = model.decide("d", {}, SCOPE)

    assert result.value == 2000
    assert len(result.trace) == MAX_STEPS + 2
    assert result.trace[-2]["name"] == "d"
    assert result.trace[-1] == {"name": "double", "id": "k", "kind": "left out", "count": 1900}
