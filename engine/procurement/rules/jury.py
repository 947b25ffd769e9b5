"""The jury of a design contest: who sits in it, that it stays independent, and its opinion (DC3,
DC6). The members in office stand in the process data, as replacements left them."""

from collections.abc import Mapping
from typing import Any, Final

from engine.procurement.facts import Facts, SubmissionFact
from engine.procurement.impartiality import settled_outcome
from engine.procurement.periods import oslo_day
from engine.procurement.reading import entries, names, said, whole
from engine.procurement.ruledata import rule_row
from engine.procurement.rules.rule import (
    EVALUATOR,
    LEGAL,
    NEED_OWNER,
    PROCUREMENT_LEAD,
    RECEIVING_OFFICER,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    own_form,
    pending,
    unstated,
)
from engine.procurement.text import listed, text

LAW: Final = "FOA § 31-4"
_CLEARED: Final = ("cleared", "cleared_with_measures")


def jurors(facts: Facts) -> tuple[Mapping[str, Any], ...]:
    """The members of the jury in office: rows with `person` and `qualified`."""
    return entries(facts.variables, "jurors")


def _people(facts: Facts) -> list[str]:
    return [person for row in jurors(facts) if (person := said(row, "person"))]


def jury_composed(facts: Facts) -> Verdict:
    """Natural persons of the team; where participants need a qualification, a third have it too."""
    rules = facts.latest("contest-rules")
    if rules is None:
        return missing("contest-rules")
    people = _people(facts)
    today = oslo_day(facts.now)
    seated = {
        member.person
        for member in facts.members
        if member.role == EVALUATOR and member.active(today)
    }
    unseated = facts.names_of(set(people) - seated)
    if len(set(people)) < 2 or unseated:
        return fails(
            f"{len(set(people))} medlemmer; uten plass som jurymedlem i teamet: "
            f"{listed(unseated, 'nb')}.",
            f"{len(set(people))} members; without a seat as juror in the team: "
            f"{listed(unseated, 'en')}.",
            nn=(
                f"{len(set(people))} medlemmer; utan plass som jurymedlem i teamet: "
                f"{listed(unseated, 'nn')}."
            ),
        )
    return _qualified(facts, rules.data)


def _qualified(facts: Facts, rules: Mapping[str, Any]) -> Verdict:
    members = jurors(facts)
    if rules.get("qualification_required") is not True:
        return holds(
            f"{len(members)} fysiske personer; ingen særskilt kvalifikasjon kreves av deltakerne.",
            f"{len(members)} natural persons; participants need no particular qualification.",
            nn=(
                f"{len(members)} fysiske personar; ingen særskild kvalifikasjon blir "
                "kravd av deltakarane."
            ),
        )
    one_in = rule_row("jury-qualified-one-in", facts.rules_at).amount
    qualified = sum(row.get("qualified") is True for row in members)
    verdict = holds if qualified * one_in >= len(members) else fails
    return verdict(
        f"{qualified} av {len(members)} har kvalifikasjonen som kreves av deltakerne; det må være "
        f"minst én av {one_in}.",
        f"{qualified} of {len(members)} have the qualification that participants need; at least "
        f"one in {one_in} must.",
        nn=(
            f"{qualified} av {len(members)} har kvalifikasjonen som blir kravd av "
            f"deltakarane; det må vere minst éin av {one_in}."
        ),
    )


def jury_independent(facts: Facts) -> Verdict:
    """Each member has declared since the jury was proposed, and somebody else has cleared it."""
    proposal = facts.latest("jury-proposal")
    if proposal is None:
        return missing("jury-proposal")
    outcomes = {
        said(declared.data, "person") or declared.by: settled_outcome(declared.data, declared.by)
        for declared in facts.all("impartiality")
        if declared.at >= proposal.at
    }
    unclear = facts.names_of(
        person for person in _people(facts) if outcomes.get(person) not in _CLEARED
    )
    if unclear or not _people(facts):
        return fails(
            f"Uavhengighet er ikke avklart for {listed(unclear, 'nb')}.",
            f"Independence is not settled for {listed(unclear, 'en')}.",
            nn=f"Uavhengnad er ikkje avklart for {listed(unclear, 'nn')}.",
        )
    return holds(
        f"Uavhengighet er avklart for {len(_people(facts))} medlemmer.",
        f"Independence is settled for {len(_people(facts))} members.",
        nn=f"Uavhengnad er avklart for {len(_people(facts))} medlemmer.",
    )


