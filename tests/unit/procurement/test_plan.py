"""The plan of an innovation partnership: the law's periods, working days, and what choices do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.bundle import collect
from engine.bpmn.compile import compile_deployed
from engine.errors import InvalidInputError
from engine.model.definition import ProcessDefinition
from engine.procurement.calendar import is_working_day
from engine.procurement.happy_path import (
    Evaluate,
    Guide,
    happy_path,
    opening_options,
    stops_of,
)
from engine.procurement.plan import (
    Bar,
    BarKind,
    Plan,
    PlanFacts,
    compare_plans,
    facts_before_start,
)
from engine.procurement.planner import last_day, make_plan
from engine.procurement.planning import AS_IT_IS, Choice, assumptions
from engine.procurement.ruledata import Kind, known_rules

PROCESSES = Path(__file__).parents[3] / "processes"
NOW = datetime(2026, 2, 2, 9, tzinfo=UTC)


@lru_cache(maxsize=1)
def partnership() -> ProcessDefinition:
    bundle = collect(PROCESSES / "innovation-partnership")
    return compile_deployed(bundle.key, bundle.files).definition


def knowing(**answers: bool) -> Evaluate:
    """FEEL by table: what a condition of the model gives."""

    def evaluate(source: str, variables: Mapping[str, Any]) -> Any:
        left, equal, right = source.partition(" = ")
        if equal and left in variables and right.startswith('"') and right.count('"') == 2:
            return variables[left] == right.strip('"')
        return answers.get(source)

    return evaluate


def plan(facts: PlanFacts | None = None, choice: Choice = AS_IT_IS) -> Plan:
    start = NOW.date()
    return make_plan(
        partnership(),
        facts or facts_before_start(start, "innovation-partnership", NOW),
        knowing(),
        start=start,
        choice=choice,
    )


def at(now: datetime, element: str, **variables: Any) -> PlanFacts:
    """A token at the first place of that name on the way, and at everything around it."""
    definition = partnership()
    known = {**opening_options(definition), "procedure": "innovation-partnership"}
    way = stops_of(happy_path(Guide(definition, known, knowing(), {})))
    stop = next(each for each in way if each.element.id == element)
    around = {
        (process.key, key)
        for process in definition.processes.values()
        for key in process.elements.keys() & set(stop.path)
    }
    tokens = frozenset({(stop.process, element), *around})
    return PlanFacts(now, now.date(), "innovation-partnership", variables, tokens)


def bars(found: Plan, element: str) -> list[Bar]:
    return [bar for bar in found.bars if bar.element == element]


def day(found: Plan, milestone: str) -> date:
    known = found.milestone(milestone)
    assert known is not None
    return known.day


@pytest.mark.parametrize(
    ("procedure", "closes"), [("open", "tender-deadline"), ("design-contest", "project-deadline")]
)
def test_what_closes_with_the_notice_has_the_name_it_has_in_the_procedure(
    procedure: str, closes: str
) -> None:
    dispatched = at(NOW, "dispatch-time", notice_sent_at="2026-02-02T08:00:00+00:00")

    found = plan(replace(dispatched, procedure=procedure))

    assert found.milestone("request-deadline") is None
    assert found.milestone(closes) is not None


def test_requests_are_due_thirty_days_after_the_notice_is_dispatched() -> None:
    dispatched = at(
        NOW,
        "dispatch-time",
        notice_sent_at="2026-02-02T08:00:00+00:00",
    )

    found = plan(dispatched)

    assert day(found, "dispatch") == date(2026, 2, 2)
    assert day(found, "request-deadline") == date(2026, 3, 4)
    wait = bars(found, "request-deadline-passed")[0]
    assert (wait.kind, wait.end, wait.rule) == (
        BarKind.LEGAL,
        date(2026, 3, 4),
        "rtp-innovation-partnership",
    )
    assert wait.citation == "FOA § 20-5"


@pytest.mark.parametrize(
    ("letters", "ends"),
    [
        (date(2026, 3, 10), date(2026, 3, 20)),
        (date(2026, 3, 23), date(2026, 4, 7)),  # 2 April is Maundy Thursday: over Easter
        (date(2026, 12, 15), date(2026, 12, 28)),  # 25 December is a holiday
    ],
)
def test_the_contract_can_be_signed_the_day_after_standstill(letters: date, ends: date) -> None:
    noon = datetime(letters.year, letters.month, letters.day, 12, tzinfo=UTC)

    found = plan(at(noon, "standstill-over", letters_sent_at=noon.isoformat()))

    assert day(found, "standstill-end") == ends
    assert found.earliest_signing == date.fromordinal(ends.toordinal() + 1)
    assert bars(found, "standstill-over")[0].citation == "FOA § 25-2(1)"


def test_the_way_goes_through_everything_that_is_called_in_order() -> None:
    found = plan()

    order = [bar.element for bar in found.bars]
    wanted = [
        "describe-need",
        "decide-start",
        "assess-market",
        "decide-procedure",
        "approve-publication",
        "request-deadline-passed",
        "decide-selection",
        "prepare-invitation",
        "decide-round",
        "agree-scores",
        "decide-award",
        "standstill-over",
        "sign-contract",
        "prepare-award-notice",
        "decide-partner",
        "decide-purchase",
        "decide-closing",
    ]
    assert [element for element in dict.fromkeys(order) if element in wanted] == wanted
    assert not {"decide-refusal", "clarify-tender", "close-stopped"} & set(order)


def test_nothing_begins_before_what_it_waits_for_has_ended() -> None:
    found = plan()

    for before, after in (
        ("decide-start", "plan-consultation"),
        ("approve-publication", "request-deadline-passed"),
        ("standstill-over", "sign-contract"),
    ):
        assert bars(found, before)[-1].end < bars(found, after)[0].start, (before, after)


def test_work_side_by_side_begins_together_and_the_longest_counts() -> None:
    found = plan(choice=Choice(extra={"give-citizen-input": 10}))

    employee, citizen = bars(found, "give-employee-input")[0], bars(found, "give-citizen-input")[0]
    assert employee.start == citizen.start
    assert employee.end < citizen.end < bars(found, "answer-input")[0].start


def test_planned_work_never_begins_or_ends_on_a_day_off() -> None:
    for bar in plan().bars:
        if bar.kind is BarKind.PLANNED:
            assert is_working_day(bar.start), bar
            assert is_working_day(bar.end), bar


def test_planned_work_cites_no_law_and_legal_waits_cite_theirs() -> None:
    for bar in plan().bars:
        if bar.kind is BarKind.LEGAL:
            assert bar.citation, bar
            assert bar.why["nb"], bar
            assert bar.why["en"], bar
        if bar.kind is BarKind.PLANNED and bar.element != "prepare-award-notice":
            assert not bar.citation, bar


def test_the_award_notice_shows_the_last_day_of_the_law() -> None:
    found = plan()

    notice = bars(found, "prepare-award-notice")[0]
    assert notice.rule == "contract-award-notice"
    assert notice.latest == day(found, "award-notice")
    assert notice.latest is not None
    assert notice.latest > notice.end


def test_one_round_more_moves_everything_after_it_and_nothing_before() -> None:
    usual, longer = plan(), plan(choice=Choice(repeats={"rounds": 3}))

    moved = {each.id: each.days for each in compare_plans(usual, longer)}

    assert len(bars(longer, "decide-round")) == 3
    assert moved["dispatch"] == moved["tender-deadline"] == 0
    assert moved["award"] > 25
    assert moved["earliest-signing"] > 25
    assert moved["end"] > 25


def test_a_shorter_activity_says_how_many_days_are_won() -> None:
    usual, shorter = plan(), plan(choice=Choice(extra={"describe-need": -5}))

    moved = {each.id: each.days for each in compare_plans(usual, shorter)}

    assert moved["dispatch"] == -7


def test_no_choice_makes_a_legal_period_shorter() -> None:
    usual, tried = plan(), plan(choice=Choice(extra={"standstill-over": -5}))

    assert day(tried, "standstill-end") == day(usual, "standstill-end")


def test_another_procedure_brings_its_own_minimum_periods() -> None:
    usual, other = plan(), plan(choice=Choice(procedure="negotiated"))

    found = bars(other, "deadline-passed")[0]

    assert bars(usual, "deadline-passed")[0].kind is BarKind.WAITING
    assert (found.kind, found.rule) == (BarKind.LEGAL, "tender-period-negotiated")


def test_a_deadline_that_people_have_set_holds_over_the_minimum() -> None:
    facts = at(
        NOW,
        "request-deadline-passed",
        notice_sent_at="2026-01-20T08:00:00+00:00",
        request_deadline="2026-03-13T11:00:00+00:00",
    )

    found = plan(facts)

    milestone = found.milestone("request-deadline")
    assert milestone is not None
    assert (milestone.day, milestone.fact) == (date(2026, 3, 13), True)
    assert bars(found, "register-receipts")[0].start == date(2026, 3, 16)


def test_a_deadline_below_the_minimum_is_not_planned_with_before_dispatch() -> None:
    facts = at(
        NOW,
        "approve-publication",
        notice_sent_at="2026-02-10T08:00:00+00:00",
        request_deadline="2026-02-20T11:00:00+00:00",
    )

    assert day(plan(facts), "request-deadline") == date(2026, 3, 12)


def test_what_is_planned_in_the_documents_counts_over_what_is_usual() -> None:
    facts = facts_before_start(NOW.date(), "innovation-partnership", NOW)

    found = plan(replace(facts, rows={("phase-plan", "phases"): 5}))

    assert len(bars(found, "decide-partner")) == 5


def test_the_same_facts_give_the_same_plan() -> None:
    assert plan() == plan()


def test_a_procedure_without_legal_periods_is_planned_with_its_phases() -> None:
    bundle = collect(PROCESSES / "pre-commercial-procurement")
    definition = compile_deployed(bundle.key, bundle.files).definition
    facts = facts_before_start(NOW.date(), "pre-commercial", NOW)

    found = make_plan(definition, facts, knowing(), start=NOW.date())

    assert [bar.kind for bar in bars(found, "request-deadline-passed")] == [BarKind.WAITING]
    assert [bar.round for bar in bars(found, "evaluate-phase")] == [1, 2, 3]
    assert found.bars[-1].element == "decide-way-on"


def test_a_design_contest_is_planned_open_with_jury_names_and_contract_after_each_other() -> None:
    bundle = collect(PROCESSES / "design-contest")
    definition = compile_deployed(bundle.key, bundle.files).definition
    facts = facts_before_start(NOW.date(), "design-contest", NOW)

    found = make_plan(definition, facts, knowing(), start=NOW.date())

    (deadline,) = bars(found, "request-deadline-passed")
    order = ("register-projects", "deliver-opinion", "declare-against-names", "decide-contract")
    assert deadline.kind == BarKind.WAITING
    assert [bar.element for bar in found.bars if bar.element in order] == [*order]
    assert bars(found, "select-participants") == []


def test_a_procurement_that_is_over_plans_nothing() -> None:
    found = plan(PlanFacts(NOW, NOW.date(), "innovation-partnership", over=True))

    assert found.bars == ()


@pytest.mark.parametrize("choice", [{"repeats": {"rounds": 0}}, {"extra": {"describe-need": 5000}}])
def test_numbers_no_plan_can_have_are_refused(choice: Any) -> None:
    with pytest.raises(InvalidInputError):
        Choice(**choice)


def test_midnight_belongs_to_the_day_it_ends() -> None:
    assert last_day("2026-03-04T23:00:00+00:00") == date(2026, 3, 4)
    assert last_day("2026-03-04T11:00:00+00:00") == date(2026, 3, 4)
    assert last_day("2026-03-04") == date(2026, 3, 4)
    assert last_day("next week") is None


def test_the_assumptions_name_only_rules_that_exist() -> None:
    known = set(known_rules(Kind.TIME_LIMIT))

    named = {rule for each in assumptions().deadlines.values() for rule in each.rules.values()}
    named |= {each.limit for each in assumptions().milestones if each.limit}

    assert named <= known
