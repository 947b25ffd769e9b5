"""Notice, minimum periods, questions and amendments (IP6, IP7)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.clock import OSLO
from engine.procurement.facts import Facts, QuestionFact, SubmissionFact
from engine.procurement.frozen import corrected, is_correction, unknown_rows
from engine.procurement.procedures import PROCEDURES
from engine.procurement.reading import entries, moment, number, said, whole
from engine.procurement.ruledata import RuleRow, rule_set
from engine.procurement.rules.documents import DOCUMENTS
from engine.procurement.rules.rule import (
    COMPETITIVE_DIALOGUE,
    INNOVATION_PARTNERSHIP,
    LEGAL,
    NEGOTIATED,
    OPEN,
    PRE_COMMERCIAL,
    PROCUREMENT_LEAD,
    QUALITY_ASSURER,
    Rule,
    Verdict,
    fails,
    holds,
    missing,
    only_for,
    unstated,
    with_form,
)
from engine.procurement.text import LANGUAGES, Text, listed, long_date, same, text
from engine.procurement.time_limits import TimeLimit, time_limit
from engine.registers.eforms import PROCEDURE, called


def minimum_invited(facts: Facts) -> RuleRow | None:
    """The fewest the procedure must invite, under the law of the procurement; None where none."""
    rule = f"minimum-invited-{facts.procedure}"
    return next((row for row in rule_set(facts.rules_at).rows if row.rule_id == rule), None)


WHOLE = 100
_PROCEDURE_CODES: Mapping[str, str] = {
    INNOVATION_PARTNERSHIP: "innovation",
    COMPETITIVE_DIALOGUE: "comp-dial",
    NEGOTIATED: "neg-w-call",
    OPEN: "open",
    PRE_COMMERCIAL: "oth-single",
}

_NO_PROCEDURE = text("ingen prosedyre", "no procedure", nn="ingen prosedyre")


def notice_names_procedure(facts: Facts, notice: Mapping[str, Any]) -> Verdict:
    """Field BT-105 of the notice is the code of the procedure that was chosen."""
    stated, code = said(notice, "procedure_code"), _PROCEDURE_CODES.get(facts.procedure)
    verdict = holds if code is None or stated == code else fails
    told = called(PROCEDURE, stated) if stated else _NO_PROCEDURE
    known = PROCEDURES.get(facts.procedure)
    chosen = known.title if known else same(facts.procedure)
    return verdict(
        f"Kunngjøringen oppgir {told['nb']}; prosedyren er {chosen['nb']}.",
        f"The notice says {told['en']}; the procedure is {chosen['en']}.",
        nn=f"Kunngjeringa oppgir {told['nn']}; prosedyren er {chosen['nn']}.",
    )


def timeframe_announced(_: Facts, notice: Mapping[str, Any]) -> Verdict:
    stated = said(notice, "timeframe")
    if not stated:
        return unstated(
            "notice", {"timeframe": text("tidsplan", "the indicative timeframe", nn="tidsplan")}
        )
    return holds(f"Tidsplan: {stated}", f"Timeframe: {stated}", nn=f"Tidsplan: {stated}")


def minimum_invited_lawful(facts: Facts, notice: Mapping[str, Any]) -> Verdict:
    row = minimum_invited(facts)
    announced = whole(notice, "minimum_invited")
    if row is None:
        return holds(
            "Prosedyren har ikke noe minste antall.",
            "The procedure sets no minimum.",
            nn="Prosedyren har ikkje noko minste tal.",
        )
    if announced is None:
        return unstated(
            "notice",
            {"minimum_invited": text("minste antall", "the minimum number", nn="det minste talet")},
        )
    highest = whole(notice, "maximum_invited")
    if highest is not None and highest < announced:
        return fails(
            f"Øvre grense {highest} er lavere enn nedre grense {announced}.",
            f"The upper limit {highest} is below the lower limit {announced}.",
            "FOA § 16-12(1)",
            nn=f"Øvre grense {highest} er lågare enn nedre grense {announced}.",
        )
    verdict = holds if announced >= row.amount else fails
    return verdict(
        f"Kunngjøringen sier minst {announced}; loven krever {row.amount}.",
        f"The notice says at least {announced}; the law requires {row.amount}.",
        row.citation,
        nn=f"Kunngjeringa seier minst {announced}; lova krev {row.amount}.",
    )


def rtp_period_long_enough(facts: Facts, notice: Mapping[str, Any]) -> Verdict:
    """The time limit for requests to participate against the shortest the law allows."""
    dispatch, deadline = announced_dates(facts, notice)
    if dispatch is None or deadline is None:
        return undated("notice")
    if facts.procedure == OPEN:
        return holds(
            "Det er ingen forespørsler i en åpen konkurranse; tilbudsfristen kontrolleres for seg.",
            "An open procedure has no requests; the period for tenders is checked by itself.",
            "FOA § 20-2",
            nn=(
                "Det er ingen førespurnader i ein open konkurranse; tilbodsfristen blir "
                "kontrollert for seg."
            ),
        )
    limit = time_limit(_rtp_rule(facts, notice), dispatch, facts.rules_at)
    earliest = limit.period.earliest_next_act or limit.period.legal_last_day
    verdict = holds if deadline >= limit.ends_at else fails
    last_nb, last_nn, last_en = (
        long_date(limit.period.legal_last_day, language) for language in LANGUAGES
    )
    return verdict(
        f"Fristen er {clock_text(deadline, 'nb')}; minst {limit.row.amount} dager varer ut "
        f"{last_nb} kl. 24.00, tidligste frist er {long_date(earliest, 'nb')} kl. 00.00.",
        f"The deadline is {clock_text(deadline, 'en')}; at least {limit.row.amount} days run to "
        f"24:00 on {last_en}, the earliest deadline is 00:00 on {long_date(earliest, 'en')}.",
        limit.citation,
        nn=(
            f"Fristen er {clock_text(deadline, 'nn')}; minst {limit.row.amount} dagar "
            f"varer ut {last_nn} kl. 24.00, tidlegaste frist er "
            f"{long_date(earliest, 'nn')} kl. 00.00."
        ),
    )


def announced_dates(
    facts: Facts, notice: Mapping[str, Any]
) -> tuple[datetime | None, datetime | None]:
    """When the notice was sent, and its time limit as it stands after amendments; each None where
    it is not stated."""
    deadline = moment(facts.variables.get("request_deadline"))
    return moment(notice.get("dispatch")), deadline or moment(notice.get("request_deadline"))


def undated(form: str) -> Verdict:
    """A period cannot be counted from a form that lacks one of its ends."""
    return unstated(
        form,
        {
            "deadline": text(
                "sendetidspunkt eller frist",
                "dispatch or deadline",
                nn="sendetidspunkt eller frist",
            )
        },
    )


def advised_period(limit: TimeLimit, deadline: datetime, reason: str) -> Verdict:
    """Where no law sets a period, a shorter one than is advised needs its reason."""
    last_nb, last_nn, last_en = (
        long_date(limit.period.legal_last_day, language) for language in LANGUAGES
    )
    verdict = holds if deadline >= limit.ends_at or reason else fails
    return verdict(
        f"Fristen er {clock_text(deadline, 'nb')}; {limit.row.amount} dager er tilrådd og varer ut "
        f"{last_nb}. {reason}".strip(),
        f"The deadline is {clock_text(deadline, 'en')}; {limit.row.amount} days are advised and "
        f"run to the end of {last_en}. {reason}".strip(),
        limit.citation,
        nn=(
            f"Fristen er {clock_text(deadline, 'nn')}; {limit.row.amount} dagar er "
            f"tilrådd og varer ut {last_nn}. {reason}"
        ).strip(),
    )


def _rtp_rule(facts: Facts, notice: Mapping[str, Any]) -> str:
    """The rule of the procedure; the shorter one where urgency is claimed and the law has one."""
    rule = f"rtp-{facts.procedure}"
    return f"{rule}-urgent" if notice.get("accelerated") is True else rule


def clock_text(when: datetime, language: str) -> str:
    local = when.astimezone(OSLO)
    return f"{long_date(local.date(), language)} {local:%H:%M}"


def two_approvals(facts: Facts) -> Verdict:
    documents = facts.latest(DOCUMENTS)
    if documents is None:
        return missing(DOCUMENTS)
    approvers = {
        person
        for decision in facts.decided("D5")
        if decision.at >= documents.at and decision.option != "return"
        for person in decision.by
    } - {documents.by}
    verdict = holds if len(approvers) >= 2 else fails
    return verdict(
        f"{len(approvers)} andre enn den som skrev dokumentene, har godkjent.",
        f"{len(approvers)} other than the author of the documents have approved.",
        nn=f"{len(approvers)} andre enn den som skreiv dokumenta, har godkjent.",
    )


def rule_set_pinned(facts: Facts) -> Verdict:
    pinned = said(facts.variables, "rule_set")
    if not pinned:
        return fails(
            "Regelsettet er ikke låst.",
            "The rule set is not pinned.",
            nn="Regelsettet er ikkje låst.",
        )
    return holds(
        f"Regelsettet er {pinned}.", f"The rule set is {pinned}.", nn=f"Regelsettet er {pinned}."
    )


def minimum_requirements_frozen(facts: Facts) -> Verdict:
    return _frozen(
        facts,
        "minimum_requirements",
        text("Minstekravene", "The minimum requirements", nn="Minstekrava"),
    )


def award_criteria_frozen(facts: Facts) -> Verdict:
    return _frozen(
        facts,
        "award_criteria",
        text("Tildelingskriteriene", "The award criteria", nn="Tildelingskriteria"),
    )


def _frozen(facts: Facts, field: str, name: Text) -> Verdict:
    notice = facts.latest("notice")
    dispatched = moment(notice.data.get("dispatch")) if notice else None
    if notice is None or dispatched is None:
        return missing("notice")
    sent = [version for version in facts.all(DOCUMENTS) if version.at <= max(dispatched, notice.at)]
    newest = facts.latest(DOCUMENTS)
    if not sent or newest is None:
        return missing(DOCUMENTS)
    announced = _as_announced(facts, sent[-1])
    if entries(announced, field) != entries(newest.data, field):
        return fails(
            f"{name['nb']} er endret etter kunngjøringen.",
            f"{name['en']} changed after dispatch.",
            nn=f"{name['nn']} er endra etter kunngjeringa.",
        )
    return holds(
        f"{name['nb']} er de kunngjorte.",
        f"{name['en']} are those announced.",
        nn=f"{name['nn']} er dei kunngjorde.",
    )


def _as_announced(facts: Facts, sent: SubmissionFact) -> Mapping[str, Any]:
    """What was sent with the notice, with what approved amendments have corrected since then."""
    documents: Mapping[str, Any] = sent.data
    approvals = [
        made.at
        for made in facts.decided("D5")
        if made.task == AMENDMENT_GATE and made.option == "approve"
    ]
    for approved in approvals:
        proposed = [each for each in facts.all("amendment") if sent.at <= each.at <= approved]
        if proposed:
            documents = corrected(documents, proposed[-1].data)
    return documents


AMENDMENT_GATE = "approve-amendment"


def answers_same_to_all(facts: Facts) -> Verdict:
    """Every answer went to all that took part, at one moment, and what goes names nobody."""
    given = [each for each in facts.releases if each.answers]
    missed = sorted({key for each in given for key in each.missed})
    if missed or (facts.draft is not None and facts.draft.get("same_to_all") is False):
        return fails(
            "Et svar er ikke gitt likt til alle.",
            "An answer did not go to all alike.",
            nn="Eit svar er ikkje gitt likt til alle.",
        )
    named = sum(bool(each.named) for each in facts.questions)
    if named:
        return fails(
            f"{named} svar røper en leverandør ved navn.",
            f"{named} answers name a supplier.",
            nn=f"{named} svar røper ein leverandør ved namn.",
        )
    if not given:
        return holds("Ingen svar er gitt.", "No answers were given.", nn="Ingen svar er gitt.")
    return holds(
        f"{len(given)} ganger er svar gitt til alle i samme øyeblikk.",
        f"{len(given)} times answers went to all at the same moment.",
        nn=f"{len(given)} gonger er svar gitt til alle i same augeblink.",
    )


def answers_in_time(facts: Facts) -> Verdict:
    """Every question has its answer or a refusal with a reason; none came too late."""
    waiting = sum(each.waits for each in facts.questions)
    if waiting > 0:
        return fails(
            f"{waiting} spørsmål er verken besvart eller avslått.",
            f"{waiting} questions are neither answered nor refused.",
            nn=f"{waiting} spørsmål er verken svara på eller avslått.",
        )
    deadline = _tender_deadline_here(facts)
    if deadline is None:
        return holds(
            "Tilbudsfristen er ikke satt ennå.",
            "No tender deadline is set yet.",
            nn="Tilbodsfristen er ikkje sett enno.",
        )
    limit = time_limit("answers", deadline, facts.rules_at)
    late = [each for each in facts.questions if _late(each, limit)]
    verdict = fails if late else holds
    return verdict(
        f"{len(late)} svar kom etter {long_date(limit.period.latest_act, 'nb')} uten at fristen "
        "ble forlenget.",
        f"{len(late)} answers came after {long_date(limit.period.latest_act, 'en')} without an "
        "extension.",
        limit.citation,
        nn=(
            f"{len(late)} svar kom etter {long_date(limit.period.latest_act, 'nn')} "
            "utan at fristen vart forlengd."
        ),
    )


def _tender_deadline_here(facts: Facts) -> datetime | None:
    """As the invitation being written says, else as it stands."""
    draft = moment(facts.draft.get("deadline")) if facts.draft is not None else None
    return draft or tender_deadline(facts)


def _late(question: QuestionFact, limit: TimeLimit) -> bool:
    """A late answer counts where the question was asked in time."""
    released = question.released_at
    return released is not None and question.asked_at < limit.ends_at <= released


def tender_deadline(facts: Facts) -> datetime | None:
    """The time limit for tenders as it stands: process data first, else the invitation."""
    invitation = facts.latest("invitation")
    stated = moment(facts.variables.get("tender_deadline"))
    return stated or (moment(invitation.data.get("deadline")) if invitation else None)


def amendment_in_time(facts: Facts, amendment: Mapping[str, Any]) -> Verdict:
    """Only before the deadline, and only to a later one."""
    current = moment(facts.variables.get("request_deadline"))
    if current is None:
        return fails(
            "Fristen er ikke kjent.", "The deadline is not known.", nn="Fristen er ikkje kjent."
        )
    if facts.now >= current:
        return fails(
            f"Fristen gikk ut {clock_text(current, 'nb')}.",
            f"The deadline passed {clock_text(current, 'en')}.",
            nn=f"Fristen gjekk ut {clock_text(current, 'nn')}.",
        )
    if amendment.get("extends") is not True:
        return holds(
            "Endringen kommer før fristen.",
            "The amendment comes before the deadline.",
            nn="Endringa kjem før fristen.",
        )
    later = moment(amendment.get("new_deadline"))
    if later is None or later <= current:
        return fails(
            "Den nye fristen er ikke senere.",
            "The new deadline is not later.",
            nn="Den nye fristen er ikkje seinare.",
        )
    return holds(
        f"Fristen forlenges til {clock_text(later, 'nb')}.",
        f"The deadline is extended to {clock_text(later, 'en')}.",
        nn=f"Fristen blir forlengd til {clock_text(later, 'nn')}.",
    )


def amendment_not_substantial(facts: Facts, amendment: Mapping[str, Any]) -> Verdict:
    """Minor, drawing nobody else in; a corrected requirement or criterion gives more time."""
    wide = amendment.get("others_unaffected") is not True
    if amendment.get("substantial") is not False or wide:
        return fails(
            "Endringen er vesentlig eller kunne fått andre til å delta.",
            "The amendment is substantial or could have drawn others in.",
            nn="Endringa er vesentleg eller kunne fått andre til å delta.",
        )
    unlawful = _correction_fault(facts, amendment)
    if unlawful is not None:
        return unlawful
    reason = said(amendment, "reason")
    if not reason:
        return unstated(
            "amendment", {"reason": text("begrunnelse", "the reason", nn="grunngiving")}
        )
    return holds(
        f"Ikke vesentlig: {reason}", f"Not substantial: {reason}", nn=f"Ikkje vesentleg: {reason}"
    )


def _correction_fault(facts: Facts, amendment: Mapping[str, Any]) -> Verdict | None:
    """Why a requirement or criterion cannot be corrected so; None where it can, or none is."""
    if not is_correction(amendment):
        return None
    documents = facts.latest(DOCUMENTS)
    if documents is None:
        return missing(DOCUMENTS)
    strangers = unknown_rows(documents.data, amendment)
    if strangers:
        return fails(
            f"Finnes ikke i grunnlaget: {listed(strangers, 'nb')}.",
            f"Not in the documents: {listed(strangers, 'en')}.",
            nn=f"Finst ikkje i grunnlaget: {listed(strangers, 'nn')}.",
        )
    if amendment.get("extends") is not True:
        return fails(
            "Et krav eller kriterium rettes, og fristen må utsettes.",
            "A requirement or criterion is corrected, and the deadline must be extended.",
            nn="Eit krav eller kriterium blir retta, og fristen må utsetjast.",
        )
    weights = [
        number(row, "weight")
        for row in entries(corrected(documents.data, amendment), "award_criteria")
    ]
    total = sum(weight for weight in weights if weight is not None)
    if None not in weights and total != WHOLE:
        return fails(
            f"Vektene blir {total} % etter rettingen.",
            f"The weights add up to {total} % when corrected.",
            nn=f"Vektene blir {total} % etter rettinga.",
        )
    return None


def lots_same_deadline(_: Facts, notice: Mapping[str, Any]) -> Verdict:
    """All lots of one notice have the deadline of the notice."""
    lots, common = entries(notice, "lots"), moment(notice.get("request_deadline"))
    other = [
        said(lot, "id") or "?"
        for lot in lots
        if "deadline" in lot and moment(lot.get("deadline")) != common
    ]
    if other:
        return fails(
            f"Delkontraktene har ulike frister: {listed(other, 'nb')}.",
            f"Lots with another deadline: {listed(other, 'en')}.",
            nn=f"Delkontraktane har ulike fristar: {listed(other, 'nn')}.",
        )
    if not lots:
        return holds(
            "Konkurransen er ikke delt i delkontrakter.",
            "The competition is not divided into lots.",
            nn="Konkurransen er ikkje delt i delkontraktar.",
        )
    return holds(
        f"{len(lots)} delkontrakter har samme frist.",
        f"{len(lots)} lots have the same deadline.",
        nn=f"{len(lots)} delkontraktar har same frist.",
    )


RULES = (
    Rule(
        "lots-same-deadline",
        text(
            "Alle delkontrakter har samme frist",
            "All lots have the same deadline",
            nn="Alle delkontraktar har same frist",
        ),
        "Regulation (EU) 2019/1780, BT-131, BT-1311",
        (PROCUREMENT_LEAD,),
        with_form("notice", lots_same_deadline),
    ),
    Rule(
        "notice-names-procedure",
        text(
            "Kunngjøringen oppgir prosedyren",
            "The notice names the procedure",
            nn="Kunngjeringa oppgir prosedyren",
        ),
        "Regulation (EU) 2019/1780, BT-105",
        (PROCUREMENT_LEAD,),
        with_form("notice", notice_names_procedure),
    ),
    Rule(
        "timeframe-announced",
        text(
            "Tidsplan for dialogen er kunngjort",
            "The timeframe of the dialogue is announced",
            nn="Tidsplan for dialogen er kunngjort",
        ),
        "Directive 2014/24/EU art. 30(2)",
        (PROCUREMENT_LEAD,),
        only_for({COMPETITIVE_DIALOGUE}, with_form("notice", timeframe_announced)),
    ),
    Rule(
        "minimum-invited-lawful",
        text(
            "Minste antall inviterte er lovlig",
            "The minimum number invited is lawful",
            nn="Minste talet på inviterte er lovleg",
        ),
        "FOA § 16-12(3)",
        (PROCUREMENT_LEAD,),
        with_form("notice", minimum_invited_lawful),
    ),
    Rule(
        "rtp-period-long-enough",
        text(
            "Fristen for forespørsler er lang nok",
            "The time limit for requests is long enough",
            nn="Fristen for førespurnader er lang nok",
        ),
        "FOA kap. 20",
        (PROCUREMENT_LEAD,),
        with_form("notice", rtp_period_long_enough),
    ),
    Rule(
        "two-approvals",
        text(
            "To andre har godkjent kunngjøringen",
            "Two others have approved the notice",
            nn="To andre har godkjent kunngjeringa",
        ),
        "god praksis / good practice",
        (QUALITY_ASSURER,),
        two_approvals,
    ),
    Rule(
        "rule-set-pinned",
        text("Regelsettet er låst", "The rule set is pinned", nn="Regelsettet er låst"),
        "FOA § 32-1",
        (PROCUREMENT_LEAD,),
        rule_set_pinned,
    ),
    Rule(
        "minimum-requirements-frozen",
        text(
            "Minstekravene er uendret",
            "The minimum requirements are unchanged",
            nn="Minstekrava er uendra",
        ),
        "FOA § 23-7(2)",
        (PROCUREMENT_LEAD, LEGAL),
        minimum_requirements_frozen,
    ),
    Rule(
        "award-criteria-frozen",
        text(
            "Tildelingskriteriene er uendret",
            "The award criteria are unchanged",
            nn="Tildelingskriteria er uendra",
        ),
        "FOA § 23-7(2)",
        (PROCUREMENT_LEAD, LEGAL),
        award_criteria_frozen,
    ),
    Rule(
        "answers-same-to-all",
        text(
            "Svarene er gitt likt til alle",
            "Answers went to all alike",
            nn="Svara er gitt likt til alle",
        ),
        "FOA § 14-2(2)",
        (PROCUREMENT_LEAD,),
        answers_same_to_all,
    ),
    Rule(
        "answers-in-time",
        text(
            "Spørsmål er besvart i tide",
            "Questions are answered in time",
            nn="Spørsmål er svara på i tide",
        ),
        "FOA § 14-2(2), § 20-1(3)",
        (PROCUREMENT_LEAD,),
        answers_in_time,
    ),
    Rule(
        "amendment-in-time",
        text(
            "Endringen kommer før fristen",
            "The amendment comes before the deadline",
            nn="Endringa kjem før fristen",
        ),
        "FOA § 14-2(1)",
        (PROCUREMENT_LEAD,),
        with_form("amendment", amendment_in_time),
    ),
    Rule(
        "amendment-not-substantial",
        text(
            "Endringen er ikke vesentlig",
            "The amendment is not substantial",
            nn="Endringa er ikkje vesentleg",
        ),
        "FOA § 14-2(1)",
        (PROCUREMENT_LEAD, LEGAL),
        with_form("amendment", amendment_not_substantial),
    ),
)
