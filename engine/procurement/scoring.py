"""Prices and qualities to points, points to a ranking: the published models, exactly.

Every value is a fraction, so that equal totals are equal and no rounding decides who wins; only
`shown` rounds. The models are those of DFØ's guide to evaluation; which one holds is published with
the award criteria and never chosen afterwards (FOA § 18-1, Directive 2014/24/EU art. 67).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Final

from engine.errors import InvalidInputError

FORMULAS: Final = "2026-2"
"""Names these formulas in the record: a ranking is computed again by those it was made with."""

Number = int | Fraction | Decimal


class PriceModel(StrEnum):
    """How a price counts. `hybrid` is linear up to a published break, and falls in proportion to
    the price from there on, without a jump. Two models give no points: prices are compared in øre,
    and the lowest is best. `priced_quality` takes what quality is worth off the price, or marks it
    up for what lacks; `lowest` compares prices as they are."""

    LINEAR = "linear"
    PROPORTIONAL = "proportional"
    HYBRID = "hybrid"
    PRICED_QUALITY = "priced_quality"
    LOWEST = "lowest"


IN_MONEY: Final = frozenset({PriceModel.PRICED_QUALITY, PriceModel.LOWEST})
"""Models by which tenders are compared in øre instead of points."""


class QualityScale(StrEnum):
    """`absolute`: points stand as given. `relative`: the best gets the top."""

    ABSOLUTE = "absolute"
    RELATIVE = "relative"


@dataclass(frozen=True, slots=True)
class Criterion:
    """An award criterion as published. `weight` in per cent, `top` the most points it gives.

    `model` is set where prices in øre are scored; `break_at` is the hybrid's break as a multiple of
    the lowest price, above 1 and below 2. `worth` is what the most points take off the price, in
    øre, where quality is priced by amounts.
    """

    id: str
    weight: Fraction
    top: Fraction = Fraction(10)
    model: PriceModel | None = None
    break_at: Fraction | None = None
    scale: QualityScale = QualityScale.ABSOLUTE
    worth: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Tender:
    """`given` is by criterion: agreed points, or the evaluated price in øre."""

    id: str
    given: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Ranked:
    """`points` by criterion before weighting, the price itself for a model in money; equal totals
    share a rank. `total` is in points, or the compared price in øre."""

    id: str
    points: Mapping[str, Fraction]
    total: Fraction
    rank: int


@dataclass(frozen=True, slots=True)
class Caution:
    """What a lead must know of the result. `code` is negative-points, tie or ranking-paradox;
    `without` the tender whose absence turns the order of `tenders`."""

    code: str
    tenders: tuple[str, ...]
    criterion: str = ""
    without: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """Best first."""

    ranked: tuple[Ranked, ...]
    cautions: tuple[Caution, ...]

    @property
    def winners(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.ranked if each.rank == 1)


@dataclass(frozen=True, slots=True)
class Shift:
    """The ranking if the weight of one criterion were `weight`, the others in proportion; where
    quality is priced by amounts, if its most points were worth `weight` øre."""

    criterion: str
    weight: Fraction
    order: tuple[str, ...]
    winners: tuple[str, ...]
    turns: bool


def price_points(criterion: Criterion, price: Fraction, lowest: Fraction) -> Fraction:
    """Points for `price`, both prices in øre and above 0.

    Linear points are below 0 for a price of more than twice the lowest: that is how the model was
    published, and it is not cut off in silence. Raises InvalidInputError for a price that is none.
    """
    if price <= 0 or lowest <= 0:
        raise InvalidInputError(
            "A price must be above zero to be scored. Correct the price, or reject the tender.",
            criterion=criterion.id,
            about="price-zero",
        )
    match criterion.model:
        case PriceModel.PROPORTIONAL:
            return criterion.top * lowest / price
        case PriceModel.HYBRID:
            return _hybrid(criterion, price, lowest)
        case _:
            return criterion.top * (1 - (price - lowest) / lowest)


def _require_price(criterion: Criterion, tender: str, price: Fraction) -> None:
    if price <= 0:
        raise InvalidInputError(
            f"The price of {tender} must be above zero to be compared. Correct the price, or reject"
            " the tender.",
            criterion=criterion.id,
            about="price-zero-of",
            tender=tender,
        )


def _hybrid(criterion: Criterion, price: Fraction, lowest: Fraction) -> Fraction:
    at = criterion.break_at
    if at is None or not 1 < at < 2:
        raise InvalidInputError(
            f"The hybrid model of «{criterion.id}» needs a break between 1 and 2 times the lowest"
            " price, published with the criteria.",
            criterion=criterion.id,
            about="hybrid-break",
        )
    border = at * lowest
    if price <= border:
        return criterion.top * (1 - (price - lowest) / lowest)
    return criterion.top * (2 - at) * border / price


def marked_up_price(
    price: Fraction,
    points: Fraction,
    top: Fraction,
    quality_weight: Fraction,
    price_weight: Fraction,
) -> Fraction:
    """The price in øre with a mark-up for the quality that lacks, as published by weights.

    Full points add nothing; none add quality weight / price weight of the price.
    """
    return price * (1 + (top - points) / top * quality_weight / price_weight)


def priced_quality(price: Fraction, values: Sequence[Fraction]) -> Fraction:
    """The price in øre less what the tender's qualities are worth, in øre as published."""
    return price - sum(values, Fraction(0))


