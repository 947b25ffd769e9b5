"""The procurement documents: complete, lawful, and stating what may be done later (IP5)."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from engine.procurement.facts import Facts
from engine.procurement.reading import entries, number, said, whole
from engine.procurement.ruledata import RuleRow, rule_set
from engine.procurement.rules.options import option
from engine.procurement.rules.rule import (
    COMPETITIVE_DIALOGUE,
    INNOVATION_PARTNERSHIP,
    LEGAL,
    PRE_COMMERCIAL,
    PROCUREMENT_LEAD,
    SUBJECT_EXPERT,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    only_for,
    unstated,
    with_form,
)
from engine.procurement.text import Text, kroner, listed, text

DOCUMENTS = "procurement-documents"
FULL_WEIGHT = Decimal(100)
FIRST_PRIORITIES = range(1, 4)
_CLIMATE_DUTY_OF_LAW = date(2026, 7, 1)
_SPEC_ROUTE = "quality-nor-env-spec"
_CRITERIA_ROUTE = "quality-nor-env-criteria"
_EXEMPTIONS: Mapping[str, date] = {
    "quality-nor-env-exempt-insignificant": date(2024, 1, 1),
    "quality-nor-env-exempt-critical-interest": _CLIMATE_DUTY_OF_LAW,
    "quality-nor-env-exempt-national-minimum": _CLIMATE_DUTY_OF_LAW,
}


def documents_complete(facts: Facts) -> Verdict:
    documents = facts.latest(DOCUMENTS)
    if documents is None:
        return missing(DOCUMENTS)
    gaps = _gaps(documents.data, _PARTS)
    if gaps:
        return unstated(DOCUMENTS, gaps)
    nameless = [
        row
        for row in entries(documents.data, "minimum_requirements")
        if not (said(row, "id") and said(row, "text"))
    ]
    if nameless:
        return fails(
            f"{len(nameless)} minstekrav mangler nummer eller tekst.",
            f"{len(nameless)} minimum requirements lack a number or a text.",
            nn=f"{len(nameless)} minstekrav manglar nummer eller tekst.",
        )
    return _phases_planned(facts, documents.data)


def _phases_planned(facts: Facts, documents: Mapping[str, Any]) -> Verdict:
    plan = facts.latest("phase-plan", "")
    if facts.procedure not in (INNOVATION_PARTNERSHIP, PRE_COMMERCIAL):
        return holds(
            "Konkurransegrunnlaget er komplett.",
            "The documents are complete.",
            nn="Konkurransegrunnlaget er komplett.",
        )
    if not whole(documents, "max_partners"):
        return unstated(
            DOCUMENTS,
            {
                "max_partners": text(
                    "antall partnere", "number of partners", nn="talet på partnarar"
                )
            },
        )
    if plan is None:
        return missing("phase-plan")
    phases = entries(plan.data, "phases")
    with_targets = {whole(target, "phase") for target in entries(plan.data, "targets")}
    bare = [
        str(whole(phase, "phase") or "?")
        for phase in phases
        if not said(phase, "goal")
        or whole(phase, "fee") is None
        or whole(phase, "phase") not in with_targets
    ]
    if bare or not phases:
        return fails(
            f"Mål, delmål eller vederlag mangler for fase {listed(bare, 'nb')}.",
            f"Goal, targets or fee are missing for phase {listed(bare, 'en')}.",
            "FOA § 26-8(1)-(2), (6)",
            nn=f"Mål, delmål eller vederlag manglar for fase {listed(bare, 'nn')}.",
        )
    return holds(
        f"Konkurransegrunnlaget er komplett, med {len(phases)} faser.",
        f"The documents are complete, with {len(phases)} phases.",
        nn=f"Konkurransegrunnlaget er komplett, med {len(phases)} fasar.",
    )


_PARTS: Mapping[str, Text] = {
    "need": text("behovet", "the need", nn="behovet"),
    "minimum_requirements": text("minstekrav", "minimum requirements", nn="minstekrav"),
    "qualification": text(
        "kvalifikasjonskrav", "qualification requirements", nn="kvalifikasjonskrav"
    ),
    "award_criteria": text("tildelingskriterier", "award criteria", nn="tildelingskriterium"),
    "contract_draft": text("kontraktsutkast", "the contract draft", nn="kontraktsutkast"),
    "payment_plan": text("betalingsplan", "the payment plan", nn="betalingsplan"),
}


def _gaps(data: Mapping[str, Any], parts: Mapping[str, Text]) -> dict[str, Text]:
    return {key: name for key, name in parts.items() if not (said(data, key) or entries(data, key))}


def _stated(parts: Mapping[str, Text], stated: Text) -> Callable[[Facts], Verdict]:
    """A check that the documents fill in `parts`."""

    def judge(_: Facts, documents: Mapping[str, Any]) -> Verdict:
        gaps = _gaps(documents, parts)
        return unstated(DOCUMENTS, gaps) if gaps else Verdict(True, stated)

    return with_form(DOCUMENTS, judge)


_REDUCTION = {
    "reduction_rule": text(
        "regel for reduksjon", "the rule for reduction", nn="regel for reduksjon"
    )
}
_TERMINATION = {
    "termination_rule": text(
        "regel for avslutning", "the rule for termination", nn="regel for avslutting"
    )
}


def rd_capability_required(_: Facts, documents: Mapping[str, Any]) -> Verdict:
    required = any(
        said(row, "kind") == "rd_capability" for row in entries(documents, "qualification")
    )
    selecting = entries(documents, "selection")
    if not required:
        return fails(
            "Ingen kvalifikasjonskrav gjelder forskning og utvikling.",
            "No qualification requirement concerns research and development.",
            nn="Ingen kvalifikasjonskrav gjeld forsking og utvikling.",
        )
    if selecting and not any(row.get("rd_capability") is True for row in selecting):
        return fails(
            "Ingen utvelgelseskriterier gjelder forskning og utvikling.",
            "No selection criterion concerns research and development.",
            "Directive 2014/24/EU art. 31(6)",
            nn="Ingen utveljingskriterium gjeld forsking og utvikling.",
        )
    return holds(
        "Evne til forskning og utvikling er krav og kriterium.",
        "Research and development capability is required and weighed.",
        nn="Evne til forsking og utvikling er krav og kriterium.",
    )


def max_cost_and_levels_stated(_: Facts, documents: Mapping[str, Any]) -> Verdict:
    levels = entries(documents, "performance_levels")
    gaps: dict[str, Text] = {}
    if not whole(documents, "max_cost"):
        gaps["max_cost"] = text("høyeste kostnad", "the maximum cost", nn="høgaste kostnad")
    if not levels or any(
        not said(level, "metric") or number(level, "min") is None for level in levels
    ):
        gaps["performance_levels"] = text(
            "ytelsesnivåer med minstemål", "performance levels", nn="ytingsnivå med minstemål"
        )
    if not said(documents, "purchase_option"):
        gaps["purchase_option"] = text("kjøpsopsjon", "the purchase option", nn="kjøpsopsjon")
    if gaps:
        return unstated(DOCUMENTS, gaps)
    cost = whole(documents, "max_cost") or 0
    one = len(levels) == 1
    return holds(
        f"{len(levels)} {'ytelsesnivå' if one else 'ytelsesnivåer'} og høyeste kostnad"
        f" {kroner(cost, 'nb')} er oppgitt.",
        f"{len(levels)} performance {'level' if one else 'levels'} and a maximum cost of"
        f" {kroner(cost, 'en')} are stated.",
        nn=f"{len(levels)} ytingsnivå og høgaste kostnad {kroner(cost, 'nn')} er oppgitt.",
    )


def _is_price(criterion: Mapping[str, Any]) -> bool:
    return said(criterion, "price_model") not in ("", "none")


def best_price_quality_only(facts: Facts, documents: Mapping[str, Any]) -> Verdict:
    """In dialogue and partnership always; elsewhere price alone may decide where climate is cared
    for in another way than by a criterion."""
    criteria = entries(documents, "award_criteria")
    always = facts.procedure in (INNOVATION_PARTNERSHIP, COMPETITIVE_DIALOGUE)
    if criteria and not always and said(documents, "env_route") not in ("", _CRITERIA_ROUTE):
        return holds(
            "Prosedyren tillater laveste pris eller kostnad; klima er ivaretatt uten kriterium.",
            "The procedure allows lowest price or cost; climate is cared for without a criterion.",
            "FOA § 18-1(1)",
            nn=(
                "Prosedyren tillèt lågaste pris eller kostnad; klima er teke vare på "
                "utan kriterium."
            ),
        )
    if all(_is_price(criterion) for criterion in criteria):
        return fails(
            "Ingen tildelingskriterier gjelder kvalitet.",
            "No award criterion concerns quality.",
            nn="Ingen tildelingskriterium gjeld kvalitet.",
        )
    if documents.get("best_price_quality") is not True:
        return fails(
            "Tildeling etter beste forhold mellom pris og kvalitet er ikke bekreftet.",
            "Award on the best price-quality ratio is not confirmed.",
            nn="Tildeling etter beste forhold mellom pris og kvalitet er ikkje stadfesta.",
        )
    quality = sum(not _is_price(criterion) for criterion in criteria)
    return holds(
        f"{quality} av {len(criteria)} kriterier gjelder kvalitet.",
        f"{quality} of {len(criteria)} criteria concern quality.",
        nn=f"{quality} av {len(criteria)} kriterium gjeld kvalitet.",
    )


def award_weights_complete(_: Facts, documents: Mapping[str, Any]) -> Verdict:
    criteria = entries(documents, "award_criteria")
    if not criteria:
        return unstated(DOCUMENTS, {"award_criteria": _PARTS["award_criteria"]})
    undocumented = [
        said(criterion, "criterion")
        for criterion in criteria
        if not said(criterion, "documentation")
    ]
    if undocumented:
        return fails(
            f"Krav til dokumentasjon mangler for {listed(undocumented, 'nb')}.",
            f"Required documentation is missing for {listed(undocumented, 'en')}.",
            "FOA § 18-1(9)",
            nn=f"Krav til dokumentasjon manglar for {listed(undocumented, 'nn')}.",
        )
    weights = [number(criterion, "weight") for criterion in criteria]
    if any(weight is not None for weight in weights):
        total = sum((weight for weight in weights if weight is not None), Decimal(0))
        verdict = holds if total == FULL_WEIGHT and None not in weights else fails
        return verdict(
            f"Vektene er til sammen {total} %.",
            f"The weights add up to {total} %.",
            nn=f"Vektene er til saman {total} %.",
        )
    priorities = sorted(whole(criterion, "priority") or 0 for criterion in criteria)
    if priorities != list(range(1, len(criteria) + 1)):
        return fails(
            "Kriteriene mangler vekt eller rekkefølge.",
            "Criteria lack weight or order.",
            nn="Kriteria manglar vekt eller rekkjefølgje.",
        )
    return holds(
        "Kriteriene står i prioritert rekkefølge.",
        "The criteria are in order of priority.",
        nn="Kriteria står i prioritert rekkjefølgje.",
    )


def price_model_complete(_: Facts, documents: Mapping[str, Any]) -> Verdict:
    """What the price models need to be computed is published with them."""
    rows = entries(documents, "award_criteria")
    priced = [row for row in rows if _is_price(row)]
    quality = [row for row in rows if not _is_price(row)]
    for row in priced:
        wrong = _lacks(row, [each for each in priced if each is not row], quality)
        if wrong is not None:
            return fails(wrong["nb"], wrong["en"], nn=wrong["nn"])
    return holds(
        "Modellene for pris kan regnes ut slik de kunngjøres.",
        "The price models can be computed as they are published.",
        nn="Modellane for pris kan reknast ut slik dei blir kunngjorde.",
    )


def _lacks(
    row: Mapping[str, Any], prices: list[Mapping[str, Any]], quality: list[Mapping[str, Any]]
) -> Text | None:
    """What the model of this price criterion lacks beside the others, or None."""
    name, model = said(row, "criterion"), said(row, "price_model")
    if model == "hybrid" and number(row, "price_break") is None:
        return text(
            f"«{name}» mangler knekkpunkt.",
            f"«{name}» lacks its break.",
            nn=f"«{name}» manglar knekkpunkt.",
        )
    if model in ("lowest", "priced_quality") and prices:
        return text(
            f"«{name}» sammenligner priser og kan ikke stå sammen med andre priskriterier.",
            f"«{name}» compares prices and cannot stand beside other price criteria.",
            nn=f"«{name}» samanliknar prisar og kan ikkje stå saman med andre priskriterium.",
        )
    if model == "lowest" and quality:
        return text(
            f"«{name}» er laveste pris, som avgjør alene; det er også andre kriterier.",
            f"«{name}» is the lowest price, which decides alone; there are other criteria too.",
            nn=f"«{name}» er lågaste pris, som avgjer åleine; det er òg andre kriterium.",
        )
    amounts = sum(whole(each, "quality_worth") is not None for each in quality)
    incomplete = not quality or 0 < amounts < len(quality)
    if model == "priced_quality" and (incomplete or not (amounts or number(row, "weight"))):
        return text(
            f"«{name}» prissetter kvalitet: gi beløp for alle kvalitetskriterier, eller for ingen"
            " og da vekt på alle.",
            f"«{name}» prices quality: give amounts for all quality criteria, or for none and then"
            " weights for all.",
            nn=f"«{name}» prisset kvalitet: gi beløp for alle kvalitetskriterium, eller for ingen"
            " og då vekt på alle.",
        )
    return None


def climate_rule_met(facts: Facts, documents: Mapping[str, Any]) -> Verdict:
    """The duty of LOA § 5b (before 2026-07-01 FOA § 7-9), as it read on the day of the rules."""
    row = _climate_row(facts.rules_at)
    if row is None:
        return holds(
            "Ingen klimaregel gjaldt da.",
            "No climate rule was in force then.",
            nn="Ingen klimaregel galdt da.",
        )
    weight, first = _climate_weight(documents)
    if weight >= row.amount or first:
        return holds(
            f"Klima og miljø er vektet med {weight} % eller blant de tre første.",
            f"Climate and environment weigh {weight} % or are among the three first.",
            row.citation,
            nn=f"Klima og miljø er vekta med {weight} % eller blant dei tre første.",
        )
    if not row.binding:
        return holds(
            f"Klima og miljø er vektet med {weight} %; hovedregelen var {row.amount} %.",
            f"Climate and environment weigh {weight} %; the main rule was {row.amount} %.",
            row.citation,
            nn=f"Klima og miljø er vekta med {weight} %; hovudregelen var {row.amount} %.",
        )
    return _climate_route(facts, documents, row, weight)


def _climate_route(
    facts: Facts, documents: Mapping[str, Any], row: RuleRow, weight: Decimal
) -> Verdict:
    route = said(documents, "env_route")
    lawful_from = date.min if route == _SPEC_ROUTE else _EXEMPTIONS.get(route)
    if lawful_from is None or facts.rules_at < lawful_from:
        return fails(
            f"Klima og miljø er vektet med {weight} %, kravet er {row.amount} %.",
            f"Climate and environment weigh {weight} %, the rule is {row.amount} %.",
            row.citation,
            nn=f"Klima og miljø er vekta med {weight} %, kravet er {row.amount} %.",
        )
    if not said(documents, "env_reason"):
        return fails(
            "Unntaket fra klimavekting mangler begrunnelse.",
            "The departure from the climate weight lacks a reason.",
            row.citation,
            nn="Unntaket frå klimavekting manglar grunngiving.",
        )
    named = option("procurement-documents", "env_route", route)
    return holds(
        f"Begrunnet: {named['nb']}.",
        f"Reasoned under: {named['en']}.",
        row.citation,
        nn=f"Grunngitt: {named['nn']}.",
    )


def _climate_row(at: date) -> RuleRow | None:
    """The climate rule in force on `at`; there was none before 2017-05-01."""
    rows = (row for row in rule_set(at).rows if row.rule_id == "climate-weight")
    return next(rows, None)


def _climate_weight(documents: Mapping[str, Any]) -> tuple[Decimal, bool]:
    """The weight of the climate criteria, and whether one of them is among the first three."""
    criteria = [
        criterion
        for criterion in entries(documents, "award_criteria")
        if said(criterion, "env_code") == _CRITERIA_ROUTE
    ]
    weight = sum((number(criterion, "weight") or Decimal(0) for criterion in criteria), Decimal(0))
    first = any(
        number(criterion, "weight") is None and whole(criterion, "priority") in FIRST_PRIORITIES
        for criterion in criteria
    )
    return weight, first


RULES = (
    Rule(
        "documents-complete",
        text(
            "Konkurransegrunnlaget er komplett",
            "The procurement documents are complete",
            nn="Konkurransegrunnlaget er komplett",
        ),
        "FOA § 14-1",
        (PROCUREMENT_LEAD, SUBJECT_EXPERT),
        documents_complete,
    ),
    Rule(
        "rd-capability-required",
        text(
            "Evne til forskning og utvikling er krevd",
            "R&D capability is required",
            nn="Evne til forsking og utvikling er kravd",
        ),
        "FOA § 16-5(3)",
        (PROCUREMENT_LEAD,),
        only_for({INNOVATION_PARTNERSHIP}, with_form(DOCUMENTS, rd_capability_required)),
    ),
    Rule(
        "rights-stated",
        text("Rettighetene er beskrevet", "The rights are stated", nn="Rettane er skildra"),
        "FOA § 14-1(4)",
        (LEGAL, PROCUREMENT_LEAD),
        _stated(
            {
                "ipr": text(
                    "ordningen for rettigheter",
                    "the arrangement for rights",
                    nn="ordninga for rettar",
                )
            },
            text("Rettighetene er beskrevet.", "The rights are stated.", nn="Rettane er skildra."),
        ),
    ),
    Rule(
        "reduction-and-termination-stated",
        text(
            "Reduksjon og avslutning er beskrevet",
            "Reduction and termination are stated",
            nn="Reduksjon og avslutting er skildra",
        ),
        "FOA § 26-8(4)",
        (LEGAL, PROCUREMENT_LEAD),
        only_for(
            {INNOVATION_PARTNERSHIP},
            _stated(
                {**_REDUCTION, **_TERMINATION},
                text(
                    "Vilkårene for reduksjon og avslutning står i konkurransegrunnlaget.",
                    "The conditions of reduction and termination stand in the documents.",
                    nn="Vilkåra for reduksjon og avslutting står i konkurransegrunnlaget.",
                ),
            ),
        ),
    ),
    Rule(
        "reduction-rule-stated",
        text(
            "Retten til å redusere er forbeholdt",
            "The right to reduce is reserved",
            nn="Det er teke atterhald om retten til å redusere",
        ),
        "FOA § 26-8(4)",
        (LEGAL, PROCUREMENT_LEAD),
        _stated(
            _REDUCTION,
            text(
                "Vilkårene for reduksjon står i konkurransegrunnlaget.",
                "The conditions of reduction stand in the documents.",
                nn="Vilkåra for reduksjon står i konkurransegrunnlaget.",
            ),
        ),
    ),
    Rule(
        "termination-rule-stated",
        text(
            "Retten til å avslutte er forbeholdt",
            "The right to terminate is reserved",
            nn="Det er teke atterhald om retten til å avslutte",
        ),
        "FOA § 26-8(4)",
        (LEGAL, PROCUREMENT_LEAD),
        _stated(
            _TERMINATION,
            text(
                "Vilkårene for avslutning står i konkurransegrunnlaget.",
                "The conditions of termination stand in the documents.",
                nn="Vilkåra for avslutting står i konkurransegrunnlaget.",
            ),
        ),
    ),
    Rule(
        "max-cost-and-levels-stated",
        text(
            "Høyeste kostnad og ytelsesnivåer er oppgitt",
            "Maximum cost and performance levels are stated",
            nn="Høgaste kostnad og ytingsnivå er oppgitt",
        ),
        "FOA § 26-8(7)",
        (PROCUREMENT_LEAD, SUBJECT_EXPERT),
        only_for({INNOVATION_PARTNERSHIP}, with_form(DOCUMENTS, max_cost_and_levels_stated)),
    ),
    Rule(
        "best-price-quality-only",
        text(
            "Beste forhold mellom pris og kvalitet",
            "Best price-quality ratio",
            nn="Beste forhold mellom pris og kvalitet",
        ),
        "FOA § 18-1(1), (8)",
        (PROCUREMENT_LEAD,),
        with_form(DOCUMENTS, best_price_quality_only),
    ),
    Rule(
        "award-weights-complete",
        text(
            "Tildelingskriteriene er vektet",
            "The award criteria are weighted",
            nn="Tildelingskriteria er vekta",
        ),
        "FOA § 18-1(6)",
        (PROCUREMENT_LEAD,),
        with_form(DOCUMENTS, award_weights_complete),
    ),
    Rule(
        "price-model-complete",
        text(
            "Prismodellen kan regnes ut",
            "The price model can be computed",
            nn="Prismodellen kan reknast ut",
        ),
        "FOA § 18-1",
        (PROCUREMENT_LEAD,),
        with_form(DOCUMENTS, price_model_complete),
    ),
    Rule(
        "climate-rule-met",
        text(
            "Klima og miljø er ivaretatt",
            "Climate and environment are cared for",
            nn="Klima og miljø er teke vare på",
        ),
        "LOA § 5b",
        (PROCUREMENT_LEAD,),
        with_form(DOCUMENTS, climate_rule_met),
    ),
)
