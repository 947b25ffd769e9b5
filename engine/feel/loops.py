"""Closures that go over lists: `for`, `some`, `every` and filters."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from engine.feel.arithmetic import ADD, SUBTRACT
from engine.feel.budget import Run
from engine.feel.numeric import ONE, whole
from engine.feel.values import NAMES_PER_STEP, PLAIN, Closure, Range, Value, Variables, normal


@dataclass(frozen=True, slots=True)
class Source:
    """Where a loop takes its items from."""

    name: str
    source: Closure
    end: Closure | None

    def items(self, variables: Variables, run: Run) -> list[Value] | None:
        """The items in order; null where there is nothing to loop over."""
        value = self.source(variables, run)
        if self.end is not None:
            return _series(value, self.end(variables, run), run)
        if type(value) is Range:
            return range_items(value, run)
        if value is None or type(value) is list:
            return value
        return [value]


def _series(first: Value, last: Value, run: Run) -> list[Value] | None:
    if type(first) is Decimal and type(last) is Decimal:
        start, end = whole(first), whole(last)
        step = 1 if start <= end else -1
        run.spend(abs(end - start))
        return [Decimal(number) for number in range(start, end + step, step)]
    if type(first) is date and type(last) is date:
        days = (last - first).days
        step = 1 if days >= 0 else -1
        run.spend(abs(days))
        return [first + timedelta(days=number) for number in range(0, days + step, step)]
    return None


def range_items(bounds: Range, run: Run) -> list[Value] | None:
    """The whole numbers or days of a closed range; null for any other."""
    kind = type(bounds.low)
    step = {Decimal: ONE, date: timedelta(days=1)}.get(kind)
    if step is None or kind is not type(bounds.high):
        return None
    first = bounds.low if bounds.low_included else ADD[kind, type(step)](bounds.low, step)
    last = bounds.high if bounds.high_included else SUBTRACT[kind, type(step)](bounds.high, step)
    return _series(first, last, run) if first <= last else []


def _combinations(
    sources: tuple[Source, ...], variables: Variables, run: Run
) -> Iterator[dict[str, Value]]:
    """The variables of each pass. Raises `LookupError` where a source has nothing to loop over."""
    first, rest = sources[0], sources[1:]
    items = first.items(variables, run)
    if items is None:
        raise LookupError(first.name)
    cost = 1 + len(variables) // NAMES_PER_STEP
    for item in items:
        run.spend(cost)
        local = {**variables, first.name: normal(item)}
        if rest:
            yield from _combinations(rest, local, run)
        else:
            yield local


def for_each(sources: tuple[Source, ...], body: Closure, cost: int) -> Closure:
    """A closure that gathers what the body gives for each combination of items."""

    def loop(variables: Variables, run: Run) -> list[Value] | None:
        results: list[Value] = []
        passes = _combinations(sources, variables, run)
        while True:
            try:
                local = next(passes, None)
            except LookupError:
                return None
            if local is None:
                return results
            run.spend(cost)
            local["partial"] = results
            results.append(body(local, run))

    return loop


def quantified(sources: tuple[Source, ...], body: Closure, cost: int, found: bool) -> Closure:
    """A closure that looks for the first pass whose answer is `found`."""

    def search(variables: Variables, run: Run) -> Value:
        unknown = False
        passes = _combinations(sources, variables, run)
        while True:
            try:
                local = next(passes, None)
            except LookupError:
                return None
            if local is None:
                return None if unknown else not found
            run.spend(cost)
            answer = body(local, run)
            if answer is found:
                return found
            unknown = unknown or type(answer) is not bool

    return search


def filtered(source: Closure, condition: Closure, cost: int) -> Closure:
    """A closure that keeps the items for which the condition is true, or takes the one it
    numbers."""

    def select(variables: Variables, run: Run) -> Value:
        value = source(variables, run)
        if value is None:
            return None
        items = value if type(value) is list else [value]
        if not items:
            return [] if type(condition(variables, run)) is not Decimal else None
        kept = []
        surroundings = 1 + cost + len(variables) // NAMES_PER_STEP
        for raw in items:
            item = raw if type(raw) in PLAIN else normal(raw)
            if type(item) is dict:
                run.spend(surroundings + len(item) // NAMES_PER_STEP)
                local = {**variables, "item": item, **item}
            else:
                run.spend(surroundings)
                local = {**variables, "item": item}
            answer = condition(local, run)
            if type(answer) is Decimal:
                return _numbered(items, whole(answer))
            if answer is True:
                kept.append(item)
        return kept

    return select


def _numbered(items: list[Value], number: int) -> Value:
    """Counted from 1, or from the end where negative."""
    if number == 0 or abs(number) > len(items):
        return None
    return normal(items[number - 1 if number > 0 else number])
