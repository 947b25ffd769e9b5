"""Verification and the purchase option (IP22, IP23)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.procurement.facts import Facts
from engine.procurement.reading import entries, number, said, whole
from engine.procurement.rules.documents import DOCUMENTS
from engine.procurement.rules.rule import (
    NEED_OWNER,
    PROCUREMENT_LEAD,
    SUBJECT_EXPERT,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    unstated,
    with_form,
)
from engine.procurement.text import LANGUAGES, kroner, listed, text


def performance_measured(facts: Facts) -> Verdict:
    documents = facts.latest(DOCUMENTS)
    if documents is None:
        return missing(DOCUMENTS)
    if facts.of_branch("verification") is None:
        return missing("verification")
    measured = _measured(facts, "verification")
    levels = [said(level, "metric") for level in entries(documents.data, "performance_levels")]
    unmeasured = [metric for metric in levels if metric not in measured]
    verdict = fails if unmeasured or not levels else holds
    return verdict(
        f"{len(levels) - len(unmeasured)} av {len(levels)} ytelsesnivåer er målt.",
        f"{len(levels) - len(unmeasured)} of {len(levels)} performance levels are measured.",
        nn=f"{len(levels) - len(unmeasured)} av {len(levels)} ytingsnivå er målt.",
    )


def purchase_allowed(facts: Facts) -> Verdict:
    """Every agreed level is reached and the cost is within the maximum of the documents.

    Levels and maximum are those of the procurement documents, whatever the assessment repeats;
    where verification and assessment differ, the poorer figure counts.
    """
    documents = facts.latest(DOCUMENTS)
    if documents is None:
        return missing(DOCUMENTS)
    if facts.of_branch("purchase-assessment") is None:
        return missing("purchase-assessment")
    levels = entries(documents.data, "performance_levels")
    highest, cost = whole(documents.data, "max_cost"), _cost(facts)
    if not levels or highest is None:
        return unstated(
            DOCUMENTS,
            {
                "max_cost": text(
                    "nivåer og høyeste kostnad", "levels and cost", nn="nivå og høgaste kostnad"
                )
            },
        )
    if cost is None:
        return unstated(
            "purchase-assessment", {"cost": text("kostnaden", "the cost", nn="kostnaden")}
        )
    below = _below(facts, levels)
    verdict = holds if not below and cost <= highest else fails
    lacking = (
        {language: listed(below, language) for language in LANGUAGES}
        if below
        else text("ingen", "none", nn="ingen")
    )
    return verdict(
        f"Under avtalt nivå: {lacking['nb']}. Kostnad {kroner(cost, 'nb')}, høyest "
        f"{kroner(highest, 'nb')}.",
        f"Below the agreed level: {lacking['en']}. Cost {kroner(cost, 'en')}, maximum "
        f"{kroner(highest, 'en')}.",
        nn=(
            f"Under avtalt nivå: {lacking['nn']}. Kostnad {kroner(cost, 'nn')}, høgst "
            f"{kroner(highest, 'nn')}."
        ),
    )


def _below(facts: Facts, levels: tuple[Mapping[str, Any], ...]) -> list[str]:
    """The metrics that were not measured, or measured below their level."""
    assessed = _measured(facts, "purchase-assessment")
    verified = _measured(facts, "verification")
    below = []
    for level in levels:
        metric, least = said(level, "metric"), number(level, "min")
        figures = [found[metric] for found in (assessed, verified) if metric in found]
        if least is None or not figures or min(figures) < least:
            below.append(metric)
    return below


def _measured(facts: Facts, form: str) -> Mapping[str, Decimal]:
    submission = facts.of_branch(form)
    rows = entries(submission.data, "performance") if submission else ()
    return {
        said(row, "metric"): value for row in rows if (value := number(row, "measured")) is not None
    }


def _cost(facts: Facts) -> int | None:
    stated = [
        amount
        for form, field in (("purchase-assessment", "cost"), ("verification", "full_cost"))
        if (submission := facts.of_branch(form)) is not None
        and (amount := whole(submission.data, field)) is not None
    ]
    return max(stated, default=None)


def need_unchanged(_: Facts, assessment: Mapping[str, Any]) -> Verdict:
    reason = said(assessment, "need_reason")
    if assessment.get("need_unchanged") is not True:
        return fails(
            f"Behovet er endret. {reason}".strip(),
            f"The need has changed. {reason}".strip(),
            nn=f"Behovet er endra. {reason}".strip(),
        )
    return holds(
        f"Behovet er uendret. {reason}".strip(),
        f"The need stands. {reason}".strip(),
        nn=f"Behovet er uendra. {reason}".strip(),
    )


def within_announced_volume(facts: Facts) -> Verdict:
    assessment, estimate = facts.of_branch("purchase-assessment"), facts.latest("estimated-value")
    if assessment is None:
        return missing("purchase-assessment")
    volume, announced = (number(assessment.data, key) for key in ("volume", "announced_volume"))
    if volume is None or announced is None:
        return unstated("purchase-assessment", {"volume": text("volum", "the volume", nn="volum")})
    if volume > announced:
        return fails(
            f"Volum {volume} er mer enn de kunngjorte {announced}: ny konkurranse.",
            f"Volume {volume} exceeds the announced {announced}: a new competition.",
            nn=f"Volum {volume} er meir enn dei kunngjorde {announced}: ny konkurranse.",
        )
    amount = whole(facts.draft, "amount") if facts.draft is not None else None
    if amount is not None and estimate is not None:
        ceiling = sum(whole(estimate.data, part) or 0 for part in ("purchase_est", "options"))
        if amount > ceiling:
            return fails(
                f"Kjøpet er {kroner(amount, 'nb')}, anslaget {kroner(ceiling, 'nb')}.",
                f"The purchase is {kroner(amount, 'en')}, the estimate {kroner(ceiling, 'en')}.",
                nn=f"Kjøpet er {kroner(amount, 'nn')}, anslaget {kroner(ceiling, 'nn')}.",
            )
    return holds(
        f"Volum {volume} av kunngjorte {announced}.",
        f"Volume {volume} of the announced {announced}.",
        nn=f"Volum {volume} av kunngjorde {announced}.",
    )


RULES = (
    Rule(
        "performance-measured",
        text("Ytelsen er målt", "The performance is measured", nn="Ytinga er målt"),
        "FOA § 26-8(7)",
        (NEED_OWNER, SUBJECT_EXPERT),
        performance_measured,
    ),
    Rule(
        "purchase-allowed",
        text(
            "Ytelse og kostnad tillater kjøp",
            "Performance and cost allow the purchase",
            nn="Yting og kostnad tillèt kjøp",
        ),
        "FOA § 26-8(7)",
        (NEED_OWNER,),
        purchase_allowed,
    ),
    Rule(
        "need-unchanged",
        text("Behovet er uendret", "The need is unchanged", nn="Behovet er uendra"),
        "god praksis / good practice",
        (NEED_OWNER,),
        with_form("purchase-assessment", need_unchanged),
    ),
    Rule(
        "within-announced-volume",
        text(
            "Innenfor kunngjort volum", "Within the announced volume", nn="Innanfor kunngjort volum"
        ),
        "FOA §§ 26-8(3), 28-1",
        (NEED_OWNER, PROCUREMENT_LEAD),
        within_announced_volume,
    ),
)