def receiver_not_juror(facts: Facts) -> Verdict:
    """Whoever receives projects, and so knows who is behind them, never judges them."""
    today = oslo_day(facts.now)
    receivers = {
        member.person
        for member in facts.members
        if member.role == RECEIVING_OFFICER and member.active(today)
    }
    receivers.update(received.by for received in facts.all("project-receipts"))
    both = facts.names_of(receivers & set(_people(facts)))
    if both:
        return fails(
            f"Både mottaker og jurymedlem: {listed(both, 'nb')}.",
            f"Both receiving officer and juror: {listed(both, 'en')}.",
            nn=f"Både mottakar og jurymedlem: {listed(both, 'nn')}.",
        )
    if not receivers:
        return fails(
            "Teamet har ingen mottaksansvarlig.",
            "The team has no receiving officer.",
            nn="Teamet har ingen mottaksansvarleg.",
        )
    return holds(
        "Den som mottar, sitter ikke i juryen.",
        "Whoever receives is not in the jury.",
        nn="Den som tek imot, sitter ikkje i juryen.",
    )


def every_juror_reviewed(facts: Facts) -> Verdict:
    """Each member has studied the projects alone, since the jury or the field last changed."""
    since = max((breach.at for breach in facts.all("anonymity-assessment")), default=None)
    reviewed = {
        made.by
        for made in facts.all("jury-assessment")
        if (since is None or made.at > since) and made.data.get("own_assessment") is True
    }
    waiting = facts.names_of(person for person in _people(facts) if person not in reviewed)
    if waiting or not _people(facts):
        return fails(
            f"Har ikke vurdert på egen hånd: {listed(waiting, 'nb')}.",
            f"Have not assessed on their own: {listed(waiting, 'en')}.",
            nn=f"Har ikkje vurdert på eigen hand: {listed(waiting, 'nn')}.",
        )
    return holds(
        f"{len(_people(facts))} medlemmer har vurdert på egen hånd.",
        f"{len(_people(facts))} members have assessed on their own.",
        nn=f"{len(_people(facts))} medlemmer har vurdert på eigen hand.",
    )


def questions_minuted(facts: Facts) -> Verdict:
    """What was asked of a project is minuted in full, under its code."""
    discussion = facts.latest("jury-discussion")
    if discussion is None:
        return missing("jury-discussion")
    asked = {said(row, "code") for row in entries(discussion.data, "questions")} - {""}
    minuted = {
        minutes.scope
        for minutes in facts.all("jury-minutes")
        if minutes.at > discussion.at
        and minutes.data.get("complete") is True
        and minutes.data.get("names_withheld") is True
    }
    bare = sorted(asked - minuted)
    if bare:
        return fails(
            f"Fullstendig referat mangler for {listed(bare, 'nb')}.",
            f"Complete minutes are missing for {listed(bare, 'en')}.",
            nn=f"Fullstendig referat manglar for {listed(bare, 'nn')}.",
        )
    return holds(
        f"{len(asked)} prosjekter fikk spørsmål; alt er ført i referat.",
        f"{len(asked)} projects were asked; all of it is in the minutes.",
        nn=f"{len(asked)} prosjekt fekk spørsmål; alt er ført i referat.",
    )