def evaluate(criteria: Sequence[Criterion], tenders: Sequence[Tender]) -> Result:
    """Points, totals and ranks, with what is odd about them.

    Raises InvalidInputError where weights do not make 100 per cent, or a tender lacks a criterion.
    """
    _require_whole(criteria, tenders)
    ranked = rank(criteria, tenders)
    return Result(ranked, (*_oddities(ranked), *_paradoxes(criteria, tenders, ranked)))


def sensitivity(
    criteria: Sequence[Criterion], tenders: Sequence[Tender], by: Fraction = Fraction(1, 10)
) -> tuple[Shift, ...]:
    """What each weight a share `by` higher or lower would do; `turns`: the winner changes.

    The criteria are frozen: this shows how firm the result is and changes nothing.
    """
    before = evaluate(criteria, tenders).winners
    shifts: list[Shift] = []
    for criterion in criteria:
        for factor in (1 - by, 1 + by):
            changed = _shifted(criteria, criterion, factor)
            if changed is None:
                continue
            ranked = rank(changed, tenders)
            winners = tuple(each.id for each in ranked if each.rank == 1)
            now = next(each for each in changed if each.id == criterion.id)
            size = now.weight if now.worth is None else now.worth
            order = tuple(each.id for each in ranked)
            shifts.append(Shift(criterion.id, size, order, winners, winners != before))
    return tuple(shifts)


def _shifted(
    criteria: Sequence[Criterion], criterion: Criterion, factor: Fraction
) -> tuple[Criterion, ...] | None:
    """The criteria with one of them a little more or less; None where that means nothing."""
    if by_amounts(criteria):
        if criterion.worth is None:
            return None
        more = replace(criterion, worth=criterion.worth * factor)
        return tuple(more if each is criterion else each for each in criteria)
    if len(criteria) == 1:
        return None
    return reweighted(criteria, criterion.id, min(criterion.weight * factor, Fraction(100)))


def reweighted(
    criteria: Sequence[Criterion], criterion: str, weight: Fraction
) -> tuple[Criterion, ...]:
    """The criteria with one weight changed, and the rest shared in the proportions they had."""
    others = sum((each.weight for each in criteria if each.id != criterion), Fraction(0))
    if not others:
        return tuple(criteria)
    return tuple(
        replace(each, weight=weight)
        if each.id == criterion
        else replace(each, weight=each.weight * (100 - weight) / others)
        for each in criteria
    )


def in_money(criteria: Sequence[Criterion]) -> Criterion | None:
    """The criterion by whose model prices are compared in øre; None where points are summed."""
    return next((each for each in criteria if each.model in IN_MONEY), None)


def by_amounts(criteria: Sequence[Criterion]) -> bool:
    """Whether quality is priced by published amounts."""
    return in_money(criteria) is not None and any(each.worth is not None for each in criteria)


