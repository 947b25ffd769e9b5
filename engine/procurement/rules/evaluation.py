"""Negotiation rounds, reduction and evaluation (IP13, IP15)."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.procurement.facts import Facts, MinutesFact, SubmissionFact
from engine.procurement.impartiality import ASSESSMENT, excluded_by
from engine.procurement.periods import oslo_day
from engine.procurement.reading import entries, names, number, said, supplier_of
from engine.procurement.ruledata import rule_row
from engine.procurement.rules.documents import DOCUMENTS
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
from engine.procurement.scoring import IN_MONEY
from engine.procurement.text import listed, long_date, text

REAL_COMPETITION = 2
_ENVIRONMENT = "quality-nor-env-criteria"


def evaluators(facts: Facts) -> set[str]:
    """Everyone who has given scores."""
    return {score.by for score in facts.all("individual-score")}


def minutes_complete(facts: Facts) -> Verdict:
    """Minutes of this round's meeting with every supplier that is left."""
    remaining = names(facts.variables, "remaining")
    if not remaining:
        return fails(
            "Ingen leverandører er igjen.",
            "No suppliers remain.",
            nn="Ingen leverandørar er igjen.",
        )
    without = facts.firms_of(one for one in remaining if not minutes_of_round(facts, one))
    if without:
        return fails(
            f"Referat mangler for {listed(without, 'nb')}.",
            f"Minutes are missing for {listed(without, 'en')}.",
            nn=f"Referat manglar for {listed(without, 'nn')}.",
        )
    return holds(
        f"Referat finnes for alle {len(remaining)} leverandører.",
        f"There are minutes for all {len(remaining)} suppliers.",
        nn=f"Referat finst for alle {len(remaining)} leverandørar.",
    )


def minutes_of_round(facts: Facts, supplier: str) -> list[MinutesFact]:
    here = facts.round.id if facts.round else ""
    return [each for each in facts.minutes if (each.round, each.scope) == (here, supplier)]


def meeting_time_equal(facts: Facts) -> Verdict:
    row = rule_row("negotiation-time-spread", facts.rules_at)
    here = facts.round.id if facts.round else ""
    lengths = {
        supplier: sum(
            (
                max(each.ended_at - each.began_at, timedelta())
                for each in facts.meetings
                if (each.occasion, each.scope) == (here, supplier)
            ),
            timedelta(),
        )
        for supplier in names(facts.variables, "remaining")
    }
    if not lengths:
        return fails(
            "Ingen leverandører er igjen.",
            "No suppliers remain.",
            nn="Ingen leverandørar er igjen.",
        )
    longest, shortest = max(lengths.values()), min(lengths.values())
    spread = (longest - shortest) * 100
    verdict = holds if spread <= longest * row.amount else fails
    short, long = (int(length / timedelta(minutes=1)) for length in (shortest, longest))
    return verdict(
        f"Møtetiden er fra {short} til {long} minutter.",
        f"The meeting time is from {short} to {long} minutes.",
        nn=f"Møtetida er frå {short} til {long} minutt.",
    )


def real_competition(facts: Facts) -> Verdict:
    """Of the suppliers on record so many are left, after the cut that is being made, that they
    compete; a single one may go on where the review of the round says why."""
    draft = facts.draft or {}
    if "competition_after" in draft and draft.get("competition_after") is not True:
        return fails(
            "Reell konkurranse etter kuttet: nei.",
            "Real competition after the cut: no.",
            nn="Reell konkurranse etter kutta: nei.",
        )
    cut = {said(row, "supplier") for row in entries(draft, "eliminated_suppliers")}
    left = len([key for key in facts.standing if key not in cut])
    if left >= REAL_COMPETITION:
        return holds(
            f"{left} leverandører er igjen.",
            f"{left} suppliers remain.",
            nn=f"{left} leverandørar er igjen.",
        )
    if not left:
        return fails(
            "Ingen leverandører er igjen.",
            "No suppliers remain.",
            nn="Ingen leverandørar er igjen.",
        )
    review = facts.latest("round-review")
    if review is None:
        return missing("round-review")
    reason = said(review.data, "competition_reason")
    if review.data.get("competition_real") is not True or not reason:
        return fails(
            f"{left} leverandør er igjen uten begrunnelse for reell konkurranse.",
            f"{left} supplier remains without a reason why competition is real.",
            nn=f"{left} leverandør er igjen utan grunngiving for reell konkurranse.",
        )
    return holds(f"Begrunnet: {reason}", f"Reasoned: {reason}", nn=f"Grunngitt: {reason}")