def anonymity_kept(facts: Facts) -> Verdict:
    """Every sign that somebody can be recognised was reported, and every report assessed."""
    reports, assessed = facts.all("anonymity-breach"), facts.all("anonymity-assessment")
    reported = {said(report.data, "code") for report in reports}
    suspected = {
        said(row, "code")
        for made in facts.all("jury-assessment")
        for row in entries(made.data, "recognised")
    } - {""}
    unreported = sorted(suspected - reported)
    if unreported:
        return fails(
            f"Juryen kan kjenne igjen {listed(unreported, 'nb')}, og det er ikke meldt.",
            f"The jury may recognise {listed(unreported, 'en')}, and nobody has reported it.",
            nn=f"Juryen kan kjenne att {listed(unreported, 'nn')}, og det er ikkje meld.",
        )
    waiting = sum(not any(each.at > report.at for each in assessed) for report in reports)
    if waiting:
        return fails(
            f"{waiting} meldte brudd på anonymiteten er ikke vurdert.",
            f"{waiting} reported breaches of anonymity are not assessed.",
            nn=f"{waiting} melde brot på anonymiteten er ikkje vurdert.",
        )
    return holds(
        f"Anonymiteten er bevart; {len(reports)} meldte brudd er vurdert.",
        f"Anonymity is kept; {len(reports)} reported breaches are assessed.",
        nn=f"Anonymiteten er bevart; {len(reports)} melde brot er vurdert.",
    )


def anonymity_can_stand(facts: Facts) -> Verdict:
    """Going on as before takes that nobody in the jury knows who is behind the project."""
    form = own_form(facts, "anonymity-assessment", "identified")
    if form is None:
        return pending(facts, "anonymity-assessment")
    if form.get("identified") is not False:
        return fails(
            "Noen i juryen vet hvem som står bak: bytt medlemmet eller avvis prosjektet.",
            "Somebody in the jury knows who is behind it: replace the member or reject it.",
            nn="Nokon i juryen veit kven som står bak: bytt medlemmet eller avvis prosjektet.",
        )
    if not said(form, "assessment"):
        return unstated(
            "anonymity-assessment",
            {"assessment": text("vurderingen", "the assessment", nn="vurderinga")},
        )
    return holds(said(form, "assessment"), said(form, "assessment"), nn=said(form, "assessment"))


def standing(facts: Facts) -> set[str]:
    """Codes of the projects in the contest: those rejected or withdrawn are out."""
    withdrawn = {said(each.data, "code") for each in facts.all("project-withdrawal")}
    return set(names(facts.variables, "projects")) - withdrawn


def ranking_by_criteria(facts: Facts) -> Verdict:
    """Every project that stands is ranked once, with its reason, by the announced criteria."""
    report = facts.latest("jury-report")
    if report is None:
        return missing("jury-report")
    rows = entries(report.data, "ranking")
    ranked = [said(row, "code") for row in rows if whole(row, "rank") and said(row, "reason")]
    wanted = standing(facts)
    gaps, strangers = sorted(wanted - set(ranked)), sorted(set(ranked) - wanted)
    if gaps or strangers or len(ranked) != len(set(ranked)) or not wanted:
        return fails(
            f"Ikke rangert med grunn: {listed(gaps, 'nb')}; er ikke med: "
            f"{listed(strangers, 'nb')}.",
            f"Not ranked with a reason: {listed(gaps, 'en')}; not in the contest: "
            f"{listed(strangers, 'en')}.",
            nn=(
                f"Ikkje rangert med grunn: {listed(gaps, 'nn')}; er ikkje med: "
                f"{listed(strangers, 'nn')}."
            ),
        )
    if report.data.get("criteria_only") is not True:
        return fails(
            "Det er ikke bekreftet at bare de kunngjorte kriteriene er brukt.",
            "Nobody has confirmed that only the announced criteria were used.",
            nn="Det er ikkje stadfesta at berre dei kunngjorde kriteria er brukt.",
        )
    return holds(
        f"{len(ranked)} prosjekter er rangert etter kriteriene.",
        f"{len(ranked)} projects are ranked by the criteria.",
        nn=f"{len(ranked)} prosjekt er rangert etter kriteria.",
    )


