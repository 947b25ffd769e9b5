"""Reading and linting a large model."""

from functools import partial

from bench import models
from bench.report import Figure
from bench.timing import in_turn
from engine.bpmn.compile import check_bundle

ELEMENTS = 300


def parse_lint(rounds: int) -> list[Figure]:
    """A model of 300 elements: tasks, a start, an end, and the flows between them."""
    tasks = (ELEMENTS - 3) // 2
    files = models.row(tasks)
    (taken,) = in_turn(rounds, partial(check_bundle, "row", files))
    return [Figure(f"parse_lint_{ELEMENTS}", taken * 1e3, "ms", 150)]
