"""The partnership's phases: targets, reviews, payment, work environment (IP19-IP21)."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.procurement.facts import Facts, SubmissionFact
from engine.procurement.reading import entries, number, said, whole
from engine.procurement.rules.options import option
from engine.procurement.rules.rule import (
    BUDGET_OWNER,
    NEED_OWNER,
    PROCUREMENT_LEAD,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    unstated,
    with_form,
)
from engine.procurement.text import kroner, listed, text

PAYMENT_GATE = "approve-payment"


def phase_targets_set(_: Facts, plan: Mapping[str, Any]) -> Verdict:
    targets = entries(plan, "intermediate_targets")
    bare = [t for t in targets if not said(t, "metric") or number(t, "min") is None]
    if not targets or bare or plan.get("within_contract") is not True:
        return fails(
            "Delmål mangler, eller planen er ikke bekreftet innenfor kontrakten.",
            "Targets are missing, or the plan is not confirmed as within the contract.",
            nn="Delmål manglar, eller planen er ikkje stadfesta innanfor kontrakten.",
        )
    return holds(
        f"{len(targets)} delmål er satt.",
        f"{len(targets)} targets are set.",
        nn=f"{len(targets)} delmål er sett.",
    )


def phase_reviewed(facts: Facts) -> Verdict:
    """A review of the running phase with a result for every target and a reasoned advice."""
    review = _review(facts)
    if review is None:
        return missing("phase-review")
    results = entries(review.data, "target_results")
    open_ones = [said(row, "metric") for row in results if number(row, "value") is None]
    if open_ones or not results:
        return fails(
            f"Resultat mangler: {listed(open_ones, 'nb')}",
            f"No result: {listed(open_ones, 'en')}",
            nn=f"Resultat manglar: {listed(open_ones, 'nn')}",
        )
    advice = said(review.data, "recommendation")
    if not advice or not said(review.data, "reasons"):
        return unstated(
            "phase-review",
            {"reasons": text("tilråding med grunn", "reasoned advice", nn="tilråding med grunn")},
        )
    advised = option("phase-review", "recommendation", advice)
    met = sum(row.get("met") is True for row in results)
    return holds(
        f"{met} av {len(results)} delmål er nådd; tilråding: «{advised['nb']}».",
        f"{met} of {len(results)} targets are met; advice: “{advised['en']}”.",
        nn=f"{met} av {len(results)} delmål er nådd; tilråding: «{advised['nn']}».",
    )


def _review(facts: Facts) -> SubmissionFact | None:
    """The newest review that is not older than the partner's plan of the running phase."""
    plan, review = facts.of_branch("phase-plan-partner"), facts.of_branch("phase-review")
    if review is not None and plan is not None and review.at < plan.at:
        return None
    return review


def announced_targets_only(facts: Facts) -> Verdict:
    """Reviewed on the agreed targets alone, with the same yardstick as was announced."""
    review, plan = _review(facts), facts.of_branch("phase-plan-partner")
    if review is None:
        return missing("phase-review")
    if plan is None:
        return missing("phase-plan-partner")
    agreed = {
        said(row, "metric"): number(row, "min")
        for row in entries(plan.data, "intermediate_targets")
    }
    results = entries(review.data, "target_results")
    foreign = sorted({said(row, "metric") for row in results} - agreed.keys())
    left_out = sorted(agreed.keys() - {said(row, "metric") for row in results})
    if foreign or left_out:
        return fails(
            f"Ikke avtalt: {listed(foreign, 'nb')}; ikke vurdert: {listed(left_out, 'nb')}.",
            f"Not agreed: {listed(foreign, 'en')}; not reviewed: {listed(left_out, 'en')}.",
            nn=f"Ikkje avtalt: {listed(foreign, 'nn')}; ikkje vurdert: {listed(left_out, 'nn')}.",
        )
    wrong = [said(row, "metric") for row in results if not _met_rightly(row, agreed)]
    if wrong:
        return fails(
            f"Resultat og mål stemmer ikke for {listed(wrong, 'nb')}.",
            f"Result and target disagree for {listed(wrong, 'en')}.",
            nn=f"Resultat og mål stemmer ikkje for {listed(wrong, 'nn')}.",
        )
    if review.data.get("announced_targets_only") is not True:
        return fails(
            "Ikke bekreftet at bare kunngjorte delmål er brukt.",
            "Nobody has confirmed that only announced targets were used.",
            nn="Ikkje stadfesta at berre kunngjorde delmål er brukt.",
        )
    return holds(
        f"{len(agreed)} avtalte delmål er brukt.",
        f"{len(agreed)} agreed targets used.",
        nn=f"{len(agreed)} avtalte delmål er brukt.",
    )


