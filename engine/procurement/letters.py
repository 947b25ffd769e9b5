"""The award letter drafted from what the evaluators agreed, for a person to read and mend.

It says who is chosen, the characteristics and relative advantages of the chosen, and to each
supplier how its own tender was judged (FOA § 25-1). Nothing that another supplier said stands in
it: points and the buyer's own reasons alone, and no prices. Suppliers are not told how many there
were.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

AWARD: Final = "award"
"""The kind of the letters that begin the standstill period (FOA § 25-2)."""
STANDSTILL: Final = (
    "Kontrakten inngås ikke før karensperioden er ute. Siste dag står nederst i brevet. Vil dere"
    " klage, må klagen være skriftlig og komme til oss før den tid."
)


@dataclass(frozen=True, slots=True)
class Judged:
    """A tender as the evaluators agreed on it: total, and per criterion points (as text) and the
    reason. `label` is the firm's name with its number."""

    supplier: str
    name: str
    label: str
    total: str
    points: Mapping[str, str]
    reasons: Mapping[str, str]


def award_letter(
    criteria: Mapping[str, str],
    tenders: Sequence[Judged],
    chosen: Sequence[str],
    priced: str = "",
) -> dict[str, Any]:
    """The content of the form; `criteria` are weights in per cent by name, `chosen` suppliers.
    `priced` names the criterion by which prices were compared: totals are prices then, and stay
    out."""
    winners = [each for each in tenders if each.supplier in chosen]
    names = ", ".join(each.name for each in winners)
    weights = ", ".join(f"{name} ({weight} %)" for name, weight in criteria.items())
    return {
        "chosen": ", ".join(each.label for each in winners),
        "text": (
            f"Tilbudene er evaluert etter de kunngjorte kriteriene: {weights}. {names} kom best"
            " ut samlet og er valgt."
        ),
        "relative_advantages": "\n\n".join(_advantages(each, priced) for each in winners),
        "standstill_text": STANDSTILL,
        "individual": [
            {"supplier": each.supplier, "assessment": _own(each, winners, priced)}
            for each in tenders
        ],
    }


def _advantages(winner: Judged, priced: str) -> str:
    total = f"{_written(winner.total)} poeng samlet."
    if priced:
        total = "lavest pris etter modellen som er kunngjort."
    return "\n".join((f"{winner.name}: {total}", *_lines(winner, [], priced)))


def _own(tender: Judged, winners: Sequence[Judged], priced: str) -> str:
    total = f"{_written(tender.total)} poeng samlet."
    others = [each for each in winners if each is not tender]
    if priced:
        better = "høyere enn den valgtes" if others else "lavest"
        total = f"prisen er {better} etter modellen som er kunngjort."
    return "\n".join((f"Deres tilbud: {total}", *_lines(tender, others, priced)))


def _lines(tender: Judged, beside: Sequence[Judged], priced: str) -> Iterator[str]:
    for criterion, points in tender.points.items():
        if criterion == priced:
            continue
        best = " og ".join(_written(each.points.get(criterion, "–")) for each in beside)
        compared = f" (valgt: {best})" if beside else ""
        reason = tender.reasons.get(criterion, "")
        yield f"{criterion}: {_written(points)} poeng{compared}. {reason}".strip()


def _written(number: str) -> str:
    """As Norwegians write decimals."""
    return number.replace(".", ",")
