"""Dialogue with each supplier about its own solution (CD8, CD9), and what participants are paid."""

from engine.procurement.facts import Facts, PassageFact, ReleaseFact
from engine.procurement.naming import reveals
from engine.procurement.periods import oslo_day
from engine.procurement.reading import entries, names, said, supplier_of, whole
from engine.procurement.rules.documents import DOCUMENTS
from engine.procurement.rules.evaluation import minutes_of_round
from engine.procurement.rules.rule import (
    BUDGET_OWNER,
    LEGAL,
    NEED_OWNER,
    PROCUREMENT_LEAD,
    SUBJECT_EXPERT,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    own_form,
    pending,
)
from engine.procurement.text import kroner, listed, text


def minutes_confirmed(facts: Facts) -> Verdict:
    """Every supplier has confirmed the minutes of its own meetings, or its objection is settled."""
    remaining = names(facts.variables, "remaining")
    if not remaining:
        return fails(
            "Ingen leverandører er igjen.",
            "No suppliers remain.",
            nn="Ingen leverandørar er igjen.",
        )
    without = facts.firms_of(one for one in remaining if not _confirmed(facts, one))
    if without:
        return fails(
            f"Referatet er ikke bekreftet av {listed(without, 'nb')}.",
            f"The minutes are not confirmed by {listed(without, 'en')}.",
            nn=f"Referatet er ikkje stadfesta av {listed(without, 'nn')}.",
        )
    return holds(
        f"Alle {len(remaining)} leverandører har bekreftet sitt referat.",
        f"All {len(remaining)} suppliers have confirmed their minutes.",
        nn=f"Alle {len(remaining)} leverandørar har stadfesta sitt referat.",
    )


def _confirmed(facts: Facts, supplier: str) -> bool:
    minutes = minutes_of_round(facts, supplier)
    return bool(minutes) and minutes[-1].final


def oral_answers_shared(facts: Facts) -> Verdict:
    """What one supplier was told by word of mouth has gone to all, and on the same day."""
    told = [each for each in facts.items if each.oral]
    if not told:
        return holds(
            "Ingen har fått svar alene.",
            "Nobody was answered alone.",
            nn="Ingen har fått svar åleine.",
        )
    unshared = [each for each in told if each.waits]
    if unshared:
        return fails(
            f"{len(unshared)} svar er gitt til én leverandør og ikke delt med alle.",
            f"{len(unshared)} answers were given to one supplier and not shared with all.",
            nn=f"{len(unshared)} svar er gitt til éin leverandør og ikkje delt med alle.",
        )
    shared = [each for each in told if each.released_at]
    late = sum(
        oslo_day(each.released_at) > oslo_day(each.learned_at)
        for each in shared
        if each.released_at
    )
    return holds(
        f"{len(shared)} muntlige svar er delt med alle, {late} av dem senere enn samme dag.",
        f"{len(shared)} oral answers are shared with all, {late} of them later than the same day.",
        nn=f"{len(shared)} munnlege svar er delt med alle, {late} av dei seinare enn same dag.",
    )


def round_information_shared(facts: Facts) -> Verdict:
    """Nothing that one supplier learned and that bears on the competition is kept from the rest."""
    waiting = [str(each.number) for each in facts.items if each.waits]
    if waiting:
        return fails(
            f"Ikke delt med alle: opplysning {listed(waiting, 'nb')}.",
            f"Not shared with all: item {listed(waiting, 'en')}.",
            nn=f"Ikkje delt med alle: opplysning {listed(waiting, 'nn')}.",
        )
    return holds(
        f"{len(facts.items)} opplysninger er delt med alle eller avgjort.",
        f"{len(facts.items)} items are shared with all or settled.",
        nn=f"{len(facts.items)} opplysningar er delte med alle eller avgjorde.",
    )


def confidentiality_kept(facts: Facts) -> Verdict:
    """Nothing that went to all repeats what a supplier had asked to keep, unless that supplier
    agreed to just that: it takes the mark off, or its consent is on record."""
    shown = sum(
        any(kept.since <= each.at and _repeats(each, kept) for each in facts.releases)
        for minutes in facts.minutes
        if not _consented(facts, minutes.scope)
        for kept in minutes.kept
    )
    if shown:
        return fails(
            f"{shown} avsnitt som en leverandør har merket som fortrolig, har gått til alle.",
            f"{shown} passages that a supplier marked as confidential went to all.",
            nn=f"{shown} avsnitt som ein leverandør har merkt som fortruleg, har gått til alle.",
        )
    if any(sent.data.get("anonymised") is False for sent in facts.all("shared-information")):
        agreed = any(_consented(facts, each.scope) for each in facts.all("minutes-confirmation"))
        verdict = holds if agreed else fails
        return verdict(
            "Delt stoff som kan kjennes igjen; særskilt samtykke er "
            f"{'' if agreed else 'ikke '}gitt.",
            "Recognisable matter was shared; specific consent was "
            f"{'' if agreed else 'not '}given.",
            nn=(
                "Delt stoff som kan bli kjent att; særskilt samtykke er "
                f"{'' if agreed else 'ikkje '}gitt."
            ),
        )
    marked = sum(len(minutes.kept) for minutes in facts.minutes)
    return holds(
        f"Ingen av {marked} fortrolige avsnitt står i det alle har fått.",
        f"None of {marked} confidential passages stands in what all were given.",
        nn=f"Ingen av {marked} fortrulege avsnitt står i det alle har fått.",
    )


