"""The value of a procurement and the thresholds it crosses (FOA § 5-4), with the rows that say so.

Money is integer øre excluding VAT.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from engine.errors import InvalidInputError
from engine.procurement.reading import entries, said, whole
from engine.procurement.ruledata import FIRST_DAY, Kind, RuleRow, all_rows, rule_row
from engine.procurement.text import Text, text

MONTHS_WITHOUT_END: Final = "value-months-without-end"
BUYERS: Final = ("state", "other")
CONTRACTS: Final = ("goods", "services", "works", "special-services", "health-social")
LEVELS: Final = ("law", "national", "eea")
SMALL_LOTS: Final = "small-lots"
SMALL_LOTS_SHARE: Final = "small-lots-share"


@dataclass(frozen=True, slots=True)
class Lot:
    name: str
    value: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the procurement may cost. `monthly` is what is paid each month for `months` months;
    None is a contract without an end date."""

    rd_max: int = 0
    purchase: int = 0
    options: int = 0
    prizes: int = 0
    monthly: int = 0
    months: int | None = None
    lots: tuple[Lot, ...] = ()

    def counted_months(self, at: date) -> int:
        """As many as it has, or as the law of `at` counts for a contract without an end."""
        return rule_row(MONTHS_WITHOUT_END, at).amount if self.months is None else self.months

    def summed(self, at: date) -> int:
        """All its parts together, in øre."""
        return self.rd_max + self.purchase + self.running(at) + self.options + self.prizes

    def total(self, at: date) -> int:
        """What counts: its parts, or its lots where they are worth more together."""
        return max(self.summed(at), sum(lot.value for lot in self.lots))

    def running(self, at: date) -> int:
        return self.monthly * self.counted_months(at) if self.monthly else 0


@dataclass(frozen=True, slots=True)
class Part:
    """One addend of the value."""

    title: Text
    amount: int


@dataclass(frozen=True, slots=True)
class Crossing:
    """A threshold and whether the value reaches it. `level` is law, national or eea."""

    level: str
    row: RuleRow
    reached: bool


@dataclass(frozen=True, slots=True)
class SmallLots:
    """Lots below `row`'s amount may follow Part I or II as long as they are together at most
    `share` of the whole (FOA § 5-4(8)): `free` may, from the smallest on; `others` may not."""

    row: RuleRow
    share: RuleRow
    limit: int
    together: int
    free: tuple[Lot, ...]
    others: tuple[Lot, ...]


@dataclass(frozen=True, slots=True)
class Valuation:
    """`total` is the value the law looks at: the sum of the parts, or of the lots where that is
    higher. `lots_differ` says that the two sums are not equal; `months` is the row that says how
    long running payment counts, where nothing else does."""

    at: date
    parts: tuple[Part, ...]
    total: int
    lots_total: int
    lots_differ: bool
    crossings: tuple[Crossing, ...]
    small_lots: SmallLots | None
    months: RuleRow | None

    def reached(self, level: str) -> bool:
        return any(each.level == level and each.reached for each in self.crossings)

    def row(self, level: str) -> RuleRow | None:
        return next((each.row for each in self.crossings if each.level == level), None)

    @property
    def decisive(self) -> Crossing:
        """The highest threshold that is reached, or the lowest where none is."""
        reached = [each for each in self.crossings if each.reached]
        return reached[-1] if reached else self.crossings[0]

    @property
    def rows(self) -> tuple[RuleRow, ...]:
        """Every row the valuation rests on."""
        small = (self.small_lots.row, self.small_lots.share) if self.small_lots else ()
        months = (self.months,) if self.months else ()
        return (*(each.row for each in self.crossings), *small, *months)


def read_estimate(data: Mapping[str, Any]) -> Estimate:
    """The estimate in a form or request, by the names of F-04; what is not there is nothing.

    Raises `InvalidInputError` for a negative amount or a duration of less than a month.
    """
    amounts = {
        name: whole(data, name) or 0
        for name in ("rd_max", "purchase_est", "options", "prizes", "monthly")
    }
    months = None if data.get("without_end") is True else whole(data, "duration")
    lots = tuple(Lot(said(lot, "name"), whole(lot, "value") or 0) for lot in entries(data, "lots"))
    too_short = months is not None and months < 1
    if too_short or min(*amounts.values(), *(lot.value for lot in lots), 0) < 0:
        raise InvalidInputError(
            "An estimated value has no negative amounts, and a duration is a month or more.",
            **amounts,
            about="value-negative",
        )
    return Estimate(
        amounts["rd_max"],
        amounts["purchase_est"],
        amounts["options"],
        amounts["prizes"],
        amounts["monthly"],
        months,
        lots,
    )


