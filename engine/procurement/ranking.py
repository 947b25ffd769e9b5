"""Ranking tenders from what the forms hold: published criteria, agreed scores, and prices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from engine.errors import InvalidInputError
from engine.procurement.reading import number, said, supplier_of, whole
from engine.procurement.scoring import Criterion, PriceModel, price_points

SHOWN: Final = Decimal("0.0001")
COMPUTED: Final[Mapping[str, PriceModel]] = {
    "linear": PriceModel.LINEAR,
    "proportional": PriceModel.PROPORTIONAL,
    "hybrid": PriceModel.HYBRID,
}
"""Published price models whose points are computed as soon as every tender has a price; for the
others, and for a hybrid without a published break, the evaluators agree on points."""


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
    latest = latest_points(scores)
    totals = dict.fromkeys(suppliers, Fraction(0))
    for (supplier, criterion), points in latest.items():
        if supplier not in totals:
            continue
        if criterion not in weights:
            raise InvalidInputError(
                f"There are scores for «{criterion}», which is no published award criterion."
                f" Published: {', '.join(weights) or 'none'}.",
                criterion=criterion,
            )
        weight = exact(weights[criterion], f"the weight of «{criterion}»")
        totals[supplier] += weight * exact(points, f"a score for «{criterion}»") / 100
    ordered = sorted(totals, key=lambda key: (-totals[key], key))
    return [
        {
            "id": key,
            "name": suppliers[key],
            "points": _shown(totals[key]),
            "rank": 1 + sum(1 for other in totals.values() if other > totals[key]),
        }
        for key in ordered
    ]


def latest_points(scores: Iterable[Score]) -> dict[tuple[str, str], Any]:
    """What counts, by supplier and criterion."""
    return {(each.supplier, str(each.criterion)): each.points for each in scores}


def scored_prices(
    criteria: Sequence[Mapping[str, Any]],
    checks: Sequence[Mapping[str, Any]],
    suppliers: Iterable[str],
) -> list[Score]:
    """Points for the prices (øre) in the rows of the tender check, by the model published for each
    price criterion; none for a criterion unless every supplier has a price."""
    prices = {supplier_of(row): whole(row, "price") for row in checks}
    known = {key: prices.get(key) for key in suppliers}
    given = {key: Fraction(price) for key, price in known.items() if price}
    if not given or len(given) != len(known):
        return []
    lowest = min(given.values())
    return [
        Score(key, said(row, "criterion"), price_points(criterion, price, lowest))
        for row in criteria
        if (criterion := price_criterion(row)) is not None
        for key, price in given.items()
    ]


def price_criterion(row: Mapping[str, Any]) -> Criterion | None:
    """The criterion as it is computed; None where the evaluators give its points."""
    model = COMPUTED.get(said(row, "price_model"))
    if model is None:
        return None
    name = said(row, "criterion")
    weight = exact(row.get("weight") or 0, f"the weight of «{name}»")
    top = exact(row.get("scale_max") or 10, f"the scale of «{name}»")
    bend = number(row, "price_break")
    if model is not PriceModel.HYBRID:
        return Criterion(name, weight, top, model)
    return Criterion(name, weight, top, model, Fraction(bend)) if bend is not None else None


def exact(value: Any, what: str) -> Fraction:
    """A number of a form without loss; raises InvalidInputError that names `what` it is."""
    if isinstance(value, Fraction):
        return value
    try:
        return Fraction(Decimal(str(value)))
    except (InvalidOperation, ValueError, OverflowError) as error:
        raise InvalidInputError(
            f"{what[0].upper()}{what[1:]} is {value!r}, which is no number. Correct the form.",
            value=str(value),
        ) from error


def _shown(total: Fraction) -> str:
    exactly = Decimal(total.numerator) / Decimal(total.denominator)
    return format(exactly.quantize(SHOWN).normalize(), "f")
