"""Pre-commercial procurement: the exemption, phases in parallel, the cut among the best, the close
(PC2-PC9)."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

from engine.procurement.facts import Facts
from engine.procurement.reading import entries, names, number, said, supplier_of, whole
from engine.procurement.ruledata import rule_row
from engine.procurement.rules.documents import DOCUMENTS
from engine.procurement.rules.options import option
from engine.procurement.rules.publication import advised_period, announced_dates, undated
from engine.procurement.rules.rule import (
    EVALUATOR,
    LEGAL,
    NEED_OWNER,
    PRE_COMMERCIAL,
    PROCUREMENT_LEAD,
    SUBJECT_EXPERT,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    only_for,
    own_form,
    pending,
    unstated,
    with_form,
)
from engine.procurement.text import kroner, listed, text
from engine.procurement.time_limits import time_limit

_METHOD: Final = "COM(2007) 799; god praksis / good practice"
_PERIOD: Final = "tender-period-pre-commercial"


def exemption_by_table(facts: Facts) -> Verdict:
    """What the decision table answered to the facts of the choice of procedure (FOA § 2-5)."""
    answer = facts.variables.get("pcp_exempt")
    if not isinstance(answer, bool):
        return fails(
            "Beslutningstabellen er ikke kjørt.",
            "The decision table has not been run.",
            nn="Avgjerdstabellen er ikkje køyrd.",
        )
    if not answer:
        return fails(
            "Tabellen sier at unntaket ikke gjelder: det er ikke forskning og utvikling alene, "
            "eller oppdragsgiver både betaler alt og får alt utbytte.",
            "The table says that the exemption does not apply: it is not research and development "
            "alone, or the buyer both pays all and keeps all benefits.",
            nn=(
                "Tabellen seier at unntaket ikkje gjeld: det er ikkje forsking og "
                "utvikling åleine, eller oppdragsgivar både betalar alt og får alt "
                "utbytte."
            ),
        )
    return holds(
        "Tabellen sier at unntaket gjelder.",
        "The table says that the exemption applies.",
        nn="Tabellen seier at unntaket gjeld.",
    )


def supplies_below_half(facts: Facts, test: Mapping[str, Any]) -> Verdict:
    """Research and development services are the main part: goods are worth less than half."""
    row = rule_row("pcp-supplies-share", facts.rules_at)
    share = number(test, "supplies_share")
    if test.get("only_rd") is not True:
        return fails(
            "Oppdraget er ikke bekreftet å være forskning og utvikling alene.",
            "Nobody has confirmed that it is research and development alone.",
            nn="Oppdraget er ikkje stadfesta å vere forsking og utvikling åleine.",
        )
    if share is None:
        return unstated(
            "exemption-test",
            {"supplies_share": text("andelen varer", "the share", nn="delen varer")},
        )
    verdict = holds if share < row.amount else fails
    return verdict(
        f"Varer er {share} % av verdien; det må være under {row.amount} %.",
        f"Goods are {share} % of the value; it must be below {row.amount} %.",
        row.citation,
        nn=f"Varer er {share} % av verdien; det må vere under {row.amount} %.",
    )


def risk_and_benefit_shared(_: Facts, test: Mapping[str, Any]) -> Verdict:
    """An open call at market price with shared benefits is normally no state aid."""
    gaps = {
        "sharing": text(
            "deling av risiko og utbytte",
            "the sharing of risk and benefit",
            nn="deling av risiko og utbytte",
        ),
        "reason": text("begrunnelse", "the reason", nn="grunngiving"),
    }
    empty = {key: name for key, name in gaps.items() if not said(test, key)}
    if empty:
        return unstated("exemption-test", empty)
    if test.get("open_call") is not True or test.get("market_price") is not True:
        return fails(
            "Åpen utlysning i hele EØS eller betaling til markedspris er ikke bekreftet.",
            "An open call in the whole EEA or payment at market price is not confirmed.",
            nn="Open utlysing i heile EØS eller betaling til marknadspris er ikkje stadfesta.",
        )
    return holds(
        f"Deling: {said(test, 'sharing')}",
        f"Sharing: {said(test, 'sharing')}",
        nn=f"Deling: {said(test, 'sharing')}",
    )


def research_terms_stated(facts: Facts, terms: Mapping[str, Any]) -> Verdict:
    """Rights on both sides, no hold on later competition, evaluation of phases, money for them."""
    wanted = {
        "supplier_rights": text(
            "leverandørens rettigheter", "the supplier's rights", nn="rettane til leverandøren"
        ),
        "use_right": text("bruksretten", "the right of use", nn="bruksretten"),
        "evaluation_per_phase": text(
            "evaluering av fasene", "the evaluation of phases", nn="evaluering av fasane"
        ),
    }
    gaps = {key: name for key, name in wanted.items() if not said(terms, key)}
    if gaps:
        return unstated("research-terms", gaps)
    if terms.get("competition_open") is not True:
        return fails(
            "Vilkårene kan begrense konkurransen om et senere kjøp.",
            "The terms may limit competition for a later purchase.",
            nn="Vilkåra kan avgrense konkurransen om eit seinare kjøp.",
        )
    return _financed(facts, terms)


def _financed(facts: Facts, terms: Mapping[str, Any]) -> Verdict:
    """Each phase has money for all its suppliers, and all of it is within the estimate."""
    plan, estimate = facts.latest("phase-plan", ""), facts.latest("estimated-value")
    if plan is None:
        return missing("phase-plan")
    if estimate is None:
        return missing("estimated-value")
    financed = {whole(row, "phase"): row for row in entries(terms, "finance_plan")}
    short = [
        str(whole(phase, "phase") or "?")
        for phase in entries(plan.data, "phases")
        if not _covers(financed.get(whole(phase, "phase"), {}), whole(phase, "fee") or 0)
    ]
    if short or not financed:
        return fails(
            f"Finansplanen dekker ikke alle leverandører i fase {listed(short, 'nb')}.",
            f"The finance plan does not cover every supplier in phase {listed(short, 'en')}.",
            nn=f"Finansplanen dekkjer ikkje alle leverandørar i fase {listed(short, 'nn')}.",
        )
    total = sum(whole(row, "amount") or 0 for row in financed.values())
    most = whole(estimate.data, "rd_max") or 0
    verdict = holds if total <= most else fails
    return verdict(
        f"Finansplanen er på {kroner(total, 'nb')}; utviklingen er anslått til høyst "
        f"{kroner(most, 'nb')}.",
        f"The finance plan is {kroner(total, 'en')}; the development is estimated at no more than "
        f"{kroner(most, 'en')}.",
        nn=(
            f"Finansplanen er på {kroner(total, 'nn')}; utviklinga er anslått til "
            f"høgst {kroner(most, 'nn')}."
        ),
    )


def _covers(row: Mapping[str, Any], fee: int) -> bool:
    suppliers, amount = whole(row, "suppliers"), whole(row, "amount")
    return bool(suppliers) and amount is not None and amount >= fee * (suppliers or 0)


def parallel_to_the_end(facts: Facts) -> Verdict:
    """At least two start, at least two are left in every phase but after the last, never more."""
    documents, plan = facts.latest(DOCUMENTS), facts.latest("phase-plan", "")
    if documents is None:
        return missing(DOCUMENTS)
    if plan is None:
        return missing("phase-plan")
    least = rule_row("pcp-parallel-suppliers", facts.rules_at).amount
    after = [whole(phase, "max_partners_next") or 0 for phase in entries(plan.data, "phases")]
    numbers = [whole(documents.data, "max_partners") or 0, *after[:-1]]
    shown = " – ".join(map(str, numbers))
    if any(number < least for number in numbers) or any(b > a for a, b in pairwise(numbers)):
        return fails(
            f"Leverandører per fase er {shown}; det må være minst {least}, og aldri flere enn før.",
            f"Suppliers in each phase are {shown}; at least {least}, and never more than before.",
            nn=(
                f"Leverandørar per fase er {shown}; det må vere minst {least}, og aldri "
                "fleire enn før."
            ),
        )
    return holds(
        f"Leverandører per fase: {shown}.",
        f"Suppliers in each phase: {shown}.",
        nn=f"Leverandørar per fase: {shown}.",
    )


def research_period_adequate(facts: Facts, notice: Mapping[str, Any]) -> Verdict:
    """No law sets a period; a shorter one than is advised needs its reason."""
    dispatch, deadline = announced_dates(facts, notice)
    if dispatch is None or deadline is None:
        return undated("notice")
    limit = time_limit(_PERIOD, dispatch, facts.rules_at)
    return advised_period(limit, deadline, said(notice, "period_reason"))


def several_in_parallel(facts: Facts) -> Verdict:
    """Phase 1 is ordered from several, so that there is somebody to compare with."""
    award = own_form(facts, "award", "winners")
    if award is None:
        return pending(facts, "award")
    least = rule_row("pcp-parallel-suppliers", facts.rules_at).amount
    winners = len(set(names(award, "winners")))
    verdict = holds if winners >= least else fails
    return verdict(
        f"{winners} leverandører får fase 1; det må være minst {least}.",
        f"{winners} suppliers get phase 1; there must be at least {least}.",
        nn=f"{winners} leverandørar får fase 1; det må vere minst {least}.",
    )


def phase_evaluated(facts: Facts) -> Verdict:
    """Every supplier left is scored, with reasons, on every announced criterion since the last
    review of the phase."""
    evaluation, documents = facts.latest("phase-evaluation"), facts.latest(DOCUMENTS)
    if evaluation is None:
        return missing("phase-evaluation")
    if documents is None:
        return missing(DOCUMENTS)
    active = names(facts.variables, "active_suppliers")
    newest = max((review.at for review in facts.all("phase-review")), default=evaluation.at)
    if evaluation.at < newest:
        return fails(
            "En fase er gjennomgått etter evalueringen.",
            "A phase was reviewed after it.",
            nn="Ein fase er gått gjennom etter evalueringa.",
        )
    scored = {
        (supplier_of(row), said(row, "criterion"))
        for row in entries(evaluation.data, "scores")
        if number(row, "score") is not None and said(row, "reason")
    }
    criteria = [said(row, "criterion") for row in entries(documents.data, "award_criteria")]
    gaps = [
        f"{facts.firm(who)} / {what}"
        for who in active
        for what in criteria
        if (who, what) not in scored
    ]
    if gaps or not active:
        return fails(
            f"Begrunnet poeng mangler: {listed(gaps, 'nb')}.",
            f"A reasoned score is missing: {listed(gaps, 'en')}.",
            nn=f"Grunngitt poeng manglar: {listed(gaps, 'nn')}.",
        )
    return holds(
        f"{len(active)} leverandører er evaluert etter {len(criteria)} kriterier.",
        f"{len(active)} suppliers are evaluated by {len(criteria)} criteria.",
        nn=f"{len(active)} leverandørar er evaluert etter {len(criteria)} kriterium.",
    )


def call_off_among_best(facts: Facts) -> Verdict:
    """Those who go on are the highest ranked, no more of them than was announced for the phase."""
    form = own_form(facts, "call-off", "continuing")
    if form is None:
        return pending(facts, "call-off")
    chosen = set(names(form, "continuing"))
    ranks = {
        supplier_of(row): whole(row, "rank") or 0
        for row in entries(facts.variables, "phase_ranking")
    }
    strangers = facts.firms_of(chosen - ranks.keys())
    if strangers or not chosen:
        return fails(
            f"Ikke rangert i fasen: {listed(strangers, 'nb')}.",
            f"Not ranked in the phase: {listed(strangers, 'en')}.",
            nn=f"Ikkje rangert i fasen: {listed(strangers, 'nn')}.",
        )
    passed_over = facts.firms_of(
        other for other in ranks.keys() - chosen if any(ranks[other] < ranks[one] for one in chosen)
    )
    if passed_over:
        return fails(
            f"Bedre rangert, men ikke med videre: {listed(passed_over, 'nb')}.",
            f"Ranked higher, but left out: {listed(passed_over, 'en')}.",
            nn=f"Betre rangert, men ikkje med vidare: {listed(passed_over, 'nn')}.",
        )
    return _within_announced(facts, len(chosen))


def _within_announced(facts: Facts, count: int) -> Verdict:
    plan = facts.latest("phase-plan", "")
    now = whole(facts.variables, "phase")
    phases = entries(plan.data, "phases") if plan else ()
    most = [
        limit
        for phase in phases
        if whole(phase, "phase") == now
        and (limit := whole(phase, "max_partners_next")) is not None
        and phase is not phases[-1]
    ]
    if most and count > most[0]:
        return fails(
            f"{count} går videre; høyst {most[0]} er kunngjort etter fase {now}.",
            f"{count} go on; at most {most[0]} were announced after phase {now}.",
            nn=f"{count} går vidare; høgst {most[0]} er kunngjort etter fase {now}.",
        )
    return holds(
        f"De {count} høyest rangerte går videre.",
        f"The {count} ranked highest go on.",
        nn=f"Dei {count} høgst rangerte går vidare.",
    )


def competition_to_the_end(facts: Facts) -> Verdict:
    """Two go on to the next phase, or the reason stands why one alone does."""
    form = own_form(facts, "call-off", "continuing")
    if form is None:
        return pending(facts, "call-off")
    chosen = len(set(names(form, "continuing")))
    least = rule_row("pcp-parallel-suppliers", facts.rules_at).amount
    reason = said(form, "competition_reason")
    last = (whole(facts.variables, "phase") or 0) >= (whole(facts.variables, "phases") or 1)
    if chosen >= least or last:
        return holds(f"{chosen} går videre.", f"{chosen} go on.", nn=f"{chosen} går vidare.")
    verdict = holds if chosen and reason else fails
    return verdict(
        f"Bare {chosen} går videre. {reason}".strip(),
        f"Only {chosen} goes on. {reason}".strip(),
        nn=f"Berre {chosen} går vidare. {reason}".strip(),
    )


def solution_assessed(_: Facts, closing: Mapping[str, Any]) -> Verdict:
    """Whether the solution does what was aimed at, the need is the same, the market has moved."""
    measured = [row for row in entries(closing, "results") if number(row, "measured") is not None]
    gaps = {
        key: name
        for key, name in {
            "need_reason": text("om behovet", "about the need", nn="om behovet"),
            "market_note": text("om markedet", "about the market", nn="om marknaden"),
            "reason": text("tilråding med grunn", "reasoned advice", nn="tilråding med grunn"),
        }.items()
        if not said(closing, key)
    }
    if gaps:
        return unstated("research-closing", gaps)
    if not measured or len(measured) < len(entries(closing, "results")):
        return fails(
            "Resultater er ikke målt.",
            "Results have not been measured.",
            nn="Resultat er ikkje målt.",
        )
    advice = option("research-closing", "advice", said(closing, "advice"))
    return holds(
        f"{len(measured)} resultater er målt; tilråding: «{advice['nb']}».",
        f"{len(measured)} results are measured; advice: “{advice['en']}”.",
        nn=f"{len(measured)} resultat er målt; tilråding: «{advice['nn']}».",
    )


def learning_reported(_: Facts, report: Mapping[str, Any]) -> Verdict:
    rows = entries(report, "measurements")
    if not rows or any(number(row, "measured") is None for row in rows):
        return fails(
            "Virkningene er ikke målt.",
            "The effects have not been measured.",
            nn="Verknadane er ikkje målt.",
        )
    if report.get("inputs_answered") is not True:
        return fails(
            "Brukernes innspill er ikke bekreftet besvart.",
            "Nobody has confirmed that the users' input was answered.",
            nn="Brukarane sine innspel er ikkje stadfesta svara på.",
        )
    return holds(
        f"{len(rows)} virkninger er målt.",
        f"{len(rows)} effects are measured.",
        nn=f"{len(rows)} verknader er målt.",
    )


def levelling_pack_complete(facts: Facts, pack: Mapping[str, Any]) -> Verdict:
    """All that a later tenderer must know, and a measure for each who took part."""
    items = entries(pack, "items")
    unplaced = [said(item, "text") for item in items if not said(item, "place")]
    if unplaced or not items:
        return fails(
            f"Uten plass i pakken: {listed(unplaced, 'nb')}.",
            f"Without a place in the pack: {listed(unplaced, 'en')}.",
            nn=f"Utan plass i pakken: {listed(unplaced, 'nn')}.",
        )
    if pack.get("secrets_removed") is not True:
        return fails(
            "Det er ikke bekreftet at forretningshemmeligheter er tatt ut.",
            "Nobody has confirmed that trade secrets were taken out.",
            nn="Det er ikkje stadfesta at forretningsløyndomar er tekne ut.",
        )
    countered = {supplier_of(row) for row in entries(pack, "participants") if said(row, "measure")}
    bare = facts.firms_of(set(names(facts.variables, "signed_partners")) - countered)
    if bare:
        return fails(
            f"Uten tiltak mot forsprang: {listed(bare, 'nb')}.",
            f"Without a measure against their head start: {listed(bare, 'en')}.",
            nn=f"Utan tiltak mot forsprang: {listed(bare, 'nn')}.",
        )
    return holds(
        f"{len(items)} opplysninger er samlet for alle.",
        f"{len(items)} pieces of information are collected for all.",
        nn=f"{len(items)} opplysningar er samla for alle.",
    )


RULES = (
    Rule(
        "exemption-by-table",
        text(
            "Unntaket for forskning og utvikling gjelder",
            "The research exemption applies",
            nn="Unntaket for forsking og utvikling gjeld",
        ),
        "FOA § 2-5",
        (PROCUREMENT_LEAD, LEGAL),
        exemption_by_table,
    ),
    Rule(
        "supplies-below-half",
        text(
            "Forskning og utvikling er hovedelementet",
            "Research and development prevail",
            nn="Forsking og utvikling er hovedelementet",
        ),
        "FOA § 6-1(2), § 6-2(2)",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("exemption-test", supplies_below_half),
    ),
    Rule(
        "risk-and-benefit-shared",
        text(
            "Risiko og utbytte er delt",
            "Risk and benefit are shared",
            nn="Risiko og utbytte er delt",
        ),
        "EØS-avtalen art. 61; ESA RD&I guidelines 2.3",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("exemption-test", risk_and_benefit_shared),
    ),
    Rule(
        "research-terms-stated",
        text(
            "Rettigheter, faser og finansiering er beskrevet",
            "Rights, phases, money are stated",
            nn="Rettar, fasar og finansiering er skildra",
        ),
        _METHOD,
        (PROCUREMENT_LEAD, LEGAL, SUBJECT_EXPERT),
        with_form("research-terms", research_terms_stated),
    ),
    Rule(
        "parallel-to-the-end",
        text(
            "Konkurranse gjennom alle faser",
            "Competition through every phase",
            nn="Konkurranse gjennom alle fasar",
        ),
        _METHOD,
        (PROCUREMENT_LEAD,),
        parallel_to_the_end,
    ),
    Rule(
        "research-period-adequate",
        text(
            "Fristen er lang nok for oppgaven",
            "The period is adequate for the task",
            nn="Fristen er lang nok for oppgåva",
        ),
        _METHOD,
        (PROCUREMENT_LEAD,),
        with_form("notice", research_period_adequate),
    ),
    Rule(
        "several-in-parallel",
        text(
            "Flere leverandører får fase 1",
            "Several suppliers get phase 1",
            nn="Fleire leverandørar får fase 1",
        ),
        _METHOD,
        (NEED_OWNER, PROCUREMENT_LEAD),
        only_for({PRE_COMMERCIAL}, several_in_parallel),
    ),
    Rule(
        "phase-evaluated",
        text(
            "Alle er evaluert etter kriteriene",
            "All are evaluated by the criteria",
            nn="Alle er evaluert etter kriteria",
        ),
        _METHOD,
        (EVALUATOR,),
        phase_evaluated,
    ),
    Rule(
        "call-off-among-best",
        text(
            "De best rangerte går videre",
            "The ranked highest go on",
            nn="Dei best rangerte går vidare",
        ),
        _METHOD,
        (NEED_OWNER, EVALUATOR),
        call_off_among_best,
    ),
    Rule(
        "competition-to-the-end",
        text(
            "Konkurransen holdes til slutt",
            "Competition is kept to the end",
            nn="Konkurransen blir halde til slutt",
        ),
        _METHOD,
        (NEED_OWNER,),
        competition_to_the_end,
    ),
    Rule(
        "solution-assessed",
        text(
            "Løsning, behov og marked er vurdert",
            "Solution, need and market are assessed",
            nn="Løysing, behov og marknad er vurdert",
        ),
        _METHOD,
        (NEED_OWNER, SUBJECT_EXPERT),
        with_form("research-closing", solution_assessed),
    ),
    Rule(
        "learning-reported",
        text(
            "Lærdommen er skrevet ned",
            "What was learned is written down",
            nn="Lærdommen er skriven ned",
        ),
        "god praksis / good practice",
        (NEED_OWNER,),
        with_form("learning-report", learning_reported),
    ),
    Rule(
        "levelling-pack-complete",
        text(
            "Informasjonen til alle er samlet",
            "The information for all is collected",
            nn="Informasjonen til alle er samla",
        ),
        "FOA § 12-2",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("levelling-pack", levelling_pack_complete),
    ),
)
