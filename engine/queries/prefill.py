"""What the fields of a task's form begin with: what the model says is known before anybody writes.

It is a suggestion: whoever does the task may write something else, and nothing of it is handed in
by itself.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

from engine.errors import EngineError
from engine.feel import Expression, Scope, compile_expression, to_data
from engine.model.definition import ElementInfo
from engine.procurement.time_limits import counted_from, time_limit
from engine.queries.view import Seen

_TIME_LIMIT: Final = "time_limit"


def prefilled(
    seen: Seen, element: ElementInfo, variables: Callable[[], Mapping[str, Any]]
) -> dict[str, Any]:
    """The values by field. A field whose expression gives null, or cannot be worked out with what
    is known now, is left to whoever does the task."""
    if not element.prefills:
        return {}
    known = variables()
    scope = Scope(now=seen.view.now, functions={_TIME_LIMIT: _limits(seen)})
    found = {each.variable: _value(each.value, known, scope) for each in element.prefills}
    return {field: value for field, value in found.items() if value is not None}


def _value(source: str, variables: Mapping[str, Any], scope: Scope) -> Any:
    try:
        return to_data(_compiled(source, frozenset(variables)).evaluate(variables, scope))
    except EngineError:
        return None


@lru_cache(maxsize=512)
def _compiled(source: str, names: frozenset[str]) -> Expression:
    return compile_expression(source, names, functions=(_TIME_LIMIT,))


def _limits(seen: Seen) -> Callable[[str, Any], datetime]:
    """The end of a legal period by the rules that hold in the procurement."""
    pinned = seen.row.rules_at if seen.row.rule_set else ""
    rules_at = date.fromisoformat(pinned) if pinned else seen.view.today
    return lambda rule, start: time_limit(rule, counted_from(start), rules_at).ends_at
