"""Choice of procedure, value, partners, rights and lots (IP4)."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from engine.procurement.facts import Facts
from engine.procurement.reading import entries, said, whole
from engine.procurement.rules.options import option
from engine.procurement.rules.rule import (
    COMPETITIVE_DIALOGUE,
    INNOVATION_PARTNERSHIP,
    LEGAL,
    NEED_OWNER,
    NEGOTIATED,
    PROCUREMENT_LEAD,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    only_for,
    unstated,
    with_form,
)
from engine.procurement.text import Text, kroner, text

_PARTS = ("rd_max", "purchase_est", "options", "prizes")
_BELOW = ("below_law", "part1", "part2")
_RESEARCH_CODES = (
    "73000000",
    "73100000",
    "73110000",
    "73111000",
    "73112000",
    "73120000",
    "73300000",
    "73420000",
    "73430000",
)


def _always(_: Mapping[str, Any]) -> bool:
    return True


def _negotiated(facts: Mapping[str, Any]) -> bool:
    grounds = ("design_or_innovative", "complex_or_risky")
    return (
        said(facts, "solution_on_market") == "adaptable"
        or any(facts.get(ground) is True for ground in grounds)
        or facts.get("spec_possible") is False
        or said(facts, "earlier_failed") == "irregular"
        or said(facts, "value_vs_eea") in _BELOW
    )


def _partnership(facts: Mapping[str, Any]) -> bool:
    return (
        said(facts, "solution_on_market") == "no" and facts.get("development_and_purchase") is True
    )


def _pre_commercial(facts: Mapping[str, Any]) -> bool:
    """FOA § 2-5: without a CPV code it counts as one of those the exemption has conditions for."""
    all_for_the_buyer = facts.get("buyer_pays_all") is True and facts.get("buyer_keeps_all") is True
    code = said(facts, "rd_cpv")[:8]
    other_code = bool(code) and code not in _RESEARCH_CODES
    return facts.get("rd_only") is True and (other_code or not all_for_the_buyer)


def _design_contest(facts: Mapping[str, Any]) -> bool:
    return facts.get("want_plan_or_design") is True and facts.get("is_services") is True


_ALLOWED: Mapping[str, tuple[Callable[[Mapping[str, Any]], bool], str]] = {
    "open": (_always, "FOA § 13-1(1)"),
    "restricted": (_always, "FOA § 13-1(1)"),
    NEGOTIATED: (_negotiated, "FOA §§ 13-1(2), 13-2"),
    COMPETITIVE_DIALOGUE: (_negotiated, "FOA §§ 13-1(2), 13-2"),
    INNOVATION_PARTNERSHIP: (_partnership, "FOA § 13-1(3)"),
    "pre-commercial": (_pre_commercial, "FOA § 2-5"),
    "design-contest": (_design_contest, "FOA § 5-1(5)"),
}


def procedure_allowed(_: Facts, choice: Mapping[str, Any]) -> Verdict:
    result = said(choice, "result")
    condition, citation = _ALLOWED.get(result, (None, ""))
    if condition is None:
        return unstated(
            "procedure-choice", {"result": text("prosedyre", "the procedure", nn="prosedyre")}
        )
    named = option("procedure-choice", "result", result)
    if not condition(choice):
        return fails(
            f"Svarene gir ikke grunnlag for prosedyren «{named['nb']}».",
            f"The answers give no ground for the procedure “{named['en']}”.",
            citation,
            nn=f"Svara gir ikkje grunnlag for prosedyren «{named['nn']}».",
        )
    if not said(choice, "reason"):
        return unstated(
            "procedure-choice", {"reason": text("begrunnelse", "the reason", nn="grunngiving")}
        )
    return holds(
        f"Svarene gir grunnlag for «{named['nb']}», med begrunnelse.",
        f"The answers give ground for “{named['en']}”, with a reason.",
        citation,
        nn=f"Svara gir grunnlag for «{named['nn']}», med grunngiving.",
    )


_NO_PROCEDURE: Final = text("ingen prosedyre", "no procedure", nn="ingen prosedyre")


def _quoted(procedure: str) -> Text:
    named = option("procedure-choice", "result", procedure)
    return text(f"«{named['nb']}»", f"“{named['en']}”", nn=f"«{named['nn']}»")


def choice_fits_process(facts: Facts, choice: Mapping[str, Any]) -> Verdict:
    """The procedure that is proposed is the one this process carries through."""
    proposed = said(choice, "result")
    verdict = holds if proposed == facts.procedure else fails
    named = _quoted(proposed) if proposed else _NO_PROCEDURE
    followed = _quoted(facts.procedure)
    return verdict(
        f"Foreslått er {named['nb']}; denne anskaffelsen følger {followed['nb']}.",
        f"Proposed is {named['en']}; this procurement follows {followed['en']}.",
        nn=f"Foreslått er {named['nn']}; denne anskaffinga følgjer {followed['nn']}.",
    )


_GROUNDS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "26-4-a-i": lambda facts: said(facts, "solution_on_market") == "adaptable",
    "26-4-a-ii": lambda facts: facts.get("design_or_innovative") is True,
    "26-4-a-iii": lambda facts: facts.get("complex_or_risky") is True,
    "26-4-a-iv": lambda facts: facts.get("spec_possible") is False,
    "26-4-b": lambda facts: said(facts, "earlier_failed") == "irregular",
    "13-1-3": _partnership,
}
_NEEDS_GROUND: Mapping[str, tuple[str, ...]] = {
    NEGOTIATED: tuple(ground for ground in _GROUNDS if ground != "13-1-3"),
    COMPETITIVE_DIALOGUE: tuple(ground for ground in _GROUNDS if ground != "13-1-3"),
    INNOVATION_PARTNERSHIP: ("13-1-3",),
}


def ground_fits_answers(_: Facts, choice: Mapping[str, Any]) -> Verdict:
    """The ground that is named is one for the procedure, and the answers bear it out."""
    result, ground = said(choice, "result"), said(choice, "ground")
    if result not in _NEEDS_GROUND or said(choice, "value_vs_eea") in _BELOW:
        return holds(
            "Valget krever ikke noe grunnlag.",
            "The choice needs no ground.",
            nn="Valet krev ikkje noko grunnlag.",
        )
    named = option("procedure-choice", "ground", ground)
    if ground not in _NEEDS_GROUND[result]:
        procedure = option("procedure-choice", "result", result)
        return fails(
            f"«{named['nb']}» er ikke et grunnlag for «{procedure['nb']}».",
            f"“{named['en']}” is no ground for “{procedure['en']}”.",
            nn=f"«{named['nn']}» er ikkje eit grunnlag for «{procedure['nn']}».",
        )
    verdict = holds if _GROUNDS[ground](choice) else fails
    return verdict(
        f"Grunnlaget «{named['nb']}» sett mot svarene.",
        f"The ground “{named['en']}” against the answers.",
        nn=f"Grunnlaget «{named['nn']}» sett mot svara.",
    )


def estimated_value_complete(_: Facts, estimate: Mapping[str, Any]) -> Verdict:
    amounts = [whole(estimate, part) or 0 for part in _PARTS]
    total = whole(estimate, "total")
    expected = sum(amounts)
    if total is None or not expected:
        return unstated("estimated-value", {"total": text("beløp", "amounts", nn="beløp")})
    if total != expected:
        return fails(
            f"Totalen er {kroner(total, 'nb')}, men delene er {kroner(expected, 'nb')}.",
            f"The total is {kroner(total, 'en')}, but its parts are {kroner(expected, 'en')}.",
            nn=f"Totalen er {kroner(total, 'nn')}, men delane er {kroner(expected, 'nn')}.",
        )
    lots = entries(estimate, "lots")
    lot_sum = sum(whole(lot, "value") or 0 for lot in lots)
    if lots and lot_sum != total:
        return fails(
            f"Delkontraktene er {kroner(lot_sum, 'nb')}, totalen {kroner(total, 'nb')}.",
            f"The lots are {kroner(lot_sum, 'en')}, the total {kroner(total, 'en')}.",
            nn=f"Delkontraktane er {kroner(lot_sum, 'nn')}, totalen {kroner(total, 'nn')}.",
        )
    if not said(estimate, "method"):
        return unstated("estimated-value", {"method": text("metode", "the method", nn="metode")})
    return holds(
        f"Anslått verdi {kroner(total, 'nb')} går opp.",
        f"The estimated value {kroner(total, 'en')} adds up.",
        nn=f"Anslått verdi {kroner(total, 'nn')} går opp.",
    )


def purchase_proportionate(facts: Facts) -> Verdict:
    choice, estimate = facts.latest("procedure-choice"), facts.latest("estimated-value")
    if choice is None:
        return missing("procedure-choice")
    if estimate is None:
        return missing("estimated-value")
    development, purchase = (whole(estimate.data, part) for part in ("rd_max", "purchase_est"))
    if not development or purchase is None:
        return unstated("estimated-value", {"rd_max": text("beløp", "amounts", nn="beløp")})
    figures_nb = f"Utvikling {kroner(development, 'nb')}, kjøp {kroner(purchase, 'nb')}"
    figures_nn = f"Utvikling {kroner(development, 'nn')}, kjøp {kroner(purchase, 'nn')}"
    figures_en = f"Development {kroner(development, 'en')}, purchase {kroner(purchase, 'en')}"
    judged = choice.data.get("purchase_proportionate") is True
    if not judged or not said(choice.data, "proportion_reason"):
        return fails(
            f"{figures_nb}: forholdet er ikke vurdert som rimelig med begrunnelse.",
            f"{figures_en}: the proportion is not judged fair with a reason.",
            nn=f"{figures_nn}: forholdet er ikkje vurdert som rimeleg med grunngiving.",
        )
    return holds(
        f"{figures_nb}: vurdert som rimelig.",
        f"{figures_en}: judged proportionate.",
        nn=f"{figures_nn}: vurdert som rimeleg.",
    )


def partners_and_rights_decided(_: Facts, choice: Mapping[str, Any]) -> Verdict:
    gaps: dict[str, Text] = {}
    if not isinstance(choice.get("several_partners"), bool):
        gaps["several_partners"] = text(
            "én eller flere partnere", "one or several partners", nn="éin eller fleire partnarar"
        )
    if not said(choice, "ipr_model"):
        gaps["ipr_model"] = text(
            "modell for rettigheter", "the model for rights", nn="modell for rettar"
        )
    if gaps:
        return unstated("procedure-choice", gaps)
    model = option("procedure-choice", "ipr_model", said(choice, "ipr_model"))
    if choice.get("several_partners") is True:
        return holds(
            f"Flere partnere; rettigheter: «{model['nb']}».",
            f"Several partners; rights: “{model['en']}”.",
            nn=f"Fleire partnarar; rettar: «{model['nn']}».",
        )
    return holds(
        f"Én partner; rettigheter: «{model['nb']}».",
        f"One partner; rights: “{model['en']}”.",
        nn=f"Én partnar; rettar: «{model['nn']}».",
    )


def lots_reasoned(facts: Facts) -> Verdict:
    estimate, choice = facts.latest("estimated-value"), facts.latest("procedure-choice")
    lots = entries(estimate.data, "lots") if estimate else ()
    if len(lots) > 1:
        return holds(
            f"Delt i {len(lots)} delkontrakter.",
            f"Divided into {len(lots)} lots.",
            nn=f"Delt i {len(lots)} delkontraktar.",
        )
    if choice is None:
        return missing("procedure-choice")
    reason = said(choice.data, "reason_no_lots")
    if not reason:
        return unstated(
            "procedure-choice",
            {
                "reason_no_lots": text(
                    "hvorfor det ikke deles",
                    "why there are no lots",
                    nn="kvifor det ikkje blir delt",
                )
            },
        )
    return holds(f"Ikke delt: {reason}", f"Not divided: {reason}", nn=f"Ikkje delt: {reason}")


RULES = (
    Rule(
        "procedure-allowed",
        text(
            "Prosedyren er tillatt og begrunnet",
            "The procedure is allowed and reasoned",
            nn="Prosedyren er tillaten og grunngitt",
        ),
        "FOA § 13-1",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("procedure-choice", procedure_allowed),
    ),
    Rule(
        "choice-fits-process",
        text(
            "Valget er prosedyren denne anskaffelsen følger",
            "The choice is this process",
            nn="Valet er prosedyren denne anskaffinga følgjer",
        ),
        "god praksis / good practice",
        (PROCUREMENT_LEAD,),
        with_form("procedure-choice", choice_fits_process),
    ),
    Rule(
        "ground-fits-answers",
        text(
            "Grunnlaget stemmer med svarene",
            "The ground agrees with the answers",
            nn="Grunnlaget stemmer med svara",
        ),
        "FOA § 13-2",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("procedure-choice", ground_fits_answers),
    ),
    Rule(
        "estimated-value-complete",
        text("Anslått verdi går opp", "The estimated value adds up", nn="Anslått verdi går opp"),
        "FOA § 5-4",
        (PROCUREMENT_LEAD,),
        with_form("estimated-value", estimated_value_complete),
    ),
    Rule(
        "purchase-proportionate",
        text(
            "Kjøpet står i forhold til utviklingen",
            "The purchase is proportionate to the development",
            nn="Kjøpet står i forhold til utviklinga",
        ),
        "FOA § 26-8(3)",
        (PROCUREMENT_LEAD, NEED_OWNER),
        only_for({INNOVATION_PARTNERSHIP}, purchase_proportionate),
    ),
    Rule(
        "partners-and-rights-decided",
        text(
            "Antall partnere og rettigheter er bestemt",
            "Partners and rights are decided",
            nn="Talet på partnarar og rettar er bestemt",
        ),
        "FOA §§ 23-7(6), 14-1(4)",
        (PROCUREMENT_LEAD, LEGAL),
        only_for(
            {INNOVATION_PARTNERSHIP}, with_form("procedure-choice", partners_and_rights_decided)
        ),
    ),
    Rule(
        "lots-reasoned",
        text(
            "Delkontrakter er vurdert", "Lots have been considered", nn="Delkontraktar er vurdert"
        ),
        "FOA § 19-4(2)",
        (PROCUREMENT_LEAD,),
        lots_reasoned,
    ),
)
