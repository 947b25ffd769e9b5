"""Which procedures are lawful, ranked, with ground, law and a reason to edit.

The decision tables decide (`processes/procedure-choice`); this module gives them their inputs from
answers and dated rows, and makes what they say readable. Nothing here knows how a table is run.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from engine.errors import InvalidInputError
from engine.procurement.procedures import FREE, GROUNDS, HINTS, PROCEDURES, REGIMES
from engine.procurement.reading import said
from engine.procurement.ruledata import RuleRow, rule_set
from engine.procurement.text import LANGUAGES, Text, kroner, listed, long_date, same, text
from engine.procurement.valuation import Estimate, Valuation, read_estimate, value_of

REGIME: Final = "value-regime"
ALLOWED: Final = "allowed-procedures"
RANKING: Final = "procedure-ranking"
EXEMPT: Final = "pcp-exempt"
DECISIONS: Final = (EXEMPT, REGIME, ALLOWED, RANKING)
"""Ids of the decisions, in the order in which they are asked."""

TRUTHS: Final = (
    "development_and_purchase",
    "rd_only",
    "buyer_pays_all",
    "buyer_keeps_all",
    "need_clear",
    "spec_possible",
    "design_or_innovative",
    "complex_or_risky",
    "invite_all_earlier",
    "only_one_supplier",
    "extreme_urgency",
    "want_plan_or_design",
)
MARKET: Final = ("yes", "adaptable", "no")
EARLIER: Final = ("none", "irregular", "no_tenders")
SPECIAL: Final = (
    "none",
    "rd-goods",
    "contest-winners",
    "cover-purchase",
    "additional-deliveries",
    "repetition",
    "exchange-goods",
    "insolvency",
)
NO_WORDS: Final = text("", "", nn="")
_SERVICES: Final = ("services", "special-services", "health-social")
_FORM_RESULTS: Final = (
    "innovation-partnership",
    "competitive-dialogue",
    "negotiated",
    "pre-commercial",
    "design-contest",
    "open",
    "restricted",
)
_FORM_GROUNDS: Final = ("26-4-a-i", "26-4-a-ii", "26-4-a-iii", "26-4-a-iv", "26-4-b", "13-1-3")
_FORM_REGIMES: Final = ("below_law", "part1", "part2", "part3")


@dataclass(frozen=True, slots=True)
class Answers:
    """What the lead has said. `facts` bear the names of form F-09."""

    buyer: str
    contract: str
    estimate: Estimate
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ground:
    """One rule of the table that allows a procedure. `verified` is the day the citation was read
    against the law, None where nobody has."""

    rule: str
    ground: str
    fact: Text
    law: str
    verified: date | None


@dataclass(frozen=True, slots=True)
class Option:
    """A procedure that may be used. `standing` is main, voluntary or exception; `reason` none,
    short or required; `draft` a reason to edit."""

    rank: int
    procedure: str
    title: Text
    standing: str
    reason: str
    grounds: tuple[Ground, ...]
    hint: Text | None
    advice: Text
    draft: Text

    @property
    def verified(self) -> bool:
        return all(ground.verified is not None for ground in self.grounds)


@dataclass(frozen=True, slots=True)
class Refused:
    procedure: str
    title: Text
    why: Text


@dataclass(frozen=True, slots=True)
class ProcedureChoice:
    """`trace` is what the decision tables recorded; `rule_set` names the law it rests on."""

    at: date
    answers: Answers
    valuation: Valuation
    regime: str
    exempt: bool
    options: tuple[Option, ...]
    refused: tuple[Refused, ...]
    rule_set: str
    trace: tuple[Mapping[str, Any], ...]

    @property
    def regime_title(self) -> Text:
        return REGIMES.get(self.regime, same(self.regime))

    def option(self, procedure: str) -> Option | None:
        return next((each for each in self.options if each.procedure == procedure), None)


@dataclass(frozen=True, slots=True)
class Results:
    """What the tables answered: rows of `allowed-procedures` and of `procedure-ranking`."""

    regime: str
    exempt: bool
    allowed: Sequence[Mapping[str, str]]
    ranking: Sequence[Mapping[str, str]]
    trace: tuple[Mapping[str, Any], ...]


def read_answers(data: Mapping[str, Any]) -> Answers:
    """The answers in a form or request. What was not ticked is false, what was not chosen none.

    Raises `InvalidInputError` for a word that is none of those that can be chosen.
    """
    facts: dict[str, Any] = {name: data.get(name) is True for name in TRUTHS}
    facts["solution_on_market"] = _one_of(data, "solution_on_market", MARKET, "yes")
    facts["earlier_failed"] = _one_of(data, "earlier_failed", EARLIER, "none")
    facts["special_case"] = _one_of(data, "special_case", SPECIAL, "none")
    facts |= {name: said(data, name) for name in ("rd_cpv", "only_one_why") if said(data, name)}
    contract = said(data, "contract_type")
    facts["is_services"] = contract in _SERVICES
    return Answers(said(data, "buyer"), contract, read_estimate(data), facts)


def _one_of(data: Mapping[str, Any], name: str, known: Sequence[str], otherwise: str) -> str:
    value = said(data, name) or otherwise
    if value not in known:
        raise InvalidInputError(
            f"{name} is {value!r}; it can be {', '.join(known)}.",
            field=name,
            known=list(known),
            about="one-of",
            choices=", ".join(known),
        )
    return value


def valuation_of(answers: Answers, at: date) -> Valuation:
    """The value by the law of `at`; errors as `value_of`."""
    return value_of(answers.estimate, answers.buyer, answers.contract, at)


def exemption_inputs(answers: Answers) -> dict[str, Any]:
    """What `pcp-exempt` is asked with."""
    names = ("rd_only", "buyer_keeps_all", "buyer_pays_all")
    return {"rd_cpv": answers.facts.get("rd_cpv"), **{name: answers.facts[name] for name in names}}


def table_inputs(answers: Answers, valuation: Valuation, *, exempt: bool) -> dict[str, Any]:
    """What the other decisions are asked with: answers, the value, and thresholds from rows."""
    rows = {each.level: each.row.amount for each in valuation.crossings}
    return {
        **answers.facts,
        "value": valuation.total,
        "contract_type": answers.contract,
        "threshold_law": rows.get("law"),
        "threshold_national": rows.get("national"),
        "threshold_eea": rows.get("eea"),
        "pcp_exempt": exempt,
    }


def choice_of(answers: Answers, valuation: Valuation, results: Results) -> ProcedureChoice:
    """What the tables said, ranked and in words."""
    allowed: dict[str, list[Mapping[str, str]]] = {}
    for row in results.allowed:
        allowed.setdefault(row["procedure"], []).append(row)
    hints = {row["procedure"]: row["hint"] for row in reversed(results.ranking)}
    order = _ranked(allowed, [row["procedure"] for row in results.ranking])
    options = tuple(
        _option(rank, name, allowed[name], hints.get(name), valuation, results.regime)
        for rank, name in enumerate(order, 1)
    )
    return ProcedureChoice(
        at=valuation.at,
        answers=answers,
        valuation=valuation,
        regime=results.regime,
        exempt=results.exempt,
        options=options,
        refused=_refused(allowed, results.regime),
        rule_set=rule_set(valuation.at).id,
        trace=results.trace,
    )


def _ranked(allowed: Mapping[str, Sequence[Mapping[str, str]]], advised: list[str]) -> list[str]:
    """Advised ones first, as the table puts them; then the rest, exceptions last."""
    known = list(PROCEDURES)
    standings = {"main": 0, "voluntary": 1, "exception": 2}

    def key(name: str) -> tuple[int, int, int]:
        hinted = advised.index(name) if name in advised else len(advised)
        plain = known.index(name) if name in known else len(known)
        return hinted, standings.get(allowed[name][0]["standing"], 2), plain

    return sorted(allowed, key=key)


def _option(
    rank: int,
    name: str,
    rows: Sequence[Mapping[str, str]],
    hint: str | None,
    valuation: Valuation,
    regime: str,
) -> Option:
    grounds = tuple(_ground(row) for row in rows)
    described = PROCEDURES.get(name)
    return Option(
        rank=rank,
        procedure=name,
        title=described.title if described else same(name),
        standing=rows[0]["standing"],
        reason=rows[0]["reason"],
        grounds=grounds,
        hint=HINTS.get(hint) if hint else None,
        advice=described.advice if described else NO_WORDS,
        draft=_draft(name, grounds, valuation, regime),
    )


def _ground(row: Mapping[str, str]) -> Ground:
    return Ground(
        rule=row["rule"],
        ground=row["ground"],
        fact=GROUNDS.get(row["ground"]) or FREE.get((row["rule"], row["standing"]), NO_WORDS),
        law=row["law"],
        verified=date.fromisoformat(row["verified"]) if row["verified"] else None,
    )


def _refused(allowed: Collection[str], regime: str) -> tuple[Refused, ...]:
    return tuple(
        Refused(name, procedure.title, _why_not(name, regime))
        for name, procedure in PROCEDURES.items()
        if name not in allowed
    )


def _why_not(name: str, regime: str) -> Text:
    """The value leads to rules that do not know it, or the answers do not give the ground."""
    procedure = PROCEDURES[name]
    if regime in procedure.regimes and procedure.needs["nb"]:
        return procedure.needs
    here = REGIMES.get(regime, same(regime))
    quoted = {
        language: listed([f"«{REGIMES[each][language]}»" for each in procedure.regimes], language)
        for language in LANGUAGES
    }
    return text(
        f"Verdien fører til «{here['nb']}». Denne hører til {quoted['nb']}.",
        f"The value leads to «{here['en']}». This one belongs to {quoted['en']}.",
        nn=f"Verdien fører til «{here['nn']}». Denne høyrer til {quoted['nn']}.",
    )


def _draft(name: str, grounds: Sequence[Ground], valuation: Valuation, regime: str) -> Text:
    return {
        language: _sentences(name, grounds, valuation, regime, language) for language in LANGUAGES
    }


_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "nb": {
        "value": "Anslått verdi er {value} uten merverdiavgift.",
        "reached": "Verdien når {title} på {amount} ({law}, gjelder fra {since}), "
        "slik at {regime} gjelder.",
        "below": "Verdien er under {title} på {amount} ({law}, gjelder fra {since}).",
        "because": "{title} kan brukes fordi {facts} ({laws}).",
        "plain": "{title} kan brukes ({laws}).",
    },
    "nn": {
        "value": "Anslått verdi er {value} utan meirverdiavgift.",
        "reached": "Verdien når {title} på {amount} ({law}, gjeld frå {since}), "
        "slik at {regime} gjeld.",
        "below": "Verdien er under {title} på {amount} ({law}, gjeld frå {since}).",
        "because": "{title} kan brukast fordi {facts} ({laws}).",
        "plain": "{title} kan brukast ({laws}).",
    },
    "en": {
        "value": "The estimated value is {value} excluding VAT.",
        "reached": "The value reaches {title} of {amount} ({law}, in force from {since}), "
        "so that this applies: {regime}.",
        "below": "The value is below {title} of {amount} ({law}, in force from {since}).",
        "because": "{title} may be used because {facts} ({laws}).",
        "plain": "{title} may be used ({laws}).",
    },
}


def _sentences(
    name: str, grounds: Sequence[Ground], valuation: Valuation, regime: str, language: str
) -> str:
    """Value, threshold and ground as plain sentences; the lead adds what is particular."""
    words = _WORDS[language]
    described = PROCEDURES.get(name)
    facts = list(dict.fromkeys(each.fact[language] for each in grounds if each.fact[language]))
    laws = "; ".join(dict.fromkeys(each.law for each in grounds))
    title = described.title[language] if described else name
    ground = words["because" if facts else "plain"]
    return " ".join(
        (
            words["value"].format(value=kroner(valuation.total, language)),
            _threshold_sentence(valuation, regime, language),
            ground.format(title=title, facts=listed(facts, language), laws=laws),
        )
    )


def _threshold_sentence(valuation: Valuation, regime: str, language: str) -> str:
    crossing = valuation.decisive
    row: RuleRow = crossing.row
    return _WORDS[language]["reached" if crossing.reached else "below"].format(
        title=f"“{row.title[language]}”" if language == "en" else f"«{row.title[language]}»",
        amount=kroner(row.amount, language),
        law=row.citation,
        since=long_date(row.valid_from, language),
        regime=_lowered(REGIMES.get(regime, same(regime))[language]),
    )


def _lowered(phrase: str) -> str:
    return phrase[:1].lower() + phrase[1:]


def form_choice(choice: ProcedureChoice, procedure: str, reason: str) -> dict[str, Any]:
    """Form F-09 as far as the answers fill it in. A word the form does not know is left out."""
    option = choice.option(procedure)
    grounds = [each.ground for each in option.grounds] if option else []
    content = {
        **choice.answers.facts,
        "value_vs_eea": choice.regime if choice.regime in _FORM_REGIMES else None,
        "result": procedure if procedure in _FORM_RESULTS else None,
        "ground": next((each for each in grounds if each in _FORM_GROUNDS), "none"),
        "reason": reason.strip() or None,
        "rule_set": choice.rule_set,
    }
    return {name: value for name, value in content.items() if value is not None}


def form_estimate(choice: ProcedureChoice) -> dict[str, Any]:
    """Form F-04 as far as the answers fill it in; running payment is part of the purchase."""
    estimate = choice.answers.estimate
    unnamed = 0 if choice.valuation.parts else choice.valuation.lots_total
    amounts = {
        "rd_max": estimate.rd_max,
        "purchase_est": estimate.purchase + estimate.running(choice.at) + unnamed,
        "options": estimate.options,
        "prizes": estimate.prizes,
    }
    return {
        **amounts,
        "total": sum(amounts.values()),
        "duration": estimate.counted_months(choice.at),
        "lots": [{"name": lot.name, "value": lot.value} for lot in estimate.lots],
        "as_of": choice.at.isoformat(),
    }
