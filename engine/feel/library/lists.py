"""Functions of lists."""

import functools
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Final

from engine.feel.arithmetic import ADD
from engine.feel.budget import Run
from engine.feel.compare import ORDERED, ORDERS, contains, equal, ordered
from engine.feel.library.signature import Entry, charged, gathering, plain, variadic
from engine.feel.numeric import CONTEXT, ONE, ZERO, divide, whole
from engine.feel.temporal import from_seconds, to_seconds
from engine.feel.values import Function, Months, Value, normal_items


def _index(items: list[Value], position: Decimal) -> int | None:
    """From 1 at the start, or -1 at the end, to Python's index; None outside the list."""
    number = whole(position)
    if number == 0 or abs(number) > len(items):
        return None
    return number - 1 if number > 0 else len(items) + number


def _sublist(
    items: list[Value], start: Decimal, length: Decimal | None = None
) -> list[Value] | None:
    index = _index(items, start)
    if index is None:
        return None
    if length is None:
        return items[index:]
    count = whole(length)
    return items[index : index + count] if 1 <= count <= len(items) - index else None


def _insert_before(items: list[Value], position: Decimal, item: Value) -> list[Value] | None:
    index = _index(items, position)
    return None if index is None else [*items[:index], item, *items[index:]]


def _remove(items: list[Value], position: Decimal) -> list[Value] | None:
    index = _index(items, position)
    return None if index is None else items[:index] + items[index + 1 :]


def _replace_item(run: Run, items: list[Value], which: Value, item: Value) -> list[Value] | None:
    if type(which) is Function:
        return _replace_where(run, items, which, item)
    index = _index(items, which)
    return None if index is None else [*items[:index], item, *items[index + 1 :]]


def _replace_where(run: Run, items: list[Value], test: Function, item: Value) -> list[Value] | None:
    answers = [test.call(run, [old, item]) for old in items]
    if any(type(answer) is not bool for answer in answers):
        return None
    return [item if answer else old for old, answer in zip(items, answers, strict=True)]


def _index_of(run: Run, items: list[Value], sought: Value) -> list[Decimal]:
    return [
        Decimal(number) for number, item in enumerate(items, 1) if equal(run, item, sought) is True
    ]


def _distinct(run: Run, items: list[Value]) -> list[Value]:
    found: list[Value] = []
    for item in items:
        if not contains(run, found, item):
            found.append(item)
    return found


def _flatten(run: Run, items: list[Value]) -> list[Value]:
    found: list[Value] = []
    for item in normal_items(items):
        run.spend(1)
        if type(item) is list:
            found.extend(_flatten(run, item))
        else:
            found.append(item)
    return found


def _items_of(values: list[Value]) -> list[Value]:
    items: list[Value] = []
    for value in values:
        items.extend(normal_items(value) if type(value) is list else [value])
    return items


def _concatenate(_run: Run, values: list[Value]) -> list[Value] | None:
    return None if not values or None in values else _items_of(values)


def _union(run: Run, values: list[Value]) -> list[Value]:
    return _distinct(run, _items_of(values))


def _append(_run: Run, values: list[Value]) -> list[Value] | None:
    if not values or values[0] is None:
        return None
    first = values[0] if type(values[0]) is list else [values[0]]
    return [*first, *values[1:]]


def _sort(run: Run, items: list[Value], precedes: Function | None = None) -> list[Value] | None:
    if precedes is None:
        kinds = {type(item) for item in items}
        return sorted(items) if len(kinds) <= 1 and kinds <= ORDERED else None

    def compare(left: Value, right: Value) -> int:
        if precedes.call(run, [left, right]) is True:
            return -1
        return 1 if precedes.call(run, [right, left]) is True else 0

    return sorted(items, key=functools.cmp_to_key(compare))


def _extreme(sign: str) -> Callable[[Run, list[Value]], Value]:
    order = ORDERS[sign]

    def find(_run: Run, items: list[Value]) -> Value:
        if not items or type(items[0]) not in ORDERED:
            return None
        best = items[0]
        for item in items[1:]:
            better = ordered(item, order, best)
            if better is None:
                return None
            best = item if better else best
        return best

    return find


def _numbers(items: list[Value]) -> list[Decimal]:
    """Raises `TypeError` where one is no number; the call then gives null."""
    if any(type(item) is not Decimal for item in items):
        raise TypeError("number")
    return items


def _sum(_run: Run, items: list[Value]) -> Value:
    if not items:
        return None
    kind = type(items[0])
    if kind not in (Decimal, timedelta, Months) or any(type(item) is not kind for item in items):
        return None
    return functools.reduce(ADD[kind, kind], items)


def _product(_run: Run, items: list[Value]) -> Decimal | None:
    return functools.reduce(CONTEXT.multiply, _numbers(items), ONE) if items else None


def _mean(run: Run, items: list[Value]) -> Value:
    total, count = _sum(run, items), Decimal(len(items))
    if type(total) is Months:
        return Months(whole(CONTEXT.divide(Decimal(total.count), count)))
    if type(total) is timedelta:
        return from_seconds(CONTEXT.divide(to_seconds(total), count))
    return None if total is None else divide(total, count)


def _median(_run: Run, items: list[Value]) -> Decimal | None:
    if not items:
        return None
    in_order, middle = sorted(_numbers(items)), len(items) // 2
    if len(in_order) % 2:
        return in_order[middle]
    return CONTEXT.divide(CONTEXT.add(in_order[middle - 1], in_order[middle]), Decimal(2))


def _deviation(_run: Run, items: list[Value]) -> Decimal | None:
    if len(items) < 2:
        return None
    numbers = _numbers(items)
    mean = CONTEXT.divide(functools.reduce(CONTEXT.add, numbers, ZERO), Decimal(len(numbers)))
    squares = (CONTEXT.power(CONTEXT.subtract(number, mean), Decimal(2)) for number in numbers)
    variance = CONTEXT.divide(
        functools.reduce(CONTEXT.add, squares, ZERO), Decimal(len(numbers) - 1)
    )
    return CONTEXT.sqrt(variance)


def _mode(_run: Run, items: list[Value]) -> list[Decimal]:
    counts = Counter(_numbers(items))
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


def _all(_run: Run, items: list[Value]) -> bool | None:
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


def _any(_run: Run, items: list[Value]) -> bool | None:
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


LISTS: Final[tuple[Entry, ...]] = (
    charged("list contains", "list:list,element", contains),
    plain("count", "list:list", lambda items: Decimal(len(items))),
    plain("sublist", "list:list,start position:number,length:number?", _sublist),
    plain("insert before", "list:list,position:number,newItem", _insert_before),
    plain("remove", "list:list,position:number", _remove),
    plain("reverse", "list:list", lambda items: items[::-1]),
    charged("index of", "list:list,match", _index_of),
    charged("distinct values", "list:list", _distinct),
    charged("flatten", "list:list", _flatten),
    charged("sort", "list:list,precedes:function?", _sort),
    charged("list replace", "list:list,position:number|function,newItem", _replace_item),
    variadic("concatenate", _concatenate),
    variadic("union", _union),
    variadic("append", _append, ("list", "item")),
    gathering("min", _extreme("<")),
    gathering("max", _extreme(">")),
    gathering("sum", _sum),
    gathering("product", _product),
    gathering("mean", _mean),
    gathering("median", _median),
    gathering("stddev", _deviation),
    gathering("mode", _mode),
    gathering("all", _all),
    gathering("any", _any),
)
