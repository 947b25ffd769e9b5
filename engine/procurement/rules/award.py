"""Award, letters, standstill, complaints and signing (IP16, IP17, IP18)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.procurement.facts import Facts, SubmissionFact
from engine.procurement.letters import AWARD
from engine.procurement.periods import oslo_day
from engine.procurement.reading import day, entries, moment, names, said, whole
from engine.procurement.rules.documents import DOCUMENTS
from engine.procurement.rules.evaluation import evaluators
from engine.procurement.rules.rule import (
    BUDGET_OWNER,
    INNOVATION_PARTNERSHIP,
    LEGAL,
    NEED_OWNER,
    PRE_COMMERCIAL,
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
from engine.procurement.text import listed, long_date, text
from engine.procurement.time_limits import time_limit

AWARD_NOTICE = "29"
ONE_CONTRACT = 1


def decider_not_evaluator(facts: Facts) -> Verdict:
    scorers = evaluators(facts)
    today = oslo_day(facts.now)
    deciders = {
        member.person
        for member in facts.members
        if member.role == BUDGET_OWNER and member.active(today)
    }
    deciders.update(person for made in facts.decided("D10")[-1:] for person in made.by)
    award = own_form(facts, "award", "winners")
    if award is not None:
        deciders.update(names(award, "decided_by"))
    both = facts.names_of(deciders & scorers)
    if both:
        return fails(
            f"Både evaluator og beslutter: {listed(both, 'nb')}.",
            f"Both evaluator and decider: {listed(both, 'en')}.",
            nn=f"Både evaluator og den som avgjer: {listed(both, 'nn')}.",
        )
    return holds(
        "Beslutteren har ikke evaluert.",
        "The decider has not evaluated.",
        nn="Den som avgjer, har ikkje evaluert.",
    )


def partners_within_announced(facts: Facts) -> Verdict:
    """As many winners as announced (one where nothing was said), each of them ranked."""
    documents = facts.latest(DOCUMENTS)
    if documents is None:
        return missing(DOCUMENTS)
    highest = whole(documents.data, "max_partners")
    if highest is None and facts.procedure not in (INNOVATION_PARTNERSHIP, PRE_COMMERCIAL):
        highest = ONE_CONTRACT
    if not highest:
        return unstated(
            DOCUMENTS,
            {
                "max_partners": text(
                    "antall partnere", "number of partners", nn="talet på partnarar"
                )
            },
        )
    award = own_form(facts, "award", "winners")
    if award is None:
        return pending(facts, "award")
    winners = names(award, "winners")
    unranked = facts.firms_of(set(winners) - set(names(facts.variables, "ranking")))
    if unranked:
        return fails(
            f"Ikke rangert: {listed(unranked, 'nb')}.",
            f"Not ranked: {listed(unranked, 'en')}.",
            nn=f"Ikkje rangert: {listed(unranked, 'nn')}.",
        )
    verdict = holds if 1 <= len(set(winners)) <= highest else fails
    return verdict(
        f"{len(set(winners))} vinnere; høyst {highest} er kunngjort.",
        f"{len(set(winners))} winners; at most {highest} were announced.",
        nn=f"{len(set(winners))} vinnarar; høgst {highest} er kunngjort.",
    )


def award_reasoned(facts: Facts) -> Verdict:
    award = own_form(facts, "award", "winners")
    if award is None:
        return pending(facts, "award")
    names_of = {
        "reasons": text("begrunnelse", "the reasons", nn="grunngiving"),
        "characteristics": text(
            "egenskaper og fordeler",
            "characteristics and advantages",
            nn="eigenskapar og føremoner",
        ),
    }
    gaps = {key: name for key, name in names_of.items() if not said(award, key)}
    return unstated("award", gaps) if gaps else holds("Begrunnet.", "Reasoned.", nn="Grunngitt.")


def letters_sent_at(facts: Facts) -> datetime | None:
    """When the last award letter went out: a corrected award starts anew."""
    letter = facts.latest("award-letter")
    stated = moment(facts.variables.get("letters_sent_at"))
    known = [when for when in (stated, letter.at if letter else None) if when is not None]
    return max(known, default=None)


def letters_sent(facts: Facts) -> Verdict:
    sent = letters_sent_at(facts)
    if sent is None:
        return missing("award-letter")
    bounced = [
        *(each for each in facts.all("letter-bounce") if each.at > sent),
        *(each for each in facts.returned if each.kind == AWARD and each.sent_at >= sent),
    ]
    if bounced:
        return fails(
            f"{len(bounced)} brev kom i retur og er ikke sendt på nytt.",
            f"{len(bounced)} letters bounced and have not been sent again.",
            nn=f"{len(bounced)} brev kom i retur og er ikkje sendt på nytt.",
        )
    written = {letter.scope for letter in facts.all("award-letter")}
    ranked = set(names(facts.variables, "ranking"))
    unwritten = facts.firms_of(ranked - written) if any(written) else []
    if unwritten:
        return fails(
            f"Uten brev: {listed(unwritten, 'nb')}.",
            f"Without a letter: {listed(unwritten, 'en')}.",
            nn=f"Utan brev: {listed(unwritten, 'nn')}.",
        )
    return holds(
        f"Brevene ble sendt {long_date(oslo_day(sent), 'nb')}.",
        f"The letters were sent on {long_date(oslo_day(sent), 'en')}.",
        nn=f"Breva vart sendt {long_date(oslo_day(sent), 'nn')}.",
    )


def standstill_over(facts: Facts) -> Verdict:
    sent = letters_sent_at(facts)
    if sent is None:
        return missing("award-letter")
    by_other_means = facts.variables.get("letters_by_other_means") is True
    rule = "standstill-other-means" if by_other_means else "standstill-electronic"
    limit = time_limit(rule, sent, facts.rules_at)
    chosen = moment(facts.variables.get("standstill_ends_at"))
    ends = max(limit.ends_at, chosen) if chosen else limit.ends_at
    verdict = holds if facts.now >= ends else fails
    first = oslo_day(ends)
    return verdict(
        f"Brevene ble sendt {long_date(oslo_day(sent), 'nb')}; kontrakt kan tidligst inngås "
        f"{long_date(first, 'nb')}.",
        f"The letters were sent on {long_date(oslo_day(sent), 'en')}; the contract may be "
        f"concluded on {long_date(first, 'en')} at the earliest.",
        limit.citation,
        nn=(
            f"Breva vart sendt {long_date(oslo_day(sent), 'nn')}; kontrakt kan "
            f"tidlegast bli inngått {long_date(first, 'nn')}."
        ),
    )


def no_injunction(facts: Facts) -> Verdict:
    """No petition for an injunction is waiting for the district court."""
    petition = _newest(facts, "injunction", "injunction_pending")
    ruling = _newest(facts, "ruling", "injunction_pending")
    newest = max(
        (each for each in (petition, ruling) if each is not None),
        key=lambda each: each.at,
        default=None,
    )
    if newest is not None and newest.data.get("injunction_pending") is True:
        return fails(
            "En begjæring om midlertidig forføyning venter på tingretten.",
            "A petition for an injunction waits for the district court.",
            nn="Eit krav om mellombels åtgjerd ventar på tingretten.",
        )
    asked = [
        each for each in facts.all("complaint") if "injunction" in names(each.data, "requests")
    ]
    settled = newest.at if newest else None
    if asked and (settled is None or asked[-1].at > settled) and asked[-1] in _unanswered(facts):
        return fails(
            "En klage ber om midlertidig forføyning og er ikke avklart.",
            "A complaint asks for an injunction and is not settled.",
            nn="Ein klage ber om mellombels åtgjerd og er ikkje avklart.",
        )
    return holds(
        "Ingen forføyning er til behandling.",
        "No injunction is pending.",
        nn="Ingen mellombels åtgjerd er til behandling.",
    )


def _newest(facts: Facts, form: str, field: str) -> SubmissionFact | None:
    found = [each for each in facts.all(form) if isinstance(each.data.get(field), bool)]
    return found[-1] if found else None


def complaints_answered(facts: Facts) -> Verdict:
    complaints = facts.all("complaint")
    unanswered = _unanswered(facts)
    if unanswered:
        return fails(
            f"{len(unanswered)} klager er ikke besvart.",
            f"{len(unanswered)} complaints are not answered.",
            nn=f"{len(unanswered)} klager er ikkje svara på.",
        )
    return holds(
        f"{len(complaints)} klager er mottatt; alle er besvart.",
        f"{len(complaints)} complaints received; all are answered.",
        nn=f"{len(complaints)} klager er mottekne; alle er svara på.",
    )


def _unanswered(facts: Facts) -> list[SubmissionFact]:
    """Complaints without an answer of their own: one answer settles one complaint."""
    answers = [each for each in facts.all("complaint-answer") if said(each.data, "outcome")]
    left = []
    for complaint in reversed(facts.all("complaint")):
        fitting = [answer for answer in answers if _fits(answer, complaint)]
        if fitting:
            answers.remove(fitting[0])
        else:
            left.append(complaint)
    return left


def _fits(answer: SubmissionFact, complaint: SubmissionFact) -> bool:
    same_branch = not answer.scope or not complaint.scope or answer.scope == complaint.scope
    return same_branch and answer.at >= complaint.at


def final_evidence_ok(facts: Facts, evidence: Mapping[str, Any]) -> Verdict:
    failed = [
        said(check, "requirement")
        for check in entries(evidence, "checks")
        if check.get("ok") is not True
    ]
    if failed or evidence.get("all_ok") is not True:
        return fails(
            f"Dokumentasjonen er ikke i orden. {listed(failed, 'nb')}".strip(),
            f"The evidence is not in order. {listed(failed, 'en')}".strip(),
            nn=f"Dokumentasjonen er ikkje i orden. {listed(failed, 'nn')}".strip(),
        )
    if said(evidence, "tax_certificate") not in ("ok", "not_required"):
        return fails(
            "Skatteattesten mangler.",
            "The tax certificate is missing.",
            "LOA § 5l",
            nn="Skatteattesten manglar.",
        )
    return _certificate_age(facts, evidence)


def _certificate_age(facts: Facts, evidence: Mapping[str, Any]) -> Verdict:
    issued, sent = day(evidence.get("tax_certificate_date")), letters_sent_at(facts)
    if issued is not None and sent is not None:
        oldest = time_limit("tax-certificate-age", sent, facts.rules_at)
        if issued < oldest.period.nominal_last_day:
            return fails(
                f"Skatteattesten er fra {long_date(issued, 'nb')} og er for gammel.",
                f"The tax certificate is of {long_date(issued, 'en')} and too old.",
                oldest.citation,
                nn=f"Skatteattesten er frå {long_date(issued, 'nn')} og er for gammal.",
            )
    return holds(
        "Endelig dokumentasjon er i orden.",
        "The final evidence is in order.",
        nn="Endeleg dokumentasjon er i orden.",
    )


def some_contract_signed(facts: Facts) -> Verdict:
    signed = sorted(
        scope
        for scope, contract in facts.newest_per_scope("contract").items()
        if contract.data.get("signed") is True
    )
    verdict = holds if signed else fails
    return verdict(
        f"{len(signed)} kontrakter er signert av begge.",
        f"{len(signed)} contracts are signed by both.",
        nn=f"{len(signed)} kontraktar er signert av begge.",
    )


def award_notice_in_time(facts: Facts) -> Verdict:
    signed = [
        when
        for contract in facts.newest_per_scope("contract").values()
        if contract.data.get("signed") is True
        and (when := moment(contract.data.get("signed_at"))) is not None
    ]
    if not signed:
        return missing("contract")
    limit = time_limit("contract-award-notice", min(signed), facts.rules_at)
    published = [
        moment(notice.data.get("dispatch")) or notice.at
        for notice in facts.all("result-notice")
        if said(notice.data, "subtype") in ("", AWARD_NOTICE)
    ]
    done = min(published, default=facts.now)
    last = limit.period.legal_last_day
    verdict = holds if done < limit.ends_at else fails
    state = text(
        "Sendt" if published else "Ikke sendt",
        "Sent" if published else "Not sent",
        nn="Sendt" if published else "Ikkje sendt",
    )
    return verdict(
        f"{state['nb']}; fristen er {long_date(last, 'nb')}.",
        f"{state['en']}; it is due by {long_date(last, 'en')}.",
        limit.citation,
        nn=f"{state['nn']}; fristen er {long_date(last, 'nn')}.",
    )


RULES = (
    Rule(
        "decider-not-evaluator",
        text(
            "Den som beslutter, har ikke evaluert",
            "The decider has not evaluated",
            nn="Den som avgjer, har ikkje evaluert",
        ),
        "forvaltningsloven § 6; god praksis / good practice",
        (PROCUREMENT_LEAD, BUDGET_OWNER),
        decider_not_evaluator,
    ),
    Rule(
        "partners-within-announced",
        text(
            "Antall partnere som kunngjort",
            "As many partners as announced",
            nn="Talet på partnarar som kunngjort",
        ),
        "FOA § 23-7(6)",
        (BUDGET_OWNER, PROCUREMENT_LEAD),
        partners_within_announced,
    ),
    Rule(
        "award-reasoned",
        text("Tildelingen er begrunnet", "The award is reasoned", nn="Tildelinga er grunngitt"),
        "FOA § 25-1(2)",
        (BUDGET_OWNER, PROCUREMENT_LEAD),
        award_reasoned,
    ),
    Rule(
        "letters-sent",
        text(
            "Tildelingsbrevene er sendt",
            "The award letters are sent",
            nn="Tildelingsbreva er sendt",
        ),
        "FOA § 25-1(1)",
        (PROCUREMENT_LEAD,),
        letters_sent,
    ),
    Rule(
        "standstill-over",
        text("Karensperioden er ute", "The standstill period is over", nn="Karensperioden er ute"),
        "FOA § 25-2(1)",
        (PROCUREMENT_LEAD,),
        standstill_over,
    ),
    Rule(
        "no-injunction",
        text(
            "Ingen forføyning er til behandling",
            "No injunction is pending",
            nn="Ingen mellombels åtgjerd er til behandling",
        ),
        "FOA § 25-3; LOA § 9",
        (LEGAL, PROCUREMENT_LEAD),
        no_injunction,
    ),
    Rule(
        "complaints-answered",
        text("Alle klager er besvart", "Every complaint is answered", nn="Alle klager er svara på"),
        "LOA § 4",
        (LEGAL, PROCUREMENT_LEAD),
        complaints_answered,
    ),
    Rule(
        "final-evidence-ok",
        text(
            "Endelig dokumentasjon er i orden",
            "The final evidence is in order",
            nn="Endeleg dokumentasjon er i orden",
        ),
        "FOA § 17-1; LOA § 5l",
        (PROCUREMENT_LEAD,),
        with_form("final-evidence", final_evidence_ok),
    ),
    Rule(
        "some-contract-signed",
        text(
            "Minst én kontrakt er signert",
            "At least one contract is signed",
            nn="Minst éin kontrakt er signert",
        ),
        "FOA § 25-1(5)",
        (PROCUREMENT_LEAD, NEED_OWNER),
        some_contract_signed,
    ),
    Rule(
        "award-notice-in-time",
        text(
            "Kontraktsinngåelsen er kunngjort i tide",
            "The contract award notice is in time",
            nn="Kontraktsinngåinga er kunngjort i tide",
        ),
        "FOA § 21-6(1)",
        (PROCUREMENT_LEAD,),
        award_notice_in_time,
    ),
)
