"""A partnership in which every check holds, and small departures from it."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain
from typing import Any

from engine.clock import OSLO
from engine.procurement.facts import (
    ContributionFact,
    DecisionFact,
    DeliveryFact,
    Facts,
    InquiryFact,
    ItemFact,
    MeetingFact,
    MemberFact,
    MinutesFact,
    OpeningFact,
    QuestionFact,
    ReleaseFact,
    ReturnedFact,
    RoundFact,
    SubmissionFact,
)
from engine.procurement.reading import moment
from tests.unit.procurement import contest, research

KRONE = 100
MILLION = 1_000_000 * KRONE
NO_TIE = {"conclusion": "no_tie", "outcome": "cleared"}
PARTNERS = [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}, {"id": "c", "name": "C"}]


def at(text: str) -> datetime:
    """A moment in Norwegian time."""
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


NOW = at("2026-11-16T10:00")
RULES_AT = date(2026, 8, 3)

DOCUMENTS: Mapping[str, Any] = {
    "need": "Tryggere gange om natten",
    "minimum_requirements": [{"id": "M1", "text": "Skal virke uten nett"}],
    "qualification": [{"id": "K1", "kind": "rd_capability", "text": "Forskning og utvikling"}],
    "selection": [{"criterion": "Gjennomføring av FoU", "rd_capability": True}],
    "award_criteria": [
        {
            "id": "T1",
            "criterion": "Løsning",
            "weight": 40,
            "documentation": "Beskrivelse",
            "price_model": "none",
            "env_code": "none",
        },
        {
            "id": "T2",
            "criterion": "Klima",
            "weight": 30,
            "documentation": "Klimaregnskap",
            "price_model": "none",
            "env_code": "quality-nor-env-criteria",
        },
        {
            "id": "T3",
            "criterion": "Pris",
            "weight": 30,
            "documentation": "Prisskjema",
            "price_model": "linear",
            "env_code": "none",
        },
    ],
    "best_price_quality": True,
    "ipr": "Leverandøren beholder rettighetene",
    "contract_draft": "fil-1",
    "max_partners": 3,
    "reduction_rule": "Etter delmålene",
    "termination_rule": "Etter hver fase",
    "max_cost": 10 * MILLION,
    "performance_levels": [{"metric": "Varsel", "unit": "%", "min": 95, "target": 99}],
    "participant_payment": MILLION,
    "payment_plan": [{"instalment": "1", "due_when": "Levert", "amount": MILLION}],
    "purchase_option": "Inntil 100 enheter",
}

ENTRIES: tuple[tuple[str, str, str, str, Mapping[str, Any]], ...] = (
    (
        "need",
        "2026-01-05T09:00",
        "olga",
        "",
        {
            "need": "Beboere skal kunne gå trygt om natten",
            "functional": True,
            "effects": [
                {
                    "effect": "Færre fall",
                    "indicator": "Fall per måned",
                    "target": 2,
                    "unit": "antall",
                    "by": "2028-12-31",
                }
            ],
        },
    ),
    ("participation", "2026-01-06T09:00", "lise", "", {"waived": False}),
    ("participation-input", "2026-01-07T09:00", "eva", "", {"group": "employee", "input": "Lys"}),
    (
        "participation-answer",
        "2026-01-08T09:00",
        "olga",
        "",
        {"answers": [{"group": "employee", "response": "Tatt med", "used": "yes"}]},
    ),
    (
        "mandate",
        "2026-01-09T09:00",
        "bo",
        "",
        {"owner": "olga", "approved_by": "bo", "budget_max": 20 * MILLION, "signed": True},
    ),
    (
        "estimated-value",
        "2026-01-10T09:00",
        "lise",
        "",
        {
            "rd_max": 5 * MILLION,
            "purchase_est": 8 * MILLION,
            "options": 2 * MILLION,
            "prizes": 1 * MILLION,
            "total": 16 * MILLION,
            "lots": [],
            "method": "Erfaringstall",
        },
    ),
    ("planning-notice", "2026-02-01T09:00", "lise", "", {"dispatch": "2026-02-02T09:00:00+01:00"}),
    (
        "dialogue-conference",
        "2026-02-20T12:00",
        "lise",
        "",
        {"questions": [{"question": "Når?", "answer": "I høst"}], "published": True},
    ),
    (
        "meeting-draw",
        "2026-02-22T12:00",
        "lise",
        "",
        {
            "wanted": 2,
            "method": "Loddtrekning",
            "meetings": [{"id": "m1", "minutes": 45}, {"id": "m2", "minutes": 45}],
        },
    ),
    (
        "hearing-answers",
        "2026-03-10T12:00",
        "lise",
        "",
        {"inputs": [{"topic": "Frist", "outcome": "adopt", "answer": "Utsatt"}]},
    ),
    (
        "level-field",
        "2026-03-12T12:00",
        "jon",
        "",
        {
            "information": [{"text": "Tre etasjer", "where": "Vedlegg 1"}],
            "advisers": [{"name": "M1", "measure": "shared", "heard": False}],
            "period_adequate": True,
            "period_reason": "Seks uker",
        },
    ),
    (
        "meeting-minutes",
        "2026-03-01T12:00",
        "lise",
        "m1",
        {
            "type": "market_121",
            "supplier": "m1",
            "shares_needed": True,
            "shared_to_all": [{"text": "Bygget har tre etasjer"}],
        },
    ),
    (
        "shared-information",
        "2026-03-02T12:00",
        "lise",
        "",
        {
            "items": [{"text": "Tre etasjer", "origin": "derived_from_supplier_anonymised"}],
            "complete": True,
            "anonymised": True,
        },
    ),
    (
        "market-report",
        "2026-03-10T12:00",
        "lise",
        "",
        {
            "solution_exists": False,
            "reason": "Ingen virker uten nett",
            "advisers": [{"name": "Rådgiver", "countermeasure": "Alt er delt"}],
            "risks_of_distortion": "Forsprang",
            "mitigation": "Lang frist",
        },
    ),
    (
        "procedure-choice",
        "2026-04-01T12:00",
        "lise",
        "",
        {
            "result": "innovation-partnership",
            "solution_on_market": "no",
            "development_and_purchase": True,
            "ground": "13-1-3",
            "reason": "Må utvikles",
            "several_partners": True,
            "purchase_proportionate": True,
            "proportion_reason": "Kjøpet er mindre enn det dobbelte",
            "ipr_model": "supplier_keeps",
            "reason_no_lots": "Én løsning",
        },
    ),
    (
        "phase-plan",
        "2026-05-01T12:00",
        "lise",
        "",
        {
            "phases": [{"phase": 1, "goal": "Prototype", "fee": MILLION, "max_partners_next": 2}],
            "targets": [{"phase": 1, "metric": "Varsel", "min": 80}],
        },
    ),
    ("procurement-documents", "2026-06-01T12:00", "lise", "", DOCUMENTS),
    (
        "notice",
        "2026-08-03T09:00",
        "lise",
        "",
        {
            "subtype": "16",
            "dispatch": "2026-08-03T10:00:00+02:00",
            "request_deadline": "2026-09-03T12:00:00+02:00",
            "minimum_invited": 3,
            "maximum_invited": 5,
            "may_reduce": True,
            "may_award_initial": True,
            "procedure_code": "innovation",
        },
    ),
    (
        "amendment",
        "2026-08-10T09:00",
        "lise",
        "",
        {
            "substantial": False,
            "reason": "Retter en skrivefeil",
            "others_unaffected": True,
            "extends": False,
        },
    ),
    (
        "receipts",
        "2026-09-03T13:00",
        "rita",
        "",
        {
            "kind": "request",
            "submissions": [
                {"id": key, "received_at": "2026-09-02T10:00:00+02:00", "on_time": True}
                for key in "abc"
            ],
        },
    ),
    (
        "opening-record",
        "2026-09-03T14:00",
        "rita",
        "",
        {"opened_by": [{"person": "rita"}, {"person": "lise"}]},
    ),
    *(
        (
            "impartiality",
            "2026-09-04T09:00",
            person,
            "",
            {**NO_TIE, "person": person, "supplier_list_version": 1},
        )
        for person in ("lise", "olga", "bo", "ella", "even", "rita")
    ),
    (
        "qualification",
        "2026-09-05T09:00",
        "ella",
        "a",
        {
            "requirements": [{"requirement": "K1", "met": "yes", "evidence": "Attest"}],
            "exclusion_checks": [{"ground": "tax", "found": "no"}],
            "result": "qualified",
        },
    ),
    (
        "selection",
        "2026-09-10T09:00",
        "ella",
        "",
        {
            "candidates": [
                {"supplier": key, "rank": rank, "invite": True}
                for rank, key in enumerate("abc", start=1)
            ],
            "scores": [
                {
                    "supplier": "a",
                    "criterion": "Gjennomføring av FoU",
                    "score": 8,
                    "reason": "Sterk",
                }
            ],
            "published_only": True,
        },
    ),
    (
        "invitation",
        "2026-09-14T09:00",
        "lise",
        "",
        {"documents_url": "https://a.no", "deadline": "2026-10-08T12:00:00+02:00"},
    ),
    ("question", "2026-09-20T09:00", "lise", "a", {"asked_at": "2026-09-20T09:00:00+02:00"}),
    ("question-answer", "2026-09-21T09:00", "lise", "", {"anonymised": True}),
    (
        "answer-release",
        "2026-09-22T09:00",
        "lise",
        "",
        {"same_to_all": True, "published": "2026-09-22T09:00:00+02:00"},
    ),
    ("round-plan", "2026-10-09T09:00", "lise", "", {"rounds": [{"round": 1}]}),
    *(
        (
            "meeting-minutes",
            "2026-10-12T16:00",
            "lise",
            key,
            {
                "type": "negotiation",
                "supplier": key,
                "start": "2026-10-12T09:00:00+02:00",
                "end": "2026-10-12T10:00:00+02:00",
            },
        )
        for key in "abc"
    ),
    (
        "elimination",
        "2026-10-13T09:00",
        "lise",
        "",
        {
            "eliminated_suppliers": [{"supplier": "c", "by_criteria": "T1", "reason": "Svakest"}],
            "criteria_only": True,
        },
    ),
    (
        "final-invitation",
        "2026-10-14T09:00",
        "lise",
        "",
        {"deadline": "2026-10-20T12:00:00+02:00"},
    ),
    ("individual-score", "2026-10-22T09:00", "ella", "", {"own_assessment": True}),
    ("individual-score", "2026-10-22T10:00", "even", "", {"own_assessment": True}),
    (
        "low-tender-reply",
        "2026-10-23T09:00",
        "lise",
        "a",
        {
            "explained": True,
            "labour_breach": False,
            "assessment": "Egen produksjon",
        },
    ),
    *(
        ("minutes-confirmation", "2026-10-14T09:00", "lise", key, {"confirmed": True})
        for key in "abc"
    ),
    (
        "dialogue-decision",
        "2026-10-15T09:00",
        "lise",
        "",
        {
            "considerations": "Temaene er uttømt",
            "solutions": [{"supplier": "a", "meets_needs": True, "reason": "Prøvd i drift"}],
        },
    ),
    (
        "tender-clarification",
        "2026-10-20T09:00",
        "lise",
        "",
        {"essential_changed": False, "distorts": False, "reason": "Bare en presisering"},
    ),
    (
        "commitments",
        "2026-10-27T09:00",
        "lise",
        "",
        {"essential_changed": False, "distorts": False, "reason": "Finansieringen er bekreftet"},
    ),
    (
        "participant-payment",
        "2026-10-28T09:00",
        "bo",
        "",
        {"took_part": True, "amount": MILLION},
    ),
    (
        "consensus",
        "2026-10-26T09:00",
        "ella",
        "",
        {
            "scores": [
                {"supplier": key, "criterion": criterion, "score": 7, "reason": "God"}
                for key in "abc"
                for criterion in ("T1", "Klima", "T3")
            ]
        },
    ),
    (
        "award",
        "2026-10-30T09:00",
        "bo",
        "",
        {"winners": ["a", "b"], "reasons": "Best", "characteristics": "Robust"},
    ),
    *(("award-letter", "2026-11-02T09:00", "lise", key, {"text": "Brev"}) for key in "abc"),
    (
        "final-evidence",
        "2026-11-13T09:00",
        "lise",
        "a",
        {
            "checks": [{"requirement": "K1", "ok": True}],
            "all_ok": True,
            "tax_certificate": "ok",
            "tax_certificate_date": "2026-09-01",
        },
    ),
    (
        "contract",
        "2026-11-13T10:00",
        "bo",
        "a",
        {"signed": True, "signed_at": "2026-11-13T10:00:00+01:00", "value": 10 * MILLION},
    ),
    (
        "phase-plan-partner",
        "2026-11-14T09:00",
        "olga",
        "a",
        {
            "phase": 1,
            "intermediate_targets": [{"metric": "Varsel", "min": 80}],
            "within_contract": True,
            "fee": MILLION,
        },
    ),
    (
        "phase-review",
        "2026-11-14T12:00",
        "olga",
        "a",
        {
            "target_results": [{"metric": "Varsel", "value": 85, "met": True}],
            "recommendation": "go",
            "reasons": "Målet er nådd",
            "announced_targets_only": True,
        },
    ),
    (
        "work-environment",
        "2026-11-14T13:00",
        "vera",
        "a",
        {
            "risks": [{"risk": "Støy", "measure": "Demping"}],
            "acceptable": True,
            "conclusion": "Trygt",
        },
    ),
    (
        "verification",
        "2026-11-15T09:00",
        "ella",
        "a",
        {"performance": [{"metric": "Varsel", "measured": 96}], "full_cost": 9 * MILLION},
    ),
    (
        "purchase-assessment",
        "2026-11-15T10:00",
        "olga",
        "a",
        {
            "performance": [{"metric": "Varsel", "measured": 96}],
            "cost": 9 * MILLION,
            "need_unchanged": True,
            "volume": 100,
            "announced_volume": 100,
        },
    ),
    (
        "contract-change",
        "2026-11-15T11:00",
        "lise",
        "a",
        {"ground": "mod-minv", "value_change_pct": 5},
    ),
    (
        "change-decision",
        "2026-11-15T12:00",
        "lise",
        "a",
        {
            "ground": "mod-minv",
            "legal_assessment": "Liten",
            "overall_nature_kept": True,
            "within_limits": True,
        },
    ),
    (
        "prior-involvement",
        "2026-09-06T09:00",
        "jon",
        "a",
        {
            "measures": [{"knowledge": "Målemetoden", "where": "Vedlegg 2"}],
            "period_adequate": True,
            "cured": True,
        },
    ),
    (
        "confidentiality-breach",
        "2026-09-20T10:00",
        "lise",
        "",
        {"found_at": "2026-09-20T09:00:00+02:00", "personal_data": True},
    ),
    (
        "breach-containment",
        "2026-09-20T11:00",
        "lise",
        "",
        {"stopped": "Delingen er stengt", "access_removed": True},
    ),
    (
        "breach-notification",
        "2026-09-21T09:00",
        "dag",
        "",
        {"notify": "authority", "notified_at": "2026-09-21T09:00:00+02:00"},
    ),
    (
        "breach-assessment",
        "2026-09-22T09:00",
        "jon",
        "",
        {"distorts": False, "suppliers_told": True, "reason": "Ingen så tallene"},
    ),
    (
        "secrecy-marks",
        "2026-11-04T09:00",
        "lise",
        "a",
        {"marks": [{"span": "Punkt 4", "reason": "Prismodell"}]},
    ),
    (
        "secrecy-decision",
        "2026-11-05T09:00",
        "jon",
        "a",
        {"marks": [{"span": "Punkt 4", "secret": True, "reason": "Viser kalkylen"}]},
    ),
    (
        "access-assessment",
        "2026-11-06T09:00",
        "lise",
        "",
        {
            "documents": [
                {
                    "document": "Tilbudet",
                    "kind": "tender",
                    "supplier": "a",
                    "outcome": "redacted",
                    "ground": "s13",
                }
            ],
            "wider_access_considered": True,
        },
    ),
    (
        "benefit",
        "2026-11-15T13:00",
        "olga",
        "",
        {
            "measurements": [{"effect": "Færre fall", "measured": 2, "date": "2026-11-15"}],
            "inputs_answered": True,
        },
    ),
    (
        "cancellation",
        "2026-11-15T14:00",
        "lise",
        "",
        {
            "ground": "ins-fund",
            "objective_reason": "Kommunestyret trakk midlene",
            "informed": ["a", "b", "c"],
        },
    ),
    *contest.ENTRIES,
    *research.ENTRIES,
)

VARIABLES: Mapping[str, Any] = {
    "request_deadline": "2026-09-03T12:00:00+02:00",
    "tender_deadline": "2026-10-08T12:00:00+02:00",
    "minimum_invited": 3,
    "qualified": PARTNERS,
    "invited": PARTNERS,
    "remaining": PARTNERS,
    "ranking": PARTNERS,
    "letters_sent_at": "2026-11-02T09:00:00+01:00",
    "rule_set": "rules-0123",
    "kind": "request",
    "active_partners": PARTNERS,
    "phase": 1,
    **contest.VARIABLES,
    **research.VARIABLES,
}
DECISIONS = (
    DecisionFact("D5", "published", "", ("quinn", "olga"), at("2026-07-01T09:00"), "", "approve"),
    DecisionFact("D6", "qualified", "", ("lise",), at("2026-09-07T09:00"), "a", "qualify"),
    DecisionFact("D6", "qualified", "", ("lise",), at("2026-09-07T10:00"), "b", "qualify"),
    DecisionFact("D11", "continue", "", ("jon",), at("2026-09-23T09:00"), "", "decide-breach"),
    DecisionFact("D10", "several", "Best", ("bo", "lars"), at("2026-10-30T09:00"), "", "award"),
    DecisionFact(
        "D12", "approve", "", ("olga", "bo"), at("2026-11-15T09:00"), "a", "approve-payment"
    ),
)
MEMBERS = (
    MemberFact("lise", "procurement-lead", "", None, None),
    MemberFact("lars", "procurement-lead", "lise", None, None),
    MemberFact("olga", "need-owner", "", None, None),
    MemberFact("oda", "need-owner", "olga", None, None),
    MemberFact("bo", "budget-owner", "", None, None),
    MemberFact("bea", "budget-owner", "bo", None, None),
    MemberFact("ella", "evaluator", "", None, None),
    MemberFact("even", "evaluator", "", date(2026, 1, 1), date(2027, 1, 1)),
    MemberFact("rita", "receiving-officer", "", None, None),
    MemberFact("gone", "evaluator", "", None, date(2026, 2, 1)),
    MemberFact("arne", "auditor", "", None, None),
)


@dataclass(frozen=True)
class Change:
    """How a case departs from the good world: fields of a form set, forms left out, and so on."""

    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    more: tuple[tuple[str, str, str, str, Mapping[str, Any]], ...] = ()
    variables: Mapping[str, Any] = field(default_factory=dict)
    decisions: tuple[DecisionFact, ...] | None = None
    members: tuple[MemberFact, ...] | None = None
    draft: Mapping[str, Any] | None = None
    now: datetime = NOW
    rules_at: date = RULES_AT
    procedure: str = "innovation-partnership"
    scope: str = ""
    contributions: tuple[ContributionFact, ...] = ()
    deliveries: tuple[DeliveryFact, ...] = ()
    openings: tuple[OpeningFact, ...] = ()
    inquiries: tuple[InquiryFact, ...] = (
        InquiryFact(at("2026-10-22T12:00"), at("2026-10-29T12:00"), at("2026-10-23T09:00")),
    )
    returned: tuple[ReturnedFact, ...] = ()
    records: Mapping[str, Any] = field(default_factory=dict)


def of_rounds(submissions: Sequence[SubmissionFact]) -> dict[str, Any]:
    """The records that forms of rounds leave behind, as `engine.commands.dialogue_forms` does."""
    rounds: list[RoundFact] = []
    meetings: list[MeetingFact] = []
    minutes: list[MinutesFact] = []
    for each in sorted(submissions, key=lambda each: each.at):
        if each.form == "round-plan":
            number = len(rounds) + 1
            rounds.append(RoundFact(f"round-{number}", number, each.at, None, True, ""))
        if each.form == "meeting-minutes" and each.data["type"] in ("negotiation", "dialogue"):
            here = rounds[-1].id if rounds else ""
            minutes.append(MinutesFact(here, each.scope, _answered(submissions, each)))
            times = [moment(each.data.get(name)) for name in ("start", "end")]
            if times[0] and times[1]:
                meetings.append(MeetingFact(here, each.scope, times[0], times[1]))
    items = tuple(
        ItemFact(number, True, each.at, shared, shared is None)
        for number, each in enumerate(
            (each for each in submissions if each.form == "oral-answer"), start=1
        )
        for shared in [_shared(submissions, each)]
    )
    return {
        "rounds": tuple(rounds),
        "meetings": tuple(meetings),
        "minutes": tuple(minutes),
        "items": items,
        "questions": tuple(_questions(submissions)),
        "releases": tuple(
            ReleaseFact(True, each.at, (), ())
            for each in submissions
            if each.form == "answer-release"
        ),
    }


def _questions(submissions: Sequence[SubmissionFact]) -> Iterator[QuestionFact]:
    """Answers and refusals belong to the questions in the order in which they came."""

    def of(form: str) -> list[SubmissionFact]:
        return [each for each in submissions if each.form == form]

    settled = [moment(each.data.get("published")) or each.at for each in of("answer-release")]
    refused = [each for each in of("late-question") if each.data["outcome"] == "refuse"]
    for number, each in enumerate(of("question")):
        released = settled[number] if number < len(settled) else None
        waits = number >= len(settled) + len(refused)
        yield QuestionFact(moment(each.data.get("asked_at")) or each.at, released, waits)


def _answered(submissions: Sequence[SubmissionFact], minutes: SubmissionFact) -> bool:
    return any(
        each.data.get("confirmed") or each.data.get("settled")
        for each in submissions
        if each.form == "minutes-confirmation"
        and each.scope == minutes.scope
        and each.at >= minutes.at
    )


def _shared(submissions: Sequence[SubmissionFact], told: SubmissionFact) -> datetime | None:
    later = (each.at for each in submissions if each.form == "shared-information")
    return next((at for at in later if at >= told.at), None)


def facts(change: Change | None = None) -> Facts:
    """The good world, or one that departs from it by `change`."""
    change = change or Change()
    kept = [entry for entry in ENTRIES if entry[0] not in change.without]
    lars = [("impartiality", "2026-09-04T09:00", "lars", "", NO_TIE)]
    kept += [entry for entry in lars if "impartiality" not in change.without]
    kept += change.more
    submissions: dict[str, list[SubmissionFact]] = {}
    for form, when, by, scope, data in kept:
        made = SubmissionFact(
            form=form,
            task=form,
            data=deepcopy({**data, **change.fields.get(form, {})}),
            by=by,
            at=at(when),
            scope=scope,
        )
        submissions.setdefault(form, []).append(made)
    return Facts(
        **{
            "standing": tuple(each["id"] for each in PARTNERS),
            **of_rounds(list(chain.from_iterable(submissions.values()))),
            **change.records,
        },
        now=change.now,
        rules_at=change.rules_at,
        procedure=change.procedure,
        scope=change.scope,
        variables={**VARIABLES, **change.variables},
        submissions=submissions,
        decisions=DECISIONS if change.decisions is None else change.decisions,
        members=MEMBERS if change.members is None else change.members,
        draft=change.draft,
        contributions=change.contributions,
        deliveries=change.deliveries,
        openings=change.openings,
        inquiries=change.inquiries,
        returned=change.returned,
    )