def value_of(estimate: Estimate, buyer: str, contract: str, at: date) -> Valuation:
    """The value, and the thresholds for this buyer and contract by the law of `at`.

    Raises `InvalidInputError` for an unknown buyer or contract and for a day before the rule data.
    """
    rows = thresholds(buyer, contract, at)
    parts = tuple(part for part in _parts(estimate, at) if part.amount)
    summed, total = estimate.summed(at), estimate.total(at)
    lots_total = sum(lot.value for lot in estimate.lots)
    crossings = tuple(Crossing(level, row, total >= row.amount) for level, row in rows.items())
    above = any(each.level == "eea" and each.reached for each in crossings)
    return Valuation(
        at=at,
        parts=parts,
        total=total,
        lots_total=lots_total,
        lots_differ=bool(estimate.lots and parts) and lots_total != summed,
        crossings=crossings,
        small_lots=_small_lots(estimate, total, buyer, contract, at) if above else None,
        months=_months_row(estimate, at),
    )


def thresholds(buyer: str, contract: str, at: date) -> Mapping[str, RuleRow]:
    """The rows of `law`, `national` and `eea` in force on `at`, from the lowest to the highest;
    health and social services have no national threshold (FOA § 5-1)."""
    found = {level: find_threshold(level, buyer, contract, at) for level in LEVELS}
    rows = {level: row for level, row in found.items() if row is not None}
    if "law" not in rows or "eea" not in rows:
        raise InvalidInputError(
            f"There are no thresholds for buyer {buyer!r} and contract {contract!r} on "
            f"{at.isoformat()}. Buyers are {', '.join(BUYERS)}; contracts {', '.join(CONTRACTS)}; "
            f"days from {FIRST_DAY.isoformat()} on.",
            buyer=buyer,
            contract=contract,
            at=at.isoformat(),
            about="no-threshold",
        )
    return rows


def find_threshold(level: str, buyer: str, contract: str, at: date) -> RuleRow | None:
    """The row of one threshold, None where the law has none for this buyer and contract."""
    return next(
        (
            row
            for row in all_rows()
            if row.kind is Kind.THRESHOLD
            and row.regime == level
            and buyer in row.buyers
            and contract in row.contracts
            and row.in_force(at)
        ),
        None,
    )


def _months_row(estimate: Estimate, at: date) -> RuleRow | None:
    without_end = estimate.monthly and estimate.months is None
    return rule_row(MONTHS_WITHOUT_END, at) if without_end else None


def _parts(estimate: Estimate, at: date) -> tuple[Part, ...]:
    months = estimate.counted_months(at)
    return (
        Part(
            text(
                "Forskning og utvikling, høyeste verdi",
                "Research and development, maximum",
                nn="Forsking og utvikling, høgaste verdi",
            ),
            estimate.rd_max,
        ),
        Part(text("Anslått kjøp", "Estimated purchase", nn="Anslått kjøp"), estimate.purchase),
        Part(
            text(
                f"Løpende betaling i {months} måneder",
                f"Running payment for {months} months",
                nn=f"Løpande betaling i {months} månader",
            ),
            estimate.running(at),
        ),
        Part(text("Opsjoner", "Options", nn="Opsjonar"), estimate.options),
        Part(
            text(
                "Premier og betaling til deltakere",
                "Prizes and payments to participants",
                nn="Premiar og betaling til deltakarar",
            ),
            estimate.prizes,
        ),
    )


def _small_lots(
    estimate: Estimate, total: int, buyer: str, contract: str, at: date
) -> SmallLots | None:
    row = find_threshold(SMALL_LOTS, buyer, contract, at)
    share = next(
        (each for each in all_rows() if each.rule_id == SMALL_LOTS_SHARE and each.in_force(at)),
        None,
    )
    if row is None or share is None or len(estimate.lots) < 2:
        return None
    limit = total * share.amount // 100
    free: list[Lot] = []
    others: list[Lot] = []
    together = 0
    for lot in sorted(estimate.lots, key=lambda lot: lot.value):
        fits = lot.value < row.amount and together + lot.value <= limit
        (free if fits else others).append(lot)
        together += lot.value if fits else 0
    return SmallLots(row, share, limit, together, tuple(free), tuple(others))