def reduction_reserved(facts: Facts) -> Verdict:
    """Reserved in the notice, and made on the award criteria."""
    notice = facts.latest("notice")
    if notice is None:
        return missing("notice")
    if notice.data.get("may_reduce") is not True:
        return fails(
            "Kunngjøringen forbeholder ikke retten til å redusere.",
            "The notice does not reserve the right to reduce.",
            nn="Kunngjeringa tek ikkje atterhald om retten til å redusere.",
        )
    form = own_form(facts, "elimination", "eliminated_suppliers")
    if form is None:
        return pending(facts, "elimination")
    rows = entries(form, "eliminated_suppliers")
    strange = [rest for row in rows if (rest := _not_announced(facts, said(row, "by_criteria")))]
    if strange:
        return fails(
            f"Ikke et kunngjort tildelingskriterium: {listed(strange, 'nb')}.",
            f"No announced award criterion: {listed(strange, 'en')}.",
            nn=f"Ikkje eit kunngjort tildelingskriterium: {listed(strange, 'nn')}.",
        )
    unreasoned = facts.firms_of(
        supplier_of(row) for row in rows if not (said(row, "by_criteria") and said(row, "reason"))
    )
    if unreasoned or form.get("criteria_only") is not True:
        return fails(
            f"Kutt er ikke begrunnet i tildelingskriteriene. {listed(unreasoned, 'nb')}".strip(),
            f"A cut does not rest on the award criteria. {listed(unreasoned, 'en')}".strip(),
            nn=f"Kutt er ikkje grunngitt i tildelingskriteria. {listed(unreasoned, 'nn')}".strip(),
        )
    return holds(
        f"Retten er forbeholdt; {len(rows)} kuttes etter kriteriene.",
        f"The right is reserved; {len(rows)} are cut by the criteria.",
        nn=f"Det er teke atterhald om retten; {len(rows)} blir kutta etter kriteria.",
    )


def _not_announced(facts: Facts, criteria: str) -> str:
    """What is left of the text when the announced criteria, by name or number, are taken out."""
    documents = facts.latest(DOCUMENTS)
    rows = entries(documents.data, "award_criteria") if documents else ()
    rest = criteria
    known = (said(row, field) for row in rows for field in ("criterion", "id"))
    for name in sorted(known, key=len, reverse=True):
        rest = re.sub(re.escape(name), "", rest, flags=re.IGNORECASE) if name else rest
    words = [each for each in re.split(r"[\s,;.&+/]+", rest) if each not in ("", "og", "and")]
    return " ".join(words)


def excluded(facts: Facts) -> dict[str, SubmissionFact]:
    """Evaluators found not to be impartial, with the newest assessment that says so. What they
    scored stays on record and does not count."""
    scorers = evaluators(facts)
    return {
        person: assessed
        for assessed in facts.all(ASSESSMENT)
        if (person := excluded_by(assessed.data)) in scorers
    }


def _counting(facts: Facts) -> list[SubmissionFact]:
    """The scores of those who were not excluded."""
    out = excluded(facts)
    return [score for score in facts.all("individual-score") if score.by not in out]


def two_evaluators(facts: Facts) -> Verdict:
    row = rule_row("minimum-evaluators", facts.rules_at)
    scorers = {score.by for score in _counting(facts)}
    verdict = holds if len(scorers) >= row.amount else fails
    return verdict(
        f"{len(scorers)} evaluatorer har gitt poeng.",
        f"{len(scorers)} evaluators have given scores.",
        nn=f"{len(scorers)} evaluatorar har gitt poeng.",
    )


def scores_locked_first(facts: Facts) -> Verdict:
    """Every evaluator scored alone before the scores were discussed."""
    scores, consensus = _counting(facts), facts.latest("consensus")
    if not scores:
        return missing("individual-score")
    shared = facts.names_of({s.by for s in scores if s.data.get("own_assessment") is not True})
    if shared:
        return fails(
            f"Ikke bekreftet som egen vurdering: {listed(shared, 'nb')}.",
            f"Not confirmed as an assessment of one's own: {listed(shared, 'en')}.",
            nn=f"Ikkje stadfesta som eigen vurdering: {listed(shared, 'nn')}.",
        )
    late = facts.names_of({s.by for s in scores if consensus and s.at > consensus.at})
    if late:
        return fails(
            f"Poeng gitt etter samsvarsmøtet: {listed(late, 'nb')}.",
            f"Scores given after the consensus: {listed(late, 'en')}.",
            nn=f"Poeng gitt etter samsvarsmøtet: {listed(late, 'nn')}.",
        )
    return holds(
        "Poengene var låst før samtalen.",
        "Scores were locked before the discussion.",
        nn="Poenga var låst før samtalen.",
    )


