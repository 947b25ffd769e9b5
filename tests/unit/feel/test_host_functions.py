from datetime import date, datetime
from typing import Any

import pytest

from engine.errors import FeelError
from engine.feel import compile_expression
from tests.support.feel import SCOPE, evaluate


def time_limit(rule: str, start: datetime) -> dict[str, Any]:
    return {"rule": rule, "days": 10, "start": start}


def test_a_function_of_the_host_takes_and_gives_feels_values() -> None:
    functions = {"time_limit": time_limit}
    variables = {"sent": date(2026, 3, 2)}

    assert evaluate(
        'time_limit("standstill", sent).days + 0.5', variables, functions=functions
    ) == (evaluate("10.5"))
    assert (
        evaluate('time_limit(start: sent, rule: "standstill").rule', variables, functions=functions)
        == "standstill"
    )


def test_a_function_of_the_host_called_with_too_few_arguments_is_an_error() -> None:
    with pytest.raises(FeelError, match=r"takes \(rule, start\)"):
        evaluate('time_limit("standstill")', functions={"time_limit": time_limit})


def test_a_function_of_the_host_that_is_not_announced_is_an_unknown_name() -> None:
    with pytest.raises(FeelError, match="'time_limit'"):
        compile_expression("time_limit(1, 2)", ())


def test_a_function_of_the_host_that_is_announced_and_absent_is_an_error() -> None:
    expression = compile_expression("time_limit(1, 2)", (), functions=["time_limit"])

    with pytest.raises(FeelError, match="not available here"):
        expression.evaluate({}, SCOPE)