def shown(value: Number, places: int = 2) -> str:
    """A value rounded half up for people, such as 8.33."""
    exact = Fraction(value)
    decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    return str(decimal.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def _require_whole(criteria: Sequence[Criterion], tenders: Sequence[Tender]) -> None:
    total = sum((each.weight for each in criteria), Fraction(0))
    if total != 100:
        raise InvalidInputError(
            f"The weights make {shown(total)} per cent together, not 100.",
            weight=shown(total),
            about="weights-sum",
        )
    for tender in tenders:
        missing = [each.id for each in criteria if each.id not in tender.given]
        if missing:
            raise InvalidInputError(
                f"{tender.id} has no points or price for {', '.join(missing)}. Every tender is"
                " scored on every criterion.",
                tender=tender.id,
                criteria=missing,
                about="points-missing",
                choices=", ".join(missing),
            )


def rank(criteria: Sequence[Criterion], tenders: Sequence[Tender]) -> tuple[Ranked, ...]:
    """The tenders, best first. Raises InvalidInputError for models that do not go together."""
    columns = {each.id: _points(each, tenders) for each in criteria}
    points = {
        tender.id: {each.id: columns[each.id][tender.id] for each in criteria} for tender in tenders
    }
    totals = {key: _total(criteria, given) for key, given in points.items()}
    sign = 1 if in_money(criteria) else -1
    return tuple(
        Ranked(
            key,
            points[key],
            totals[key],
            1 + sum(sign * other < sign * totals[key] for other in totals.values()),
        )
        for key in sorted(totals, key=lambda key: (sign * totals[key], key))
    )


def _total(criteria: Sequence[Criterion], points: Mapping[str, Fraction]) -> Fraction:
    priced = in_money(criteria)
    if priced is None:
        return sum((each.weight / 100 * points[each.id] for each in criteria), Fraction(0))
    others = [each for each in criteria if each is not priced]
    price = points[priced.id]
    if priced.model is PriceModel.LOWEST:
        if others:
            raise InvalidInputError(
                f"«{priced.id}» was published as the lowest price, which decides alone; yet there"
                " are other criteria.",
                criterion=priced.id,
                about="lowest-price-alone",
            )
        return price
    _require_prices_apart(priced, others)
    if by_amounts(criteria):
        worth = [(each.worth or 0) * points[each.id] / each.top for each in others]
        return priced_quality(price, worth)
    marks = (
        marked_up_price(price, points[each.id], each.top, each.weight, priced.weight) - price
        for each in others
    )
    return price + sum(marks, Fraction(0))


def _require_prices_apart(priced: Criterion, others: Sequence[Criterion]) -> None:
    unpriced = [each.id for each in others if each.worth is None]
    if any(each.model for each in others) or 0 < len(unpriced) < len(others):
        raise InvalidInputError(
            f"«{priced.id}» prices quality: the other criteria are of quality, and all of them or"
            " none has a published amount.",
            criterion=priced.id,
            about="priced-amounts",
        )
    if unpriced and priced.weight <= 0:
        raise InvalidInputError(
            f"«{priced.id}» prices quality by weights, and has no weight itself.",
            criterion=priced.id,
            about="priced-weight",
        )


def _points(criterion: Criterion, tenders: Sequence[Tender]) -> dict[str, Fraction]:
    given = {each.id: each.given[criterion.id] for each in tenders}
    if criterion.model in IN_MONEY:
        for key, price in given.items():
            _require_price(criterion, key, price)
        return given
    if criterion.model is not None and given:
        lowest = min(given.values())
        return {key: price_points(criterion, price, lowest) for key, price in given.items()}
    best = max(given.values(), default=Fraction(0))
    if criterion.scale is QualityScale.RELATIVE and best > 0:
        return {key: criterion.top * value / best for key, value in given.items()}
    return given


def _oddities(ranked: Sequence[Ranked]) -> list[Caution]:
    below = [
        Caution("negative-points", (each.id,), criterion)
        for each in ranked
        for criterion, points in each.points.items()
        if points < 0
    ]
    by_rank: dict[int, list[str]] = {}
    for each in ranked:
        by_rank.setdefault(each.rank, []).append(each.id)
    return [*below, *(Caution("tie", tuple(ids)) for ids in by_rank.values() if len(ids) > 1)]


def _paradoxes(
    criteria: Sequence[Criterion], tenders: Sequence[Tender], ranked: Sequence[Ranked]
) -> list[Caution]:
    """Pairs whose order turns when a third tender drops out: points lean on the lowest or best."""
    found: list[Caution] = []
    for gone in tenders:
        rest = [each for each in tenders if each is not gone]
        before = {each.id: each.rank for each in ranked if each.id != gone.id}
        after = {each.id: each.rank for each in rank(criteria, rest)}
        found += [
            Caution("ranking-paradox", (ahead, behind), without=gone.id)
            for ahead in before
            for behind in before
            if before[ahead] < before[behind] and after[ahead] > after[behind]
        ]
    return found
