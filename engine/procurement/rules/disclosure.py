"""Access to documents and secrecy in tenders (E9): what may be withheld, why, and until when."""

from collections.abc import Mapping
from typing import Any, Final

from engine.procurement.facts import Facts
from engine.procurement.reading import entries, said
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
from engine.procurement.text import listed, text

UNTIL_CHOICE: Final = "s23_3"
SECRETS: Final = "s13"
CHOSEN: Final = frozenset({"one", "several"})
_UNTIL_CHOICE_KINDS: Final = frozenset({"tender", "protocol"})


def access_grounded(facts: Facts, assessment: Mapping[str, Any]) -> Verdict:
    """Each document that is withheld, whole or in part, has a ground that holds today."""
    rows = entries(assessment, "documents")
    if not rows:
        return unstated(
            "access-assessment", {"documents": text("dokumentene", "the documents", nn="dokumenta")}
        )
    withheld = [row for row in rows if said(row, "outcome") != "give"]
    bare = [said(row, "document") for row in withheld if not said(row, "ground")]
    if bare:
        return fails(
            f"Hjemmel mangler for {listed(bare, 'nb')}.",
            f"No ground for withholding {listed(bare, 'en')}.",
            "offentleglova § 31(1)",
            nn=f"Heimel manglar for {listed(bare, 'nn')}.",
        )
    unfit = _ground_spent(facts, withheld) or _answer_differs(facts, rows)
    if unfit is not None:
        return unfit
    optional = any(said(row, "ground") != SECRETS for row in withheld)
    if optional and assessment.get("wider_access_considered") is not True:
        return fails(
            "Meroffentlighet er ikke vurdert.",
            "Wider access has not been considered.",
            "offentleglova § 11",
            nn="Meiroffentlegheit er ikkje vurdert.",
        )
    return holds(
        f"{len(rows) - len(withheld)} av {len(rows)} dokumenter gis; resten har hjemmel.",
        f"{len(rows) - len(withheld)} of {len(rows)} documents are given; the rest has a ground.",
        nn=f"{len(rows) - len(withheld)} av {len(rows)} dokument blir gitt; resten har heimel.",
    )


def _ground_spent(facts: Facts, withheld: list[Mapping[str, Any]]) -> Verdict | None:
    """§ 23(3) is for tenders and the protocol, and only until the supplier is chosen."""
    until = [row for row in withheld if said(row, "ground") == UNTIL_CHOICE]
    others = [
        said(row, "document") for row in until if said(row, "kind") not in _UNTIL_CHOICE_KINDS
    ]
    if others:
        return fails(
            f"§ 23 tredje ledd gjelder bare tilbud og protokoll, ikke {listed(others, 'nb')}.",
            f"§ 23(3) covers tenders and protocol alone, not {listed(others, 'en')}.",
            nn=f"§ 23 tredje ledd gjeld berre tilbod og protokoll, ikkje {listed(others, 'nn')}.",
        )
    if until and supplier_chosen(facts):
        return fails(
            "Leverandør er valgt: § 23 tredje ledd er ikke lenger hjemmel.",
            "The supplier is chosen: § 23(3) is no ground any more.",
            nn="Leverandør er vald: § 23 tredje ledd er ikkje lenger heimel.",
        )
    return None


def supplier_chosen(facts: Facts) -> bool:
    """The newest decision on the award, if any, names a winner."""
    awards = facts.decided("D10")
    return bool(awards) and awards[-1].option in CHOSEN


def _answer_differs(facts: Facts, rows: tuple[Mapping[str, Any], ...]) -> Verdict | None:
    """The answer is what the assessment of the documents comes to."""
    answer = own_form(facts, "access-answer", "decision")
    if answer is None:
        return None
    outcomes = {said(row, "outcome") for row in rows}
    assessed = "give" if outcomes == {"give"} else "refuse" if outcomes == {"refuse"} else "partly"
    if said(answer, "decision") == assessed:
        return None
    return fails(
        "Svaret stemmer ikke med vurderingen av dokumentene.",
        "The answer disagrees with the assessment of the documents.",
        nn="Svaret stemmer ikkje med vurderinga av dokumenta.",
    )


