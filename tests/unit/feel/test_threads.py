from concurrent.futures import ThreadPoolExecutor

from engine.errors import BudgetError
from engine.feel import Scope, compile_expression
from tests.support.feel import NOON


def test_threads_share_a_compiled_expression_without_sharing_its_budget() -> None:
    expression = compile_expression(
        "{f: function(x) x * n, r: sum(for i in 1..50 return f(i))}.r", ["n"]
    )
    scope = Scope(NOON, budget=3_000)

    with ThreadPoolExecutor(4) as pool:
        results = list(
            pool.map(lambda n: expression.evaluate({"n": n}, scope), range(400), chunksize=20)
        )

    assert results == [1275 * n for n in range(400)]


def test_a_thread_that_exceeds_its_budget_does_not_disturb_another() -> None:
    expression = compile_expression("count(for i in 1..n return i)", ["n"])
    scope = Scope(NOON, budget=5_000)

    def attempt(n: int) -> int:
        try:
            return int(expression.evaluate({"n": n}, scope))
        except BudgetError:
            return -1

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(attempt, [100, 10**9] * 100))

    assert results == [100, -1] * 100
