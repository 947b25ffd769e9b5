"""The award letter drafted from what the evaluators agreed, for a person to read and mend.

It says who is chosen, the characteristics and relative advantages of the chosen, and to each
supplier how its own tender was judged (FOA § 25-1). Nothing that another supplier said stands in
it: points and the buyer's own reasons alone, and no prices. Suppliers are not told how many there
were. What people wrote stands as they wrote it; the words around it are in the language of the
buyer's letters.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from engine.procurement.text import Language, Text, text

AWARD: Final = "award"
"""The kind of the letters that begin the standstill period (FOA § 25-2)."""
_CHOSEN: Final = text(
    "Tilbudene er evaluert etter de kunngjorte kriteriene: {weights}. {names} kom best ut samlet og"
    " er valgt.",
    "The tenders have been evaluated by the announced criteria: {weights}. {names} came out best"
    " overall and has been chosen.",
    nn="Tilboda er evaluerte etter dei kunngjorde kriteria: {weights}. {names} kom best ut samla og"
    " er vald.",
)
_STANDSTILL: Final = text(
    "Kontrakten inngås ikke før karensperioden er ute. Siste dag står nederst i brevet. Vil dere"
    " klage, må klagen være skriftlig og komme til oss før den tid.",
    "The contract will not be concluded before the standstill period is over. Its last day stands"
    " at the end of this letter. A complaint must be in writing and reach us before then.",
    nn="Kontrakten blir ikkje inngått før karensperioden er ute. Siste dagen står nedst i brevet."
    " Vil de klage, må klaga vere skriftleg og kome til oss før den tid.",
)
_YOURS: Final = text("Deres tilbud", "Your tender", nn="Tilbodet dykkar")
_TOTAL: Final = text(
    "{points} poeng samlet.", "{points} points in all.", nn="{points} poeng samla."
)
_CHEAPEST: Final = text(
    "lavest pris etter modellen som er kunngjort.",
    "the lowest price by the model that was announced.",
    nn="lågast pris etter modellen som er kunngjord.",
)
_OWN_LOWEST: Final = text(
    "prisen er lavest etter modellen som er kunngjort.",
    "the price is the lowest by the model that was announced.",
    nn="prisen er lågast etter modellen som er kunngjord.",
)
_OWN_HIGHER: Final = text(
    "prisen er høyere enn den valgtes etter modellen som er kunngjort.",
    "the price is higher than that of the chosen by the model that was announced.",
    nn="prisen er høgare enn den valde sin etter modellen som er kunngjord.",
)
_POINTS: Final = text(
    "{criterion}: {points} poeng{compared}. {reason}",
    "{criterion}: {points} points{compared}. {reason}",
    nn="{criterion}: {points} poeng{compared}. {reason}",
)
_COMPARED: Final = text(" (valgt: {best})", " (chosen: {best})", nn=" (vald: {best})")
_AND: Final = text(" og ", " and ", nn=" og ")


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


@dataclass(frozen=True, slots=True)
class Award:
    """What a letter is drafted from: `criteria` are weights in per cent by name, `chosen`
    suppliers. `priced` names the criterion by which prices were compared: totals are prices then,
    and stay out."""

    criteria: Mapping[str, str]
    tenders: Sequence[Judged]
    chosen: Sequence[str]
    priced: str = ""


def award_letter(award: Award, language: Language) -> dict[str, Any]:
    """The content of the form, in `language`."""
    return _Draft(award, language).content()


@dataclass(frozen=True, slots=True)
class _Draft:
    award: Award
    language: Language

    def content(self) -> dict[str, Any]:
        winners = [each for each in self.award.tenders if each.supplier in self.award.chosen]
        names = ", ".join(each.name for each in winners)
        weights = ", ".join(f"{name} ({weight} %)" for name, weight in self.award.criteria.items())
        return {
            "chosen": ", ".join(each.label for each in winners),
            "text": self._say(_CHOSEN, weights=weights, names=names),
            "relative_advantages": "\n\n".join(self._advantages(each) for each in winners),
            "standstill_text": self._say(_STANDSTILL),
            "individual": [
                {"supplier": each.supplier, "assessment": self._own(each, winners)}
                for each in self.award.tenders
            ],
        }

    def _advantages(self, winner: Judged) -> str:
        total = self._say(_CHEAPEST) if self.award.priced else self._total(winner)
        return "\n".join((f"{winner.name}: {total}", *self._lines(winner, [])))

    def _own(self, tender: Judged, winners: Sequence[Judged]) -> str:
        others = [each for each in winners if each is not tender]
        total = self._total(tender)
        if self.award.priced:
            total = self._say(_OWN_HIGHER if others else _OWN_LOWEST)
        return "\n".join((f"{self._say(_YOURS)}: {total}", *self._lines(tender, others)))

    def _total(self, tender: Judged) -> str:
        return self._say(_TOTAL, points=self._written(tender.total))

    def _lines(self, tender: Judged, beside: Sequence[Judged]) -> Iterator[str]:
        for criterion, points in tender.points.items():
            if criterion == self.award.priced:
                continue
            best = self._say(_AND).join(
                self._written(each.points.get(criterion, "–")) for each in beside
            )
            yield self._say(
                _POINTS,
                criterion=criterion,
                points=self._written(points),
                compared=self._say(_COMPARED, best=best) if beside else "",
                reason=tender.reasons.get(criterion, ""),
            ).strip()

    def _say(self, words: Text, **values: str) -> str:
        return words[self.language].format(**values)

    def _written(self, number: str) -> str:
        """Norwegians write decimals with a comma."""
        return number if self.language == "en" else number.replace(".", ",")