def _met_rightly(row: Mapping[str, Any], agreed: Mapping[str, Decimal | None]) -> bool:
    value, least = number(row, "value"), agreed[said(row, "metric")]
    if value is None or least is None:
        return False
    return (row.get("met") is True) == (value >= least)


def termination_grounded(facts: Facts) -> Verdict:
    """One partner is ended only on a target not met, or to come down to the announced number."""
    review = _review(facts)
    if review is None:
        return missing("phase-review")
    missed = [
        said(row, "metric")
        for row in entries(review.data, "target_results")
        if row.get("met") is not True
    ]
    if missed:
        return holds(
            f"Ikke nådd: {listed(missed, 'nb')}.",
            f"Not met: {listed(missed, 'en')}.",
            nn=f"Ikkje nådd: {listed(missed, 'nn')}.",
        )
    plan = facts.latest("phase-plan", "")
    active = facts.variables.get("active_partners")
    count = len(active) if isinstance(active, list | tuple) else 0
    limits = [
        limit
        for phase in (entries(plan.data, "phases") if plan else ())
        if whole(phase, "phase") == whole(facts.variables, "phase")
        and (limit := whole(phase, "max_partners_next")) is not None
    ]
    if limits and count > limits[0]:
        return holds(
            f"{count} partnere, høyst {limits[0]} går videre.",
            f"{count} partners, at most {limits[0]} go on.",
            nn=f"{count} partnarar, høgst {limits[0]} går vidare.",
        )
    return fails(
        "Alle delmål er nådd og ingen reduksjon er kunngjort.",
        "All targets are met and no reduction was announced.",
        nn="Alle delmål er nådd og ingen reduksjon er kunngjort.",
    )


def instalment_due(facts: Facts) -> Verdict:
    """Due by the contract, delivered, and within the phase's fee."""
    plan = facts.of_branch("phase-plan-partner")
    if plan is None:
        return missing("phase-plan-partner")
    fee = whole(plan.data, "fee") or 0
    paid = sum(whole(payment.data, "amount") or 0 for payment in _approved(facts, plan))
    draft = facts.draft if facts.draft is not None and "amount" in facts.draft else None
    if draft is not None and (draft.get("due_by_contract") is not True or not _delivered(draft)):
        return fails(
            "Avdraget er ikke forfalt eller levert.",
            "It is not due or not delivered.",
            nn="Avdraget er ikkje forfalt eller levert.",
        )
    asked = (whole(draft, "amount") or 0) if draft is not None else 0
    left = fee - paid
    verdict = holds if left > 0 and asked <= left else fails
    return verdict(
        f"Vederlaget er {kroner(fee, 'nb')}; {kroner(paid, 'nb')} er betalt.",
        f"The fee is {kroner(fee, 'en')}; {kroner(paid, 'en')} is paid.",
        nn=f"Vederlaget er {kroner(fee, 'nn')}; {kroner(paid, 'nn')} er betalt.",
    )


def _approved(facts: Facts, plan: SubmissionFact) -> Iterator[SubmissionFact]:
    """Payments of the phase that two persons approved: one proposed, held or sent back is not."""
    asked = facts.all("payment", facts.scope or None)
    for made in facts.decided("D12", facts.scope or None):
        if made.task == PAYMENT_GATE and made.option == "approve" and made.at >= plan.at:
            yield from [payment for payment in asked if plan.at <= payment.at <= made.at][-1:]


def _delivered(draft: Mapping[str, Any]) -> bool:
    return bool(said(draft, "delivered"))


def payment_by_two(facts: Facts) -> Verdict:
    approvals = [made for made in facts.decided("D12", facts.scope or None) if "pay" in made.task]
    if not approvals:
        return fails(
            "Betalingen er ikke godkjent.",
            "The payment is not approved.",
            nn="Betalinga er ikkje godkjent.",
        )
    people = set(approvals[-1].by)
    verdict = holds if len(people) >= 2 else fails
    return verdict(
        f"{len(people)} personer har godkjent.",
        f"{len(people)} persons have approved.",
        nn=f"{len(people)} personar har godkjent.",
    )