def jury_opinion_signed(facts: Facts) -> Verdict:
    """All members in office have signed the newest record of the jury."""
    report = facts.latest("jury-report")
    if report is None:
        return missing("jury-report")
    signed = {each.by for each in _signatures(facts, report)}
    waiting = facts.names_of(person for person in _people(facts) if person not in signed)
    if waiting or not _people(facts):
        return fails(
            f"Ikke signert av {listed(waiting, 'nb')}.",
            f"Not signed by {listed(waiting, 'en')}.",
            nn=f"Ikkje signert av {listed(waiting, 'nn')}.",
        )
    return holds(
        f"Signert av alle {len(_people(facts))} medlemmer.",
        f"Signed by all {len(_people(facts))} members.",
        nn=f"Signert av alle {len(_people(facts))} medlemmer.",
    )


def _signatures(facts: Facts, report: SubmissionFact) -> list[SubmissionFact]:
    return [
        each
        for each in facts.all("jury-signature")
        if each.at > report.at and each.data.get("signed") is True
    ]


RULES = (
    Rule(
        "jury-composed",
        text(
            "Juryen er rett sammensatt",
            "The jury is rightly composed",
            nn="Juryen er rett samansett",
        ),
        f"{LAW}(1)",
        (NEED_OWNER, PROCUREMENT_LEAD),
        jury_composed,
    ),
    Rule(
        "jury-independent",
        text(
            "Juryens medlemmer er uavhengige",
            "The members of the jury are independent",
            nn="Medlemmene i juryen er uavhengige",
        ),
        f"{LAW}(1)-(2); § 7-5",
        (PROCUREMENT_LEAD,),
        jury_independent,
    ),
    Rule(
        "receiver-not-juror",
        text(
            "Den som mottar, er ikke i juryen",
            "Whoever receives is not in the jury",
            nn="Den som tek imot, er ikkje i juryen",
        ),
        f"{LAW}(3)",
        (PROCUREMENT_LEAD,),
        receiver_not_juror,
    ),
    Rule(
        "every-juror-reviewed",
        text(
            "Alle i juryen har vurdert selv",
            "Every juror has assessed alone",
            nn="Alle i juryen har vurdert sjølv",
        ),
        f"{LAW}(2)",
        (EVALUATOR,),
        every_juror_reviewed,
    ),
    Rule(
        "questions-minuted",
        text(
            "Spørsmål og svar er ført i referat",
            "Questions and answers are minuted",
            nn="Spørsmål og svar er ført i referat",
        ),
        f"{LAW}(5)",
        (RECEIVING_OFFICER,),
        questions_minuted,
    ),
    Rule(
        "anonymity-kept",
        text("Anonymiteten er bevart", "Anonymity is kept", nn="Anonymiteten er bevart"),
        f"{LAW}(3)",
        (EVALUATOR, PROCUREMENT_LEAD),
        anonymity_kept,
    ),
    Rule(
        "anonymity-can-stand",
        text(
            "Ingen i juryen vet hvem som står bak",
            "Nobody in the jury knows who is behind it",
            nn="Ingen i juryen veit kven som står bak",
        ),
        f"{LAW}(3)",
        (PROCUREMENT_LEAD, LEGAL),
        anonymity_can_stand,
    ),
    Rule(
        "ranking-by-criteria",
        text(
            "Alle er rangert etter kriteriene",
            "All are ranked by the criteria",
            nn="Alle er rangert etter kriteria",
        ),
        f"{LAW}(4)",
        (EVALUATOR,),
        ranking_by_criteria,
    ),
    Rule(
        "jury-opinion-signed",
        text(
            "Juryens protokoll er signert av alle",
            "The record of the jury is signed by all",
            nn="Protokollen til juryen er signert av alle",
        ),
        f"{LAW}(4)",
        (EVALUATOR,),
        jury_opinion_signed,
    ),
)