def _repeats(release: ReleaseFact, kept: PassageFact) -> bool:
    return any(reveals(text, kept.text) for text in release.texts)


def _consented(facts: Facts, scope: str) -> bool:
    """Whether the supplier's own consent to share something of its is on record."""
    return any(
        said(consent, "what")
        for confirmation in facts.all("minutes-confirmation", scope)
        for consent in entries(confirmation.data, "consents")
    )


def solution_meets_needs(facts: Facts) -> Verdict:
    """At least one solution of a supplier that is left can meet the needs, and why."""
    form = own_form(facts, "dialogue-decision", "considerations")
    if form is None:
        return pending(facts, "dialogue-decision")
    remaining = set(names(facts.variables, "remaining"))
    fit = [
        supplier_of(row)
        for row in entries(form, "solutions")
        if row.get("meets_needs") is True and said(row, "reason") and supplier_of(row) in remaining
    ]
    verdict = holds if fit else fails
    return verdict(
        f"{len(fit)} av {len(remaining)} løsninger kan dekke behovet.",
        f"{len(fit)} of {len(remaining)} solutions can meet the needs.",
        nn=f"{len(fit)} av {len(remaining)} løysingar kan dekkje behovet.",
    )


def participant_payment_announced(facts: Facts) -> Verdict:
    """Paid is what the documents promised every participant, and nothing else."""
    documents = facts.latest(DOCUMENTS)
    if documents is None:
        return missing(DOCUMENTS)
    payment = own_form(facts, "participant-payment", "amount")
    if payment is None:
        return pending(facts, "participant-payment")
    announced, amount = whole(documents.data, "participant_payment"), whole(payment, "amount")
    due = bool(announced) and amount == announced and payment.get("took_part") is True
    verdict = holds if due else fails
    return verdict(
        f"Kunngjort {kroner(announced or 0, 'nb')}, betales {kroner(amount or 0, 'nb')}.",
        f"Announced {kroner(announced or 0, 'en')}, paid {kroner(amount or 0, 'en')}.",
        nn=f"Kunngjort {kroner(announced or 0, 'nn')}, blir betalt {kroner(amount or 0, 'nn')}.",
    )


RULES = (
    Rule(
        "minutes-confirmed",
        text(
            "Leverandørene har bekreftet referatene",
            "The suppliers have confirmed the minutes",
            nn="Leverandørane har stadfesta referata",
        ),
        "god praksis / good practice",
        (PROCUREMENT_LEAD,),
        minutes_confirmed,
    ),
    Rule(
        "oral-answers-shared",
        text(
            "Muntlige svar er delt med alle",
            "Oral answers are shared with all",
            nn="Munnlege svar er delt med alle",
        ),
        "LOA § 4, FOA § 23-10(1)",
        (PROCUREMENT_LEAD,),
        oral_answers_shared,
    ),
    Rule(
        "round-information-shared",
        text("Alle vet det samme", "All know the same", nn="Alle veit det same"),
        "LOA § 4, FOA § 23-10(1)",
        (PROCUREMENT_LEAD,),
        round_information_shared,
    ),
    Rule(
        "confidentiality-kept",
        text("Ingen løsning er røpet", "No solution has been revealed", nn="Ingen løysing er røpt"),
        "Directive 2014/24/EU art. 30(3)",
        (PROCUREMENT_LEAD, LEGAL),
        confidentiality_kept,
    ),
    Rule(
        "solution-meets-needs",
        text(
            "Minst én løsning kan dekke behovet",
            "At least one solution can meet the needs",
            nn="Minst éin løysing kan dekkje behovet",
        ),
        "Directive 2014/24/EU art. 30(5)",
        (PROCUREMENT_LEAD, NEED_OWNER, SUBJECT_EXPERT),
        solution_meets_needs,
    ),
    Rule(
        "participant-payment-announced",
        text(
            "Betalingen er den kunngjorte",
            "The payment is the one announced",
            nn="Betalinga er den kunngjorde",
        ),
        "FOA § 23-8(3)",
        (PROCUREMENT_LEAD, BUDGET_OWNER),
        participant_payment_announced,
    ),
)
