"""Contract changes, benefits, learning and cancellation (IP24, IP25)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.procurement.facts import Facts
from engine.procurement.reading import day, entries, names, number, said, whole
from engine.procurement.ruledata import rule_row, threshold
from engine.procurement.rules.options import option
from engine.procurement.rules.rule import (
    LEGAL,
    NEED_OWNER,
    PROCUREMENT_LEAD,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    own_form,
    pending,
    unstated,
    with_form,
)
from engine.procurement.text import kroner, listed, text

# eForms codes of lawful grounds; the rule of their ceiling where the law has one.
_CEILINGS: Mapping[str, str | None] = {
    "mod-rev": None,
    "add-wss": "change-additional",
    "mod-cir": "change-unforeseen",
    "mod-repl": None,
    "mod-nons": None,
    "mod-minv": "change-minor",
}
_GROUNDS_OF_CANCELLATION = frozenset(
    {
        "no-rece",
        "all-rej",
        "one-admis",
        "ins-fund",
        "chan-need",
        "tch-pr-error",
        "rev-body",
        "rev-buyer",
        "no-signed",
        "other",
    }
)


def change_lawful(facts: Facts) -> Verdict:
    change = facts.of_branch("contract-change")
    if change is None:
        return missing("contract-change")
    decision = own_form(facts, "change-decision", "legal_assessment")
    ground = said(decision or change.data, "ground") or said(change.data, "ground")
    if ground not in _CEILINGS:
        return unstated(
            "contract-change", {"ground": text("grunnlag", "the ground", nn="grunnlag")}
        )
    within = _within_ceiling(facts, change.data, ground)
    if not within.holds:
        return within
    if decision is None:
        return pending(facts, "change-decision")
    kept = decision.get("overall_nature_kept") is True
    if (
        not kept
        or decision.get("within_limits") is not True
        or not said(decision, "legal_assessment")
    ):
        return fails(
            "Grensene eller kontraktens karakter er ikke bekreftet.",
            "The limits or the nature of the contract are not confirmed.",
            nn="Grensene eller kontrakten sin karakter er ikkje stadfesta.",
        )
    return within


def _within_ceiling(facts: Facts, change: Mapping[str, Any], ground: str) -> Verdict:
    rise = number(change, "value_change_pct")
    ceiling = _CEILINGS[ground]
    if ceiling is None:
        return _within_announced(change, ground)
    if rise is None:
        return unstated(
            "contract-change",
            {"value_change_pct": text("prisøkning", "the increase", nn="prisauke")},
        )
    if ceiling != "change-minor":
        row = rule_row(ceiling, facts.rules_at)
        verdict = holds if rise <= row.amount else fails
        return verdict(
            f"Prisøkning {rise} %; høyst {row.amount} %.",
            f"Increase {rise} %; at most {row.amount} %.",
            row.citation,
            nn=f"Prisauke {rise} %; høgst {row.amount} %.",
        )
    return _minor(facts, rise)


def _within_announced(change: Mapping[str, Any], ground: str) -> Verdict:
    """A ground without a ceiling of its own carries nothing beyond what was announced: what nobody
    could tender for is a new procurement (FOA § 28-2)."""
    beyond = number(change, "volume_change_pct") or Decimal(0)
    if beyond > 0:
        return fails(
            f"Volumet øker {beyond} % utover det kunngjorte: ny anskaffelse.",
            f"The volume rises {beyond} % beyond what was announced: a new procurement.",
            "FOA § 28-2",
            nn=f"Volumet aukar {beyond} % utover det kunngjorde: ny anskaffing.",
        )
    named = option("contract-change", "ground", ground)
    return holds(
        f"Grunnlag: «{named['nb']}».",
        f"Ground: “{named['en']}”.",
        nn=f"Grunnlag: «{named['nn']}».",
    )


def _minor(facts: Facts, rise: Decimal) -> Verdict:
    """Lower than a share of the value and lower than the EEA threshold (FOA § 28-1(1) b)."""
    works = said(facts.variables, "contract_type") == "works"
    row = rule_row("change-minor-works" if works else "change-minor-goods-services", facts.rules_at)
    limit = threshold(
        "eea",
        said(facts.variables, "buyer_type") or "other",
        said(facts.variables, "contract_type") or "services",
        facts.rules_at,
    )
    contract = facts.of_branch("contract")
    value = (whole(contract.data, "value") or 0) if contract else 0
    added = rise * value / 100
    verdict = holds if rise < row.amount and added < limit.amount else fails
    return verdict(
        f"Prisøkning {rise} % ({kroner(int(added), 'nb')}); under {row.amount} % og "
        f"{kroner(limit.amount, 'nb')}.",
        f"Increase {rise} % ({kroner(int(added), 'en')}); below {row.amount} % and "
        f"{kroner(limit.amount, 'en')}.",
        row.citation,
        nn=(
            f"Prisauke {rise} % ({kroner(int(added), 'nn')}); under {row.amount} % og "
            f"{kroner(limit.amount, 'nn')}."
        ),
    )


def benefits_measured(facts: Facts) -> Verdict:
    need, benefit = facts.latest("need"), facts.latest("benefit")
    if need is None:
        return missing("need")
    if benefit is None:
        return missing("benefit")
    measured = {
        said(row, "effect")
        for row in entries(benefit.data, "measurements")
        if number(row, "measured") is not None and day(row.get("date"))
    }
    wanted = [said(effect, "effect") for effect in entries(need.data, "effects")]
    unmeasured = [effect for effect in wanted if effect not in measured]
    if unmeasured:
        return fails(
            f"Ikke målt: {listed(unmeasured, 'nb')}.",
            f"Not measured: {listed(unmeasured, 'en')}.",
            nn=f"Ikkje målt: {listed(unmeasured, 'nn')}.",
        )
    if benefit.data.get("inputs_answered") is not True:
        return fails(
            "Innspill er ikke besvart.", "Inputs are not answered.", nn="Innspel er ikkje svara på."
        )
    return holds(
        f"{len(wanted)} effekter er målt.",
        f"{len(wanted)} effects are measured.",
        nn=f"{len(wanted)} effektar er målt.",
    )


def cancellation_ground_stated(_: Facts, cancellation: Mapping[str, Any]) -> Verdict:
    ground, reason = said(cancellation, "ground"), said(cancellation, "objective_reason")
    if ground not in _GROUNDS_OF_CANCELLATION or not reason:
        return unstated(
            "cancellation",
            {
                "ground": text(
                    "grunn med saklig begrunnelse",
                    "an objective reason",
                    nn="grunn med sakleg grunngiving",
                )
            },
        )
    named = option("cancellation", "ground", ground)
    return holds(
        f"{named['nb']}: {reason}",
        f"{named['en']}: {reason}",
        nn=f"{named['nn']}: {reason}",
    )


def cancellation_told_to_all(facts: Facts, cancellation: Mapping[str, Any]) -> Verdict:
    """Each supplier that is registered and not out of it is among those who get the letter."""
    left_out = facts.firms_of(set(facts.standing) - set(names(cancellation, "informed")))
    if left_out:
        return fails(
            f"Får ikke beskjed om avlysningen: {listed(left_out, 'nb')}.",
            f"Not told of the cancellation: {listed(left_out, 'en')}.",
            nn=f"Får ikkje beskjed om avlysinga: {listed(left_out, 'nn')}.",
        )
    return holds(
        f"{len(facts.standing)} leverandører er med ennå, og alle får beskjed.",
        f"{len(facts.standing)} suppliers are still in it, and all are told.",
        nn=f"{len(facts.standing)} leverandørar er med enno, og alle får beskjed.",
    )


RULES = (
    Rule(
        "change-lawful",
        text(
            "Endringen har lovlig grunnlag",
            "The change has a lawful ground",
            nn="Endringa har lovleg grunnlag",
        ),
        "FOA § 28-1",
        (PROCUREMENT_LEAD, LEGAL),
        change_lawful,
    ),
    Rule(
        "benefits-measured",
        text(
            "Effektene er målt og innspill besvart",
            "Effects are measured and inputs answered",
            nn="Effektane er målt og innspel svara på",
        ),
        "god praksis / good practice",
        (NEED_OWNER,),
        benefits_measured,
    ),
    Rule(
        "cancellation-ground-stated",
        text(
            "Avlysningen har saklig grunn",
            "The cancellation has an objective reason",
            nn="Avlysinga har sakleg grunn",
        ),
        "FOA § 25-4",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("cancellation", cancellation_ground_stated),
    ),
    Rule(
        "cancellation-told-to-all",
        text(
            "Alle som er med, får beskjed om avlysningen",
            "All who are in it are told of the cancellation",
            nn="Alle som er med, får beskjed om avlysinga",
        ),
        "FOA § 25-1(1), § 25-4",
        (PROCUREMENT_LEAD,),
        with_form("cancellation", cancellation_told_to_all),
    ),
)
