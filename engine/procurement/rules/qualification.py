"""Qualification, selection and invitation (IP9, IP10, IP11)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.procurement.facts import Facts
from engine.procurement.reading import entries, names, said, supplier_of, whole
from engine.procurement.rules.documents import DOCUMENTS
from engine.procurement.rules.options import option
from engine.procurement.rules.publication import minimum_invited
from engine.procurement.rules.rule import (
    EVALUATOR,
    LEGAL,
    PROCUREMENT_LEAD,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    own_form,
    pending,
    with_form,
)
from engine.procurement.text import listed, text

QUALIFIED: Final = "qualified"
# FOA § 24-2(1)-(2): the supplier must be rejected; the others may be, with a reason.
_MUST_REJECT = frozenset({"conviction", "tax", "conflict", "distortion"})


def requirements_answered(facts: Facts, assessment: Mapping[str, Any]) -> Verdict:
    answers = entries(assessment, "requirements")
    documents = facts.latest(DOCUMENTS)
    announced = entries(documents.data, "qualification") if documents else ()
    if len(answers) < len(announced) or not answers:
        return fails(
            f"{len(answers)} av {len(announced)} kvalifikasjonskrav er vurdert.",
            f"{len(answers)} of {len(announced)} qualification requirements are assessed.",
            nn=f"{len(answers)} av {len(announced)} kvalifikasjonskrav er vurdert.",
        )
    unclear = [said(row, "requirement") for row in answers if said(row, "met") not in ("yes", "no")]
    if unclear:
        return fails(
            f"Uavklart: {listed(unclear, 'nb')}.",
            f"Unclear: {listed(unclear, 'en')}.",
            nn=f"Uavklart: {listed(unclear, 'nn')}.",
        )
    unmet = [said(row, "requirement") for row in answers if said(row, "met") == "no"]
    if unmet:
        return fails(
            f"Ikke oppfylt, så leverandøren skal avvises: {listed(unmet, 'nb')}.",
            f"Not met, so the supplier must be rejected: {listed(unmet, 'en')}.",
            nn=f"Ikkje oppfylt, så leverandøren skal avvisast: {listed(unmet, 'nn')}.",
        )
    return holds(
        f"Alle {len(answers)} krav er oppfylt.",
        f"All {len(answers)} requirements are met.",
        nn=f"Alle {len(answers)} krav er oppfylt.",
    )


def exclusion_checked(_: Facts, assessment: Mapping[str, Any]) -> Verdict:
    checks = entries(assessment, "exclusion_checks")
    if not checks:
        return fails(
            "Ingen avvisningsgrunner er vurdert.",
            "No ground of exclusion is checked.",
            nn="Ingen avvisingsgrunnar er vurdert.",
        )
    found = [check for check in checks if said(check, "found") != "no"]
    barred = [said(check, "ground") for check in found if said(check, "ground") in _MUST_REJECT]
    if barred:
        return fails(
            f"Leverandøren skal avvises: {_grounds(barred, 'nb')}.",
            f"The supplier must be rejected: {_grounds(barred, 'en')}.",
            nn=f"Leverandøren skal avvisast: {_grounds(barred, 'nn')}.",
        )
    unexplained = [said(check, "ground") for check in found if not said(check, "note")]
    if unexplained:
        return fails(
            f"Vurdering mangler for {_grounds(unexplained, 'nb')}.",
            f"No assessment of {_grounds(unexplained, 'en')}.",
            nn=f"Vurdering manglar for {_grounds(unexplained, 'nn')}.",
        )
    return holds(
        f"{len(checks)} avvisningsgrunner er vurdert.",
        f"{len(checks)} grounds of exclusion are checked.",
        nn=f"{len(checks)} avvisingsgrunnar er vurdert.",
    )


def _grounds(codes: Iterable[str], language: str) -> str:
    names = (option("qualification", "exclusion_checks.ground", code) for code in codes)
    left, right = "“”" if language == "en" else "«»"
    return listed((f"{left}{name[language]}{right}" for name in names), language)


def prior_involvement_cured(facts: Facts, assessment: Mapping[str, Any]) -> Verdict:
    """Whoever took part in preparing the competition has no advantage left (FOA § 12-2)."""
    if assessment.get("involved_before") is not True:
        return holds(
            "Ingen har vært med på forberedelsen.",
            "Nobody took part in the preparation.",
            nn="Ingen har vore med på førebuinga.",
        )
    involvement = facts.of_branch("prior-involvement")
    if involvement is None:
        return missing("prior-involvement")
    measures = entries(involvement.data, "measures")
    unlevelled = [said(row, "knowledge") or "?" for row in measures if not said(row, "where")]
    if unlevelled or not measures:
        return fails(
            f"Andre har ikke fått det samme: {listed(unlevelled, 'nb')}.",
            f"Others have not had the same: {listed(unlevelled, 'en')}.",
            nn=f"Andre har ikkje fått det same: {listed(unlevelled, 'nn')}.",
        )
    if involvement.data.get("period_adequate") is not True:
        return fails(
            "Fristen jevnet ikke ut forspranget.",
            "The period did not level the lead.",
            nn="Fristen jamna ikkje ut forspranget.",
        )
    if involvement.data.get("cured") is True:
        return holds(
            f"{len(measures)} tiltak jevner ut.",
            f"{len(measures)} measures level it.",
            nn=f"{len(measures)} tiltak jamnar ut.",
        )
    heard = said(involvement.data, "heard_at") and said(involvement.data, "statement")
    return fails(
        "Fordelen kan ikke jevnes ut: leverandøren skal avvises"
        + ("." if heard else ", etter å være hørt."),
        "The advantage cannot be levelled: the supplier must be rejected"
        + ("." if heard else ", after being heard."),
        "FOA § 24-2(1) d",
        nn="Føremonen kan ikkje jamnast ut: leverandøren skal avvisast"
        + ("." if heard else ", etter å vere høyrd."),
    )


def still_qualified(facts: Facts) -> Verdict:
    """Whoever is to get a contract passed the newest check, and nothing has changed since then."""
    concerned = (facts.scope,) if facts.scope else _chosen(facts)
    if not concerned:
        return pending(facts, "award")
    changed = facts.firms_of(each for each in concerned if _changed_since_checked(facts, each))
    if changed:
        return fails(
            f"Må kontrolleres på nytt: {listed(changed, 'nb')}.",
            f"Must be checked again: {listed(changed, 'en')}.",
            nn=f"Må kontrollerast på nytt: {listed(changed, 'nn')}.",
        )
    out = facts.firms_of(each for each in concerned if _newest_check(facts, each) != QUALIFIED)
    if out:
        return fails(
            f"Ikke kvalifisert: {listed(out, 'nb')}.",
            f"Not qualified: {listed(out, 'en')}.",
            nn=f"Ikkje kvalifisert: {listed(out, 'nn')}.",
        )
    return holds(
        f"{len(concerned)} leverandører er kvalifisert.",
        f"{len(concerned)} suppliers qualify.",
        nn=f"{len(concerned)} leverandørar er kvalifisert.",
    )


def _chosen(facts: Facts) -> tuple[str, ...]:
    """Those of the award, or the winner of a design contest that is chosen for a contract."""
    award = own_form(facts, "award", "winners", "chosen")
    choice = award or own_form(facts, "follow-on-decision", "chosen") or {}
    chosen = said(choice, "chosen")
    return (chosen,) if chosen else tuple(names(choice, "winners"))


def _newest_check(facts: Facts, supplier: str) -> str:
    made = facts.decided("D6", supplier)
    return made[-1].option if made else ""


def _changed_since_checked(facts: Facts, supplier: str) -> bool:
    made = facts.decided("D6", supplier)
    return any(
        said(change.data, "supplier") == supplier and (not made or change.at > made[-1].at)
        for change in facts.all("supplier-change")
    )


def candidates_scored(facts: Facts, selection: Mapping[str, Any]) -> Verdict:
    candidates = entries(selection, "candidates")
    qualified = set(names(facts.variables, "qualified"))
    ranked = {supplier_of(row) for row in candidates if whole(row, "rank") is not None}
    unranked = facts.firms_of(qualified - ranked)
    if unranked or not candidates:
        return fails(
            f"Uten plass: {listed(unranked, 'nb')}.",
            f"Not ranked: {listed(unranked, 'en')}.",
            nn=f"Utan plass: {listed(unranked, 'nn')}.",
        )
    asked = {supplier_of(row) for row in candidates}
    strangers = facts.firms_of(asked - qualified) if qualified else []
    if strangers:
        return fails(
            f"Ikke kvalifisert: {listed(strangers, 'nb')}.",
            f"Not qualified: {listed(strangers, 'en')}.",
            nn=f"Ikkje kvalifisert: {listed(strangers, 'nn')}.",
        )
    unreasoned = sum(not said(score, "reason") for score in entries(selection, "scores"))
    if unreasoned:
        return fails(
            f"{unreasoned} poeng mangler grunn.",
            f"{unreasoned} scores lack a reason.",
            nn=f"{unreasoned} poeng manglar grunn.",
        )
    foreign = _unpublished(facts, selection)
    if foreign or selection.get("published_only") is not True:
        return fails(
            f"Ikke bare de kunngjorte kriteriene er brukt. {listed(foreign, 'nb')}".strip(),
            f"Not only the published criteria were used. {listed(foreign, 'en')}".strip(),
            nn=f"Ikkje berre dei kunngjorde kriteria er brukt. {listed(foreign, 'nn')}".strip(),
        )
    return holds(
        f"{len(candidates)} kandidater er rangert etter kunngjorte kriterier.",
        f"{len(candidates)} candidates are ranked by published criteria.",
        nn=f"{len(candidates)} kandidatar er rangert etter kunngjorde kriterium.",
    )


def _unpublished(facts: Facts, selection: Mapping[str, Any]) -> list[str]:
    documents = facts.latest(DOCUMENTS)
    published = (
        {said(row, "criterion") for row in entries(documents.data, "selection")}
        if documents
        else set()
    )
    used = {said(score, "criterion") for score in entries(selection, "scores")}
    return sorted(used - published) if published else []


def minimum_invited_reached(facts: Facts, selection: Mapping[str, Any]) -> Verdict:
    row = minimum_invited(facts)
    needed = max(whole(facts.variables, "minimum_invited") or 0, row.amount if row else 1)
    invited = sum(each.get("invite") is True for each in entries(selection, "candidates"))
    verdict = holds if invited >= needed else fails
    return verdict(
        f"{invited} inviteres; minst {needed} er kunngjort.",
        f"{invited} are invited; at least {needed} were announced.",
        nn=f"{invited} blir invitert; minst {needed} er kunngjort.",
    )


def same_invitation(facts: Facts) -> Verdict:
    invitations = facts.all("invitation")
    if not invitations:
        return missing("invitation")
    first, *others = [dict(invitation.data) for invitation in invitations]
    if any(other != first for other in others):
        return fails(
            "Invitasjonene er ulike.", "The invitations differ.", nn="Invitasjonane er ulike."
        )
    return holds(
        "Alle får samme invitasjon.", "All get the same invitation.", nn="Alle får same invitasjon."
    )


RULES = (
    Rule(
        "requirements-answered",
        text(
            "Alle krav er vurdert og oppfylt",
            "Every requirement is assessed and met",
            nn="Alle krav er vurdert og oppfylt",
        ),
        "FOA § 24-2(1)",
        (EVALUATOR, PROCUREMENT_LEAD),
        with_form("qualification", requirements_answered),
    ),
    Rule(
        "exclusion-checked",
        text(
            "Avvisningsgrunner er vurdert",
            "Grounds of exclusion are checked",
            nn="Avvisingsgrunnar er vurdert",
        ),
        "FOA § 24-2",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("qualification", exclusion_checked),
    ),
    Rule(
        "prior-involvement-cured",
        text(
            "Medvirkning i forberedelsen er jevnet ut",
            "Prior involvement is levelled",
            nn="Medverknad i førebuinga er jamna ut",
        ),
        "FOA §§ 12-2, 24-2(1) d",
        (LEGAL, PROCUREMENT_LEAD),
        with_form("qualification", prior_involvement_cured),
    ),
    Rule(
        "suppliers-still-qualified",
        text(
            "De valgte er fortsatt kvalifisert",
            "The chosen are still qualified",
            nn="Dei valde er framleis kvalifisert",
        ),
        "FOA §§ 16-1, 24-2",
        (PROCUREMENT_LEAD, EVALUATOR),
        still_qualified,
    ),
    Rule(
        "candidates-scored",
        text(
            "Kandidatene er rangert etter kunngjorte kriterier",
            "Candidates are ranked as published",
            nn="Kandidatane er rangert etter kunngjorde kriterium",
        ),
        "FOA § 16-12(2)",
        (EVALUATOR,),
        with_form("selection", candidates_scored),
    ),
    Rule(
        "minimum-invited-reached",
        text(
            "Minste antall er nådd", "The minimum number is reached", nn="Det minste talet er nådd"
        ),
        "FOA § 16-12(3)",
        (PROCUREMENT_LEAD, EVALUATOR),
        with_form("selection", minimum_invited_reached),
    ),
    Rule(
        "same-invitation",
        text(
            "Samme invitasjon til alle", "The same invitation to all", nn="Same invitasjon til alle"
        ),
        "FOA § 23-10(1)",
        (PROCUREMENT_LEAD,),
        same_invitation,
    ),
)