def consensus_reasoned(facts: Facts, consensus: Mapping[str, Any]) -> Verdict:
    """Everything that an evaluator has locked a score for has an agreed score with its reason, and
    so has everything else that the consensus speaks of."""
    scores = entries(consensus, "scores")
    reasoned = {
        _scored(row) for row in scores if number(row, "score") is not None and said(row, "reason")
    }
    locked = {_scored(row) for each in facts.all("individual-score") for row in _scores(each)}
    wanted = locked | {_scored(row) for row in scores}
    bare = [f"{facts.firm(one)} / {criterion}" for one, criterion in sorted(wanted - reasoned)]
    if bare or not scores:
        return fails(
            f"Poeng eller grunn mangler: {listed(bare, 'nb')}",
            f"Score or reason is missing: {listed(bare, 'en')}",
            nn=f"Poeng eller grunn manglar: {listed(bare, 'nn')}",
        )
    return holds(
        f"{len(scores)} poeng er begrunnet.",
        f"{len(scores)} scores are reasoned.",
        nn=f"{len(scores)} poeng er grunngitt.",
    )


def _scored(row: Mapping[str, Any]) -> tuple[str, str]:
    """The tender and the criterion that a score is of."""
    return supplier_of(row), said(row, "criterion")


def _scores(submission: SubmissionFact) -> tuple[Mapping[str, Any], ...]:
    """The scores of one evaluator; those of one tender may leave its supplier out."""
    rows = entries(submission.data, "scores")
    return tuple(row if supplier_of(row) else {**row, "supplier": submission.scope} for row in rows)


def ranking_complete(facts: Facts) -> Verdict:
    """A ranking that rests on a reasoned agreed score for every tender and criterion but those by
    which prices are compared."""
    ranked = names(facts.variables, "ranking")
    consensus, documents = facts.latest("consensus"), facts.latest(DOCUMENTS)
    if not ranked:
        return fails("Rangeringen er tom.", "The ranking is empty.", nn="Rangeringa er tom.")
    if consensus is None:
        return missing("consensus")
    if documents is None:
        return missing(DOCUMENTS)
    tainting = sorted(who for who, found in excluded(facts).items() if found.at > consensus.at)
    if tainting:
        return fails(
            f"Felles poeng bygger på poeng fra {listed(tainting, 'nb')}, som er inhabil.",
            f"The agreed scores rest on scores of {listed(tainting, 'en')}, who is excluded.",
            nn=f"Felles poeng byggjer på poeng frå {listed(tainting, 'nn')}, som er inhabil.",
        )
    scored = {
        (supplier_of(row), said(row, "criterion"))
        for row in entries(consensus.data, "scores")
        if number(row, "score") is not None and said(row, "reason")
    }
    gaps = [
        f"{facts.firm(supplier)} / {said(criterion, 'criterion')}"
        for supplier in ranked
        for criterion in entries(documents.data, "award_criteria")
        if said(criterion, "price_model") not in IN_MONEY
        and not scored & {(supplier, said(criterion, key)) for key in ("id", "criterion")}
    ]
    if gaps:
        return fails(
            f"Begrunnet poeng mangler: {listed(gaps, 'nb')}.",
            f"A reasoned score is missing: {listed(gaps, 'en')}.",
            nn=f"Grunngitt poeng manglar: {listed(gaps, 'nn')}.",
        )
    return holds(
        f"{len(ranked)} tilbud er rangert.",
        f"{len(ranked)} tenders are ranked.",
        nn=f"{len(ranked)} tilbod er rangert.",
    )


def environment_scored(facts: Facts) -> Verdict:
    documents, consensus = facts.latest(DOCUMENTS), facts.latest("consensus")
    if documents is None:
        return missing(DOCUMENTS)
    wanted = [
        {said(row, "id"), said(row, "criterion")} - {""}
        for row in entries(documents.data, "award_criteria")
        if said(row, "env_code") == _ENVIRONMENT
    ]
    if not wanted:
        return holds(
            "Miljø er ikke et kriterium.",
            "Environment is not a criterion.",
            nn="Miljø er ikkje eit kriterium.",
        )
    if consensus is None:
        return missing("consensus")
    used = {said(row, "criterion") for row in entries(consensus.data, "scores")}
    verdict = holds if all(names_of & used for names_of in wanted) else fails
    return verdict(
        f"{len(wanted)} miljøkriterier; poeng er gitt for {sum(bool(w & used) for w in wanted)}.",
        f"{len(wanted)} environmental criteria; {sum(bool(w & used) for w in wanted)} are scored.",
        nn=(
            f"{len(wanted)} miljøkriterium; poeng er gitt for "
            f"{sum(bool(w & used) for w in wanted)}."
        ),
    )


