"""Ranking tenders by published weights and agreed scores, in exact decimals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from engine.errors import InvalidInputError

SHOWN: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Score:
    """One agreed score; a later one for the same supplier and criterion takes its place."""

    supplier: str
    criterion: Any
    points: Any


def ranking(
    suppliers: Mapping[str, str], weights: Mapping[str, Any], scores: Iterable[Score]
) -> list[dict[str, Any]]:
    """Each supplier (id → name) with total points and rank, best first; equal totals share a rank.

    `weights` are per cent by criterion. Totals are exact; only the shown points are rounded, to
    four decimals. Raises InvalidInputError for a score or weight that is no number, and for a score
    of a criterion that was not published.
    """
    latest = {(each.supplier, str(each.criterion)): each.points for each in scores}
    totals = dict.fromkeys(suppliers, Decimal(0))
    for (supplier, criterion), points in latest.items():
        if supplier not in totals:
            continue
        if criterion not in weights:
            raise InvalidInputError(
                f"There are scores for «{criterion}», which is no published award criterion."
                f" Published: {', '.join(weights) or 'none'}.",
                criterion=criterion,
            )
        weight = _number(weights[criterion], f"the weight of «{criterion}»")
        totals[supplier] += weight * _number(points, f"a score for «{criterion}»") / 100
    ordered = sorted(totals, key=lambda key: (-totals[key], key))
    return [
        {
            "id": key,
            "name": suppliers[key],
            "points": format(totals[key].quantize(SHOWN).normalize(), "f"),
            "rank": 1 + sum(1 for other in totals.values() if other > totals[key]),
        }
        for key in ordered
    ]


def _number(value: Any, what: str) -> Decimal:
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise InvalidInputError(
            f"{what[0].upper()}{what[1:]} is {value!r}, which is no number. Correct the form.",
            value=str(value),
        ) from error
