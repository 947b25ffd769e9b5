"""Market consultation: the gap, what was shared, and advice that may distort (IP3)."""

from collections.abc import Mapping
from typing import Any

from engine.procurement.facts import Facts
from engine.procurement.reading import entries, said
from engine.procurement.rules.rule import (
    INNOVATION_PARTNERSHIP,
    PROCUREMENT_LEAD,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    unstated,
    with_form,
)
from engine.procurement.text import listed, text


def gap_documented(facts: Facts, report: Mapping[str, Any]) -> Verdict:
    """A partnership needs a gap; other procedures a reasoned answer to whether there is one."""
    exists, stated = report.get("solution_exists"), said(report, "reason")
    if facts.procedure != INNOVATION_PARTNERSHIP and isinstance(exists, bool) and stated:
        return holds(
            f"Markedet er beskrevet: {stated}",
            f"The market is described: {stated}",
            nn=f"Marknaden er skildra: {stated}",
        )
    if exists is True:
        return fails(
            "Rapporten sier at en løsning finnes.",
            "The report says a solution exists.",
            nn="Rapporten seier at ei løysing finst.",
        )
    if exists is not False:
        return unstated(
            "market-report",
            {
                "solution_exists": text(
                    "om en løsning finnes", "whether a solution exists", nn="om ei løysing finst"
                )
            },
        )
    if not stated:
        return unstated(
            "market-report", {"reason": text("begrunnelse", "the reason", nn="grunngiving")}
        )
    return holds(
        f"Ingen løsning finnes: {stated}",
        f"No solution exists: {stated}",
        nn=f"Ingen løysing finst: {stated}",
    )


def shared_information_complete(facts: Facts) -> Verdict:
    to_share = [
        minutes
        for minutes in facts.all("meeting-minutes")
        if said(minutes.data, "type") == "market_121"
        and (minutes.data.get("shares_needed") is True or entries(minutes.data, "shared_to_all"))
    ]
    if not to_share:
        return holds(
            "Ingen møter ga noe å dele.",
            "No meeting gave anything to share.",
            nn="Ingen møte gav noko å dele.",
        )
    shared = facts.latest("shared-information")
    if shared is None:
        return missing("shared-information")
    if shared.at < to_share[-1].at:
        return fails(
            "Et møte etter siste deling ga opplysninger som ikke er delt.",
            "A meeting after the last sharing gave information that has not been shared.",
            nn="Eit møte etter siste deling ga opplysningar som ikkje er delt.",
        )
    if shared.data.get("complete") is not True or not entries(shared.data, "items"):
        return fails(
            "Det er ikke bekreftet at alt er delt med alle.",
            "Nobody has confirmed that everything is shared with all.",
            nn="Det er ikkje stadfesta at alt er delt med alle.",
        )
    count = len(to_share)
    return holds(
        f"Opplysninger fra {count} møter er delt med alle.",
        f"Information from {count} meetings is shared with all.",
        nn=f"Opplysningar frå {count} møte er delt med alle.",
    )


def advisers_countered(_: Facts, report: Mapping[str, Any]) -> Verdict:
    advisers = entries(report, "advisers")
    open_ones = [
        said(adviser, "name") for adviser in advisers if not said(adviser, "countermeasure")
    ]
    if open_ones:
        return fails(
            f"Tiltak mangler for råd fra {listed(open_ones, 'nb')}.",
            f"No countermeasure for the advice of {listed(open_ones, 'en')}.",
            nn=f"Tiltak manglar for råd frå {listed(open_ones, 'nn')}.",
        )
    if said(report, "risks_of_distortion") and not said(report, "mitigation"):
        return unstated(
            "market-report", {"mitigation": text("tiltak", "the mitigation", nn="tiltak")}
        )
    return holds(
        f"{len(advisers)} rådgivere er listet med tiltak.",
        f"{len(advisers)} advisers are listed with countermeasures.",
        nn=f"{len(advisers)} rådgivarar er lista med tiltak.",
    )


RULES = (
    Rule(
        "gap-documented",
        text(
            "Gapet i markedet er dokumentert",
            "The gap in the market is documented",
            nn="Gapet i marknaden er dokumentert",
        ),
        "FOA §§ 13-1(3), 26-8(3)",
        (PROCUREMENT_LEAD,),
        with_form("market-report", gap_documented),
    ),
    Rule(
        "shared-information-complete",
        text(
            "Alle har fått de samme opplysningene",
            "All have had the same information",
            nn="Alle har fått dei same opplysningane",
        ),
        "FOA § 12-2; LOA § 4",
        (PROCUREMENT_LEAD,),
        shared_information_complete,
    ),
    Rule(
        "advisers-countered",
        text(
            "Rådgivere er listet med mottiltak",
            "Advisers are listed with countermeasures",
            nn="Rådgivarar er lista med mottiltak",
        ),
        "FOA § 12-2",
        (PROCUREMENT_LEAD,),
        with_form("market-report", advisers_countered),
    ),
)
