"""Ranking tenders from what the forms hold: published criteria, agreed scores, and prices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any, Final

from engine.errors import InvalidInputError
from engine.procurement.reading import number, said, supplier_of, whole
from engine.procurement.scoring import (
    IN_MONEY,
    Criterion,
    PriceModel,
    QualityScale,
    Tender,
    in_money,
    rank,
)

SHOWN: Final = Decimal("0.0001")
ORE: Final = 100
RELATIVE: Final = "relative"


@dataclass(frozen=True, slots=True)
class Score:
    """One agreed score; a later one for the same supplier and criterion takes its place."""

    supplier: str
    criterion: Any
    points: Any


@dataclass(frozen=True, slots=True)
class Basis:
    """What a ranking is computed from; a tender lacks what nobody has given yet."""

    criteria: tuple[Criterion, ...]
    tenders: tuple[Tender, ...]


def basis(
    rows: Sequence[Mapping[str, Any]],
    checks: Sequence[Mapping[str, Any]],
    scores: Iterable[Score],
    suppliers: Iterable[str],
) -> Basis:
    """From the published criteria, the rows of the tender check, which hold prices in øre, and the
    agreed scores.

    A price gets the points of the published model, whatever was typed for it, as soon as every
    tender has a price; before, and for a hybrid without a published break, the agreed points stand.
    Raises InvalidInputError for what is no number, and for a score of what was not published.
    """
    keys = list(suppliers)
    prices = {supplier_of(row): whole(row, "price") for row in checks}
    complete = all(prices.get(key) for key in keys)
    criteria = tuple(criterion(row, priced=complete) for row in rows)
    latest = latest_points(each for each in scores if each.supplier in keys)
    unknown = sorted({name for _, name in latest} - {each.id for each in criteria})
    if unknown:
        raise InvalidInputError(
            f"There are scores for «{unknown[0]}», which is no published award criterion."
            f" Published: {', '.join(each.id for each in criteria) or 'none'}.",
            criterion=unknown[0],
            about="criterion-unknown",
        )
    return Basis(
        criteria,
        tuple(Tender(key, _given(key, criteria, latest, prices.get(key))) for key in keys),
    )


def _given(
    supplier: str,
    criteria: Sequence[Criterion],
    points: Mapping[tuple[str, str], Any],
    price: int | None,
) -> dict[str, Fraction]:
    """The price for a criterion that is computed, the agreed points for the others."""
    found: dict[str, Fraction] = {}
    for each in criteria:
        value = price if each.model else points.get((supplier, each.id), _NONE)
        if each.model and not price:
            continue
        if value is not _NONE:
            found[each.id] = exact(value, f"a score for «{each.id}»")
    return found


_NONE: Final = object()


def ranking(suppliers: Mapping[str, str], on: Basis) -> list[dict[str, Any]]:
    """Each supplier (id → name) with its total and rank, best first; equal totals share a rank.

    What nobody has scored counts 0. `points` are the total, exact but for being shown with four
    decimals; where tenders are compared in money they are the compared price in kroner, and `unit`
    says so. Raises InvalidInputError where a price that decides is missing.
    """
    priced = in_money(on.criteria)
    whole_tenders = [
        Tender(each.id, {one.id: each.given.get(one.id, Fraction(0)) for one in on.criteria})
        for each in on.tenders
    ]
    return [
        {
            "id": each.id,
            "name": suppliers[each.id],
            "points": _shown(each.total / ORE if priced else each.total),
            "rank": each.rank,
            "unit": "NOK" if priced else "points",
        }
        for each in rank(on.criteria, whole_tenders)
    ]


def latest_points(scores: Iterable[Score]) -> dict[tuple[str, str], Any]:
    """What counts, by supplier and criterion."""
    return {(each.supplier, str(each.criterion)): each.points for each in scores}


def criterion(row: Mapping[str, Any], *, priced: bool) -> Criterion:
    """The criterion as published. Unless all are `priced`, points that a model computes from prices
    are the evaluators' to give."""
    name = said(row, "criterion")
    bend, worth = number(row, "price_break"), whole(row, "quality_worth")
    model = _model(row)
    if model is PriceModel.HYBRID and bend is None:
        model = None
    if model not in IN_MONEY and not priced:
        model = None
    relative = said(row, "quality_scale") == RELATIVE
    return Criterion(
        name,
        exact(row.get("weight") or 0, f"the weight of «{name}»"),
        exact(row.get("scale_max") or 10, f"the scale of «{name}»"),
        model,
        None if bend is None else Fraction(bend),
        QualityScale.RELATIVE if relative else QualityScale.ABSOLUTE,
        None if worth is None or model else Fraction(worth),
    )


def _model(row: Mapping[str, Any]) -> PriceModel | None:
    named = said(row, "price_model")
    return PriceModel(named) if named in set(PriceModel) else None


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
            about="no-number",
        ) from error


def _shown(total: Fraction) -> str:
    exactly = Decimal(total.numerator) / Decimal(total.denominator)
    return format(exactly.quantize(SHOWN).normalize(), "f")
