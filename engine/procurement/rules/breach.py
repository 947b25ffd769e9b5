"""A breach of confidentiality (E10): stopped, told, assessed; the competition waits meanwhile."""

from collections.abc import Mapping
from typing import Any, Final

from engine.procurement.facts import Facts
from engine.procurement.reading import moment, said
from engine.procurement.rules.rule import (
    LEGAL,
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
from engine.procurement.text import long_date, text
from engine.procurement.time_limits import time_limit

BREACH_GATE: Final = "decide-breach"
BREACH: Final = "confidentiality-breach"
DATA_PROTECTION_OFFICER: Final = "data-protection-officer"


def breach_contained(facts: Facts) -> Verdict:
    containment, reported = facts.latest("breach-containment"), facts.latest(BREACH)
    if containment is None or (reported is not None and containment.at < reported.at):
        return missing("breach-containment")
    if containment.data.get("access_removed") is not True or not said(containment.data, "stopped"):
        return fails(
            "Spredningen er ikke stoppet.",
            "The spreading has not been stopped.",
            nn="Spreiinga er ikkje stoppa.",
        )
    return holds(
        f"Stoppet: {said(containment.data, 'stopped')}",
        f"Stopped: {said(containment.data, 'stopped')}",
        nn=f"Stoppa: {said(containment.data, 'stopped')}",
    )


def breach_notified(facts: Facts, breach: Mapping[str, Any]) -> Verdict:
    """With personal data in it the authority is told within 72 hours, or a reason says why not."""
    if breach.get("personal_data") is not True:
        return holds(
            "Bruddet gjelder ikke personopplysninger.",
            "No personal data is concerned.",
            nn="Brotet gjeld ikkje personopplysningar.",
        )
    found, told = moment(breach.get("found_at")), facts.latest("breach-notification")
    if found is None:
        return unstated(BREACH, {"found_at": text("tidspunktet", "the time", nn="tidspunktet")})
    if told is None:
        return missing("breach-notification")
    if said(told.data, "notify") != "authority":
        return holds(
            f"Ikke meldt: {said(told.data, 'reason')}",
            f"Not notified: {said(told.data, 'reason')}",
            nn=f"Ikkje meld: {said(told.data, 'reason')}",
        )
    limit = time_limit("personal-data-breach", found, facts.rules_at)
    notified = moment(told.data.get("notified_at")) or told.at
    if notified > limit.ends_at and not said(told.data, "delay_reason"):
        return fails(
            "Meldt etter 72 timer, og grunnen mangler.",
            "Notified after 72 hours, and the reason is missing.",
            limit.citation,
            nn="Meld etter 72 timar, og grunnen manglar.",
        )
    return holds(
        f"Meldt {long_date(notified.date(), 'nb')}.",
        f"Notified on {long_date(notified.date(), 'en')}.",
        limit.citation,
        nn=f"Meld {long_date(notified.date(), 'nn')}.",
    )


def breach_cured(facts: Facts) -> Verdict:
    """Nobody has an advantage any more, or never had one."""
    assessment = own_form(facts, "breach-assessment", "distorts")
    if assessment is None:
        return pending(facts, "breach-assessment")
    if not said(assessment, "reason"):
        return unstated(
            "breach-assessment", {"reason": text("begrunnelse", "the reason", nn="grunngiving")}
        )
    if assessment.get("suppliers_told") is not True:
        return fails(
            "Den det gjelder, har ikke fått beskjed.",
            "The owner has not been told.",
            nn="Den det gjeld, har ikkje fått beskjed.",
        )
    if assessment.get("distorts") is not True:
        return holds(
            "Konkurransen er ikke vridd.",
            "Competition is not distorted.",
            nn="Konkurransen er ikkje vridd.",
        )
    if assessment.get("cured") is True and said(assessment, "measures"):
        return holds(
            f"Avhjulpet: {said(assessment, 'measures')}",
            f"Cured: {said(assessment, 'measures')}",
            nn=f"Retta opp: {said(assessment, 'measures')}",
        )
    return fails(
        "Bruddet vrir konkurransen og er ikke avhjulpet.",
        "The breach distorts competition and is not cured.",
        nn="Brotet vrir konkurransen og er ikkje retta opp.",
    )


def no_open_breach(facts: Facts) -> Verdict:
    """Each breach that was reported has been decided with the competition going on."""
    reported = len(facts.all(BREACH))
    settled = sum(
        made.task == BREACH_GATE and made.option == "continue" for made in facts.decided("D11")
    )
    if reported > settled:
        return fails(
            f"{reported - settled} brudd på fortroligheten er ikke avgjort.",
            f"{reported - settled} breaches of confidentiality are not decided.",
            nn=f"{reported - settled} brot på fortrulegheita er ikkje avgjort.",
        )
    return holds(
        f"{reported} brudd er meldt; alle er avgjort.",
        f"{reported} breaches are reported; all are decided.",
        nn=f"{reported} brot er meld; alle er avgjort.",
    )


RULES = (
    Rule(
        "breach-contained",
        text("Bruddet er stoppet", "The breach is stopped", nn="Brotet er stoppa"),
        "FOA § 7-4",
        (PROCUREMENT_LEAD,),
        breach_contained,
    ),
    Rule(
        "breach-notified",
        text(
            "Brudd på personvernet er meldt",
            "A personal data breach is notified",
            nn="Brot på personvernet er meld",
        ),
        "GDPR art. 33(1)",
        (DATA_PROTECTION_OFFICER,),
        with_form(BREACH, breach_notified),
    ),
    Rule(
        "breach-cured",
        text(
            "Ingen har fordel av bruddet",
            "Nobody gains from the breach",
            nn="Ingen har føremon av brotet",
        ),
        "LOA § 4; FOA § 7-4",
        (LEGAL, PROCUREMENT_LEAD),
        breach_cured,
    ),
    Rule(
        "no-open-breach",
        text(
            "Ingen brudd på fortroligheten er åpne",
            "No breach of confidentiality is open",
            nn="Ingen brot på fortrulegheita er opne",
        ),
        "FOA § 7-4; LOA § 4",
        (PROCUREMENT_LEAD, LEGAL),
        no_open_breach,
    ),
)