def secrecy_settled(facts: Facts, assessment: Mapping[str, Any]) -> Verdict:
    """Before anything of a tender is handed out, its secrets are decided, span by span."""
    tenders = [
        row
        for row in entries(assessment, "documents")
        if said(row, "kind") == "tender" and said(row, "outcome") in ("give", "redacted")
    ]
    undecided = [
        said(row, "document")
        for row in tenders
        if facts.latest("secrecy-decision", said(row, "supplier") or "?") is None
    ]
    if undecided:
        return fails(
            f"Leverandøren er ikke hørt om {listed(undecided, 'nb')}.",
            f"The supplier has not been heard on {listed(undecided, 'en')}.",
            nn=f"Leverandøren er ikkje høyrd om {listed(undecided, 'nn')}.",
        )
    bared = [
        said(row, "document")
        for row in tenders
        if said(row, "outcome") == "give" and _secrets(facts, said(row, "supplier"))
    ]
    if bared:
        return fails(
            f"Hemmelige deler må sladdes i {listed(bared, 'nb')}.",
            f"Secret parts must be redacted in {listed(bared, 'en')}.",
            nn=f"Hemmelege delar må sladdast i {listed(bared, 'nn')}.",
        )
    return holds(
        f"{len(tenders)} tilbud gis ut; hemmelige deler er avgjort.",
        f"{len(tenders)} tenders are handed out; their secret parts are decided.",
        nn=f"{len(tenders)} tilbod blir gitt ut; hemmelege delar er avgjort.",
    )


def _secrets(facts: Facts, supplier: str) -> bool:
    decided = facts.latest("secrecy-decision", supplier)
    marks = entries(decided.data, "marks") if decided else ()
    return any(mark.get("secret") is True for mark in marks)


def secrecy_reasoned(facts: Facts) -> Verdict:
    """The buyer decides on each mark with a reason; a whole tender is never secret."""
    marks = facts.of_branch("secrecy-marks")
    if marks is None:
        return missing("secrecy-marks")
    if marks.data.get("whole_document") is True:
        return fails(
            "Hele tilbudet er merket: be om begrunnet sladding.",
            "The whole tender is marked: ask for a reasoned redaction.",
            nn="Heile tilbodet er merkt: be om grunngitt sladding.",
        )
    decision = own_form(facts, "secrecy-decision", "marks")
    if decision is None:
        return pending(facts, "secrecy-decision")
    decided = {said(row, "span"): row for row in entries(decision, "marks")}
    open_spans = [
        span
        for mark in entries(marks.data, "marks")
        if not said(decided.get(span := said(mark, "span"), {}), "reason")
    ]
    if open_spans:
        return fails(
            f"Ikke avgjort med grunn: {listed(open_spans, 'nb')}.",
            f"Not decided with a reason: {listed(open_spans, 'en')}.",
            nn=f"Ikkje avgjort med grunn: {listed(open_spans, 'nn')}.",
        )
    kept = sum(row.get("secret") is True for row in decided.values())
    return holds(
        f"{kept} av {len(decided)} merkede deler er hemmelige.",
        f"{kept} of {len(decided)} marked parts are secret.",
        nn=f"{kept} av {len(decided)} merkte delar er hemmelege.",
    )


RULES = (
    Rule(
        "access-grounded",
        text(
            "Det som holdes tilbake, har hjemmel",
            "What is withheld has a ground",
            nn="Det som blir halde tilbake, har heimel",
        ),
        "offentleglova §§ 13, 23(3)",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("access-assessment", access_grounded),
    ),
    Rule(
        "secrecy-settled",
        text(
            "Forretningshemmeligheter er avgjort",
            "Trade secrets are settled",
            nn="Forretningsløyndomar er avgjort",
        ),
        "FOA § 7-4; offentleglova § 13; forvaltningsloven § 13",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("access-assessment", secrecy_settled),
    ),
    Rule(
        "secrecy-reasoned",
        text(
            "Hver merket del er avgjort med grunn",
            "Each marked part is decided with a reason",
            nn="Kvar merkt del er avgjort med grunn",
        ),
        "FOA § 7-4; forvaltningsloven § 13",
        (LEGAL, PROCUREMENT_LEAD),
        secrecy_reasoned,
    ),
)