def partner_confidentiality(facts: Facts) -> Verdict:
    """What comes from one partner reaches others only when it is anonymised."""
    open_ones = [
        shared
        for shared in facts.all("shared-information")
        if any(said(item, "origin") not in ("buyer", "") for item in entries(shared.data, "items"))
        and shared.data.get("anonymised") is not True
    ]
    verdict = fails if open_ones else holds
    return verdict(
        f"{len(open_ones)} delinger bygger på en leverandør uten å være anonymisert.",
        f"{len(open_ones)} sharings derive from a supplier without being anonymised.",
        nn=f"{len(open_ones)} delingar byggjer på ein leverandør utan å vere anonymisert.",
    )


def work_environment_assessed(_: Facts, assessment: Mapping[str, Any]) -> Verdict:
    risks = entries(assessment, "risks")
    bare = [said(risk, "risk") for risk in risks if not said(risk, "measure")]
    if bare or not risks or not said(assessment, "conclusion"):
        return fails(
            f"Tiltak eller konklusjon mangler. {listed(bare, 'nb')}".strip(),
            f"Measure or conclusion is missing. {listed(bare, 'en')}".strip(),
            nn=f"Tiltak eller konklusjon manglar. {listed(bare, 'nn')}".strip(),
        )
    if assessment.get("acceptable") is not True:
        return fails(
            "Risikoen er ikke akseptabel.",
            "The risk is not acceptable.",
            nn="Risikoen er ikkje akseptabel.",
        )
    return holds(
        f"{len(risks)} risikoer er vurdert.",
        f"{len(risks)} risks are assessed.",
        nn=f"{len(risks)} risikoar er vurdert.",
    )


RULES = (
    Rule(
        "phase-targets-set",
        text(
            "Delmål er satt for fasen",
            "Targets are set for the phase",
            nn="Delmål er sett for fasen",
        ),
        "FOA § 26-8(1)",
        (NEED_OWNER,),
        with_form("phase-plan-partner", phase_targets_set),
    ),
    Rule(
        "phase-reviewed",
        text("Fasen er gjennomgått", "The phase is reviewed", nn="Fasen er gått gjennom"),
        "FOA § 26-8(4)",
        (NEED_OWNER,),
        phase_reviewed,
    ),
    Rule(
        "announced-targets-only",
        text(
            "Bare avtalte delmål er brukt",
            "Only agreed targets are used",
            nn="Berre avtalte delmål er brukt",
        ),
        "FOA § 26-8(4)",
        (NEED_OWNER, PROCUREMENT_LEAD),
        announced_targets_only,
    ),
    Rule(
        "termination-grounded",
        text(
            "Avslutningen har grunnlag",
            "The termination has a ground",
            nn="Avsluttinga har grunnlag",
        ),
        "FOA § 26-8(4)",
        (NEED_OWNER, PROCUREMENT_LEAD),
        termination_grounded,
    ),
    Rule(
        "instalment-due",
        text("Avdraget er forfalt", "The instalment is due", nn="Avdraget er forfalt"),
        "FOA § 26-8(6)",
        (NEED_OWNER, BUDGET_OWNER),
        instalment_due,
    ),
    Rule(
        "payment-by-two",
        text(
            "To personer har godkjent betalingen",
            "Two persons have approved the payment",
            nn="To personar har godkjent betalinga",
        ),
        "økonomireglementet / financial regulations",
        (BUDGET_OWNER,),
        payment_by_two,
    ),
    Rule(
        "partner-confidentiality",
        text(
            "Ingenting deles uten samtykke",
            "Nothing is shared without consent",
            nn="Ingenting blir delt utan samtykke",
        ),
        "FOA § 26-8(5), § 23-10(2)",
        (PROCUREMENT_LEAD,),
        partner_confidentiality,
    ),
    Rule(
        "work-environment-assessed",
        text(
            "Arbeidsmiljøet er vurdert",
            "The work environment is assessed",
            nn="Arbeidsmiljøet er vurdert",
        ),
        "aml. § 3-1, § 4-2",
        ("safety-representative", NEED_OWNER),
        with_form("work-environment", work_environment_assessed),
    ),
)