def low_tender_asked(facts: Facts) -> Verdict:
    """The supplier was asked in writing and has replied, or has had the time it was given."""
    if not facts.inquiries:
        return missing("low-tender")
    newest = facts.inquiries[-1]
    replied, day = newest.replied_at is not None, oslo_day(newest.asked_at)
    if not replied and facts.now < newest.reply_by:
        until = oslo_day(newest.reply_by)
        return fails(
            f"Leverandøren kan svare til {long_date(until, 'nb')}.",
            f"The supplier may reply until {long_date(until, 'en')}.",
            nn=f"Leverandøren kan svare til {long_date(until, 'nn')}.",
        )
    return holds(
        f"Spurt skriftlig {long_date(day, 'nb')}; {'svar kom' if replied else 'fristen er ute'}.",
        f"Asked in writing on {long_date(day, 'en')};"
        f" {'a reply came' if replied else 'the time limit has passed'}.",
        nn=(
            f"Spurt skriftleg {long_date(day, 'nn')};"
            f" {'svar kom' if replied else 'fristen er ute'}."
        ),
    )


def low_tender_explained(_: Facts, reply: Mapping[str, Any]) -> Verdict:
    if reply.get("labour_breach") is True:
        return fails(
            "Prisen skyldes brudd på regler om arbeid eller miljø: tilbudet skal avvises.",
            "The price stems from a breach of labour or environmental law: it must be rejected.",
            "FOA § 24-8(1) c",
            nn="Prisen kjem av brot på reglar om arbeid eller miljø: tilbodet skal avvisast.",
        )
    if reply.get("explained") is not True:
        return fails(
            "Tilbudet er ikke forklart.",
            "The tender has not been explained.",
            nn="Tilbodet er ikkje forklart.",
        )
    assessment = said(reply, "assessment")
    if not assessment:
        return fails(
            "Vurderingen av svaret mangler.",
            "The assessment of the reply is missing.",
            nn="Vurderinga av svaret manglar.",
        )
    return holds(
        f"Forklart: {assessment}", f"Explained: {assessment}", nn=f"Forklart: {assessment}"
    )


RULES = (
    Rule(
        "minutes-complete",
        text(
            "Referat fra alle møter i runden",
            "Minutes of every meeting of the round",
            nn="Referat frå alle møte i runden",
        ),
        "FOA § 7-1, § 23-10(1)",
        (PROCUREMENT_LEAD,),
        minutes_complete,
    ),
    Rule(
        "meeting-time-equal",
        text("Lik møtetid til alle", "Equal meeting time for all", nn="Lik møtetid til alle"),
        "FOA § 23-10(1)",
        (PROCUREMENT_LEAD,),
        meeting_time_equal,
    ),
    Rule(
        "real-competition",
        text("Reell konkurranse", "Real competition", nn="Reell konkurranse"),
        "FOA § 23-11(3)",
        (PROCUREMENT_LEAD, LEGAL),
        real_competition,
    ),
    Rule(
        "reduction-reserved",
        text(
            "Retten til å kutte er forbeholdt",
            "The right to cut is reserved",
            nn="Det er teke atterhald om retten til å kutte",
        ),
        "FOA § 23-11",
        (PROCUREMENT_LEAD, LEGAL),
        reduction_reserved,
    ),
    Rule(
        "two-evaluators",
        text("Minst to evaluatorer", "At least two evaluators", nn="Minst to evaluatorar"),
        "god praksis / good practice",
        (PROCUREMENT_LEAD,),
        two_evaluators,
    ),
    Rule(
        "scores-locked-first",
        text(
            "Poengene var låst før samtalen",
            "Scores were locked before the discussion",
            nn="Poenga var låst før samtalen",
        ),
        "LOA § 4",
        (EVALUATOR,),
        scores_locked_first,
    ),
    Rule(
        "consensus-reasoned",
        text(
            "Hvert poeng er begrunnet", "Every score has its reason", nn="Kvart poeng er grunngitt"
        ),
        "FOA § 25-1(2)",
        (EVALUATOR,),
        with_form("consensus", consensus_reasoned),
    ),
    Rule(
        "ranking-complete",
        text(
            "Rangeringen er fullstendig", "The ranking is complete", nn="Rangeringa er fullstendig"
        ),
        "FOA § 18-1",
        (EVALUATOR, PROCUREMENT_LEAD),
        ranking_complete,
    ),
    Rule(
        "environment-scored",
        text(
            "Miljøkriteriet er vurdert",
            "The environmental criterion is scored",
            nn="Miljøkriteriet er vurdert",
        ),
        "FOA § 18-1",
        (EVALUATOR,),
        environment_scored,
    ),
    Rule(
        "low-tender-asked",
        text(
            "Leverandøren er spurt og har fått tid til å svare",
            "The supplier was asked and has had time to reply",
            nn="Leverandøren er spurd og har fått tid til å svare",
        ),
        "FOA § 24-9",
        (PROCUREMENT_LEAD,),
        low_tender_asked,
    ),
    Rule(
        "low-tender-explained",
        text("Tilbudet er forklart", "The tender is explained", nn="Tilbodet er forklart"),
        "FOA § 24-9",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("low-tender-reply", low_tender_explained),
    ),
)
