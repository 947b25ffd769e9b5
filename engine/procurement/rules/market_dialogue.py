"""The open market dialogue: conference, one-to-one meetings, hearing, level field (OP3-OP6)."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.procurement.facts import Facts
from engine.procurement.reading import entries, said, whole
from engine.procurement.rules.rule import (
    LEGAL,
    PROCUREMENT_LEAD,
    Rule,
    Verdict,
    fails,
    holds,
    unstated,
    with_form,
)
from engine.procurement.text import listed, text


def conference_published(_: Facts, conference: Mapping[str, Any]) -> Verdict:
    """What was shown and said at the conference is open to those who were not there."""
    questions = entries(conference, "questions")
    unanswered = [row for row in questions if not said(row, "answer")]
    if unanswered:
        return fails(
            f"{len(unanswered)} spørsmål fra konferansen er ikke besvart.",
            f"{len(unanswered)} questions of the conference are not answered.",
            nn=f"{len(unanswered)} spørsmål frå konferansen er ikkje svara på.",
        )
    if conference.get("published") is not True:
        return fails(
            "Materiale og svar er ikke lagt ut.",
            "Material and answers are not published.",
            nn="Materiale og svar er ikkje lagt ut.",
        )
    return holds(
        f"Materialet og {len(questions)} svar er lagt ut for alle.",
        f"The material and {len(questions)} answers are published to all.",
        nn=f"Materialet og {len(questions)} svar er lagt ut for alle.",
    )


def meetings_drawn_equal(facts: Facts, draw: Mapping[str, Any]) -> Verdict:
    """Everyone who wanted a meeting has one of the same length, or the reason is written. Where
    lots were drawn here, the record of it counts, and not what the form says of the same."""
    recorded = facts.market.drawn
    meetings: Sequence[Any] = entries(draw, "meetings") if recorded is None else recorded
    lengths: set[int | None] = (
        {whole(meeting, "minutes") for meeting in meetings} if recorded is None else {*recorded}
    )
    if len(lengths) > 1 or None in lengths:
        return fails(
            "Møtene er ikke like lange.",
            "The meetings are not of equal length.",
            nn="Møta er ikkje like lange.",
        )
    wanted = whole(draw, "wanted") if recorded is None else facts.market.wished
    if wanted is None or not said(draw, "method"):
        return unstated("meeting-draw", {"method": text("trekningen", "the draw", nn="trekkinga")})
    if len(meetings) < wanted and not said(draw, "fewer_reason"):
        return fails(
            f"{wanted} ønsket møte, {len(meetings)} har fått, og grunnen mangler.",
            f"{wanted} wanted a meeting, {len(meetings)} have one, and the reason is missing.",
            nn=f"{wanted} ønskt møte, {len(meetings)} har fått, og grunnen manglar.",
        )
    return holds(
        f"{len(meetings)} av {wanted} har fått like lange møter.",
        f"{len(meetings)} of {wanted} have meetings of equal length.",
        nn=f"{len(meetings)} av {wanted} har fått like lange møte.",
    )


def hearing_answered(facts: Facts, answers: Mapping[str, Any]) -> Verdict:
    inputs = entries(answers, "inputs")
    if waiting := facts.market.unanswered:
        return fails(
            f"{waiting} kommentarer til utkastet venter på svar.",
            f"{waiting} comments on the draft wait for an answer.",
            nn=f"{waiting} kommentarar til utkastet ventar på svar.",
        )
    unanswered = [
        said(row, "topic") or "?"
        for row in inputs
        if said(row, "outcome") not in ("adopt", "reject") or not said(row, "answer")
    ]
    if unanswered:
        return fails(
            f"Svar med grunn mangler for {listed(unanswered, 'nb')}.",
            f"An answer with a reason is missing for {listed(unanswered, 'en')}.",
            nn=f"Svar med grunn manglar for {listed(unanswered, 'nn')}.",
        )
    return holds(
        f"{len(inputs)} innspill er besvart.",
        f"{len(inputs)} inputs are answered.",
        nn=f"{len(inputs)} innspel er svara på.",
    )


def field_levelled(facts: Facts, levelling: Mapping[str, Any]) -> Verdict:
    """All information stands in the documents, everybody on record who had a say has a measure,
    others have time, nobody is excluded unheard."""
    missing_ones = list(facts.unlevelled)
    if missing_ones:
        return fails(
            f"Tiltak mangler for {listed(missing_ones, 'nb')}, som har hatt innflytelse før"
            " konkurransen.",
            f"There is no measure for {listed(missing_ones, 'en')}, who had a say before the"
            " competition.",
            nn=f"Tiltak manglar for {listed(missing_ones, 'nn')}, som har hatt innverknad før"
            " konkurransen.",
        )
    nowhere = [row for row in entries(levelling, "information") if not said(row, "where")]
    if nowhere:
        return fails(
            f"{len(nowhere)} opplysninger fra dialogen står ikke i grunnlaget.",
            f"{len(nowhere)} pieces of information from the dialogue are not in the documents.",
            nn=f"{len(nowhere)} opplysningar frå dialogen står ikkje i grunnlaget.",
        )
    unheard = [
        said(row, "name") or "?"
        for row in entries(levelling, "advisers")
        if said(row, "measure") == "exclude"
        and (row.get("heard") is not True or not said(row, "reason"))
    ]
    if unheard:
        return fails(
            f"{listed(unheard, 'nb')} utelukkes uten å være hørt eller uten grunn.",
            f"{listed(unheard, 'en')} is excluded unheard or without a reason.",
            "FOA §§ 12-2, 24-2(1) d",
            nn=f"{listed(unheard, 'nn')} blir utelukka utan å vere høyrd eller utan grunn.",
        )
    reason = said(levelling, "period_reason")
    if levelling.get("period_adequate") is not True or not reason:
        return fails(
            "Fristen utjevner ikke forspranget.",
            "The period does not level the lead.",
            nn="Fristen jamnar ut ikkje forspranget.",
        )
    return holds(
        f"Konkurransen er jevnet ut: {reason}",
        f"The field is level: {reason}",
        nn=f"Konkurransen er jamna ut: {reason}",
    )


RULES = (
    Rule(
        "conference-published",
        text(
            "Dialogkonferansen er åpen for alle",
            "The dialogue conference is open to all",
            nn="Dialogkonferansen er open for alle",
        ),
        "FOA § 12-2; LOA § 4",
        (PROCUREMENT_LEAD,),
        with_form("dialogue-conference", conference_published),
    ),
    Rule(
        "meetings-drawn-equal",
        text(
            "Møtene er trukket og like lange",
            "The meetings are drawn and equally long",
            nn="Møta er trekt og like lange",
        ),
        "LOA § 4",
        (PROCUREMENT_LEAD,),
        with_form("meeting-draw", meetings_drawn_equal),
    ),
    Rule(
        "hearing-answered",
        text(
            "Alle innspill til utkastet er besvart",
            "All input on the draft is answered",
            nn="Alle innspel til utkastet er svara på",
        ),
        "LOA § 4; god praksis / good practice",
        (PROCUREMENT_LEAD,),
        with_form("hearing-answers", hearing_answered),
    ),
    Rule(
        "field-levelled",
        text(
            "Forspranget fra dialogen er utjevnet",
            "The lead from the dialogue is levelled",
            nn="Forspranget frå dialogen er jamna ut",
        ),
        "FOA § 12-2; Directive 2014/24/EU art. 41",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("level-field", field_levelled),
    ),
)
