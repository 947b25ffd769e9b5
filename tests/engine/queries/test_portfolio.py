"""The portfolio: what is counted, in which order it comes, and by whose rights."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from typing import Any, Final

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.commands.deployments import DeployProcess
from engine.commands.procurements import (
    CancelProcurement,
    Seat,
    StartProcurement,
    SuspendProcurement,
)
from engine.model.actor import SYSTEM
from engine.procurement.risk import Level, RiskFacts, risk_of
from engine.queries.portfolio import (
    Mark,
    PortfolioFilter,
    PortfolioRow,
    Sort,
    Standing,
    overview,
    portfolio,
)
from engine.queries.portfolio_facts import level_of
from engine.queries.view import View
from engine.store.schema import incident, procurement, supplier, task, timer
from tests.support.circle import A, make_circle
from tests.support.platform import START, TEAM, TOWN, Platform
from tests.support.small_process import KEY
from tests.support.valued_process import VALUED, valued_process

Look = Callable[[str], View]
LEGAL: Final = {"rule": "x", "citation": "FOA § 1", "verified": True, "nb": [], "en": []}


@pytest.fixture
def look(any_platform: Platform) -> Iterator[Look]:
    """A view for a person, of what is so at that moment."""
    with ExitStack() as stack:
        yield lambda person: View(
            stack.enter_context(any_platform.store.reader()),
            any_platform.bus.environment.definitions,
            any_platform.actor(person),
            any_platform.clock.now(),
        )


def start(
    platform: Platform, reference: str, title: str = "Bro", team: tuple[Seat, ...] = TEAM
) -> str:
    command = StartProcurement(KEY, title, TOWN, reference, team)
    return str(platform.act("lead", command)["procurement"])


def change(platform: Platform, table: sa.Table, *where: Any, **values: Any) -> None:
    with platform.store.database.begin() as connection:
        connection.execute(sa.update(table).where(*where).values(**values))


def references(view: View, wanted: PortfolioFilter, sort: Sort = Sort.TITLE) -> list[str]:
    return [row.reference for row in portfolio(view, wanted, sort).rows]


def row(view: View, reference: str) -> PortfolioRow:
    found = portfolio(view, PortfolioFilter(Standing.ALL)).rows
    return next(each for each in found if each.reference == reference)


def test_late_tasks_legal_dates_incidents_and_complaints_are_counted(
    any_platform: Platform, look: Look
) -> None:
    key = start(any_platform, "2026/1")
    past = START - timedelta(days=1)
    change(any_platform, task, due_at=past, due_why=LEGAL | {"verified": False})
    change(any_platform, task, process="complaint")
    with any_platform.store.database.begin() as connection:
        values = {"id": "i", "procurement": key, "task": "", "element": "x", "problem": "y"}
        connection.execute(
            sa.insert(incident), values | {"explanation": "", "raised_at": past, "closed_at": None}
        )

    found = row(look("lead"), "2026/1")

    assert {(each.fact, each.number) for each in found.risk.reasons} == {
        ("late", 1),
        ("late_legal", 1),
        ("incidents", 1),
        ("complaints", 1),
        ("unverified", 1),
    }
    assert (found.open_tasks, found.late_tasks, found.risk.level) == (1, 1, Level.HIGH)


def test_the_deadline_is_the_next_date_set_by_law_with_its_reason(
    any_platform: Platform, look: Look
) -> None:
    key = start(any_platform, "2026/1")
    soon, later = START + timedelta(days=5), START + timedelta(days=9)
    change(any_platform, task, due_at=later, due_why=LEGAL)
    by_task = row(look("lead"), "2026/1")
    with any_platform.store.database.begin() as connection:
        values = {"procurement": key, "id": "t", "element": "wait", "due_at": soon}
        connection.execute(sa.insert(timer), values | {"why": LEGAL | {"citation": "FOA § 2"}})

    by_timer = row(look("lead"), "2026/1")

    assert (by_task.deadline, by_task.why["citation"]) == (later, "FOA § 1")
    assert (by_timer.deadline, by_timer.why["citation"]) == (soon, "FOA § 2")


def test_a_date_that_the_model_sets_is_no_legal_deadline(
    any_platform: Platform, look: Look
) -> None:
    start(any_platform, "2026/1")

    found = row(look("lead"), "2026/1")

    fourteen_days = timedelta(days=14) - timedelta(hours=1)  # summer time begins in between
    assert (found.deadline, found.next_due) == (None, START + fourteen_days)


def test_few_suppliers_are_told_until_the_award_and_only_where_the_law_asks(
    any_platform: Platform, look: Look
) -> None:
    key = start(any_platform, "2026/1")
    any_platform.to_branches(key)  # two suppliers

    without_law = row(look("owner"), "2026/1")
    change(any_platform, procurement, procedure="negotiated")
    two_left = row(look("owner"), "2026/1")
    change(any_platform, supplier, supplier.c.key == A, status="withdrawn")
    one_left = row(look("owner"), "2026/1")

    assert without_law.risk.reasons == ()
    assert [(each.fact, each.number) for each in two_left.risk.reasons] == [
        ("suppliers_missing", 1)
    ]
    assert [(each.fact, each.number) for each in one_left.risk.reasons] == [
        ("suppliers_missing", 2)
    ]


def test_how_few_suppliers_are_few_is_for_the_law_that_is_pinned(
    any_platform: Platform, look: Look
) -> None:
    key = start(any_platform, "2026/1")
    any_platform.to_branches(key)  # two suppliers
    change(any_platform, procurement, procedure="negotiated", rules_at="2016-12-31")
    unpinned = row(look("owner"), "2026/1")

    change(any_platform, procurement, rule_set="rules-of-2016")
    before_the_rule = row(look("owner"), "2026/1")
    change(any_platform, procurement, rules_at="2017-01-01")
    under_the_rule = row(look("owner"), "2026/1")

    assert [each.fact for each in unpinned.risk.reasons] == ["suppliers_missing"]
    assert before_the_rule.risk.reasons == ()
    assert [each.fact for each in under_the_rule.risk.reasons] == ["suppliers_missing"]


def test_the_portfolio_is_narrowed_by_standing_procedure_phase_level_words_and_membership(
    any_platform: Platform, look: Look
) -> None:
    start(any_platform, "2026/1", "Årsplan")
    suspended = start(any_platform, "2026/2", "Bro")
    gone = start(any_platform, "2026/3", "Veg", team=(Seat("owner", "procurement-lead"), *TEAM[1:]))
    any_platform.act("lead", SuspendProcurement(suspended, "Venter."))
    any_platform.act("owner", CancelProcurement(gone, "Bortfalt."))
    view = look("lead")

    assert references(view, PortfolioFilter()) == ["2026/2", "2026/1"]
    for wanted, expected in [
        (PortfolioFilter(Standing.ALL), {"2026/1", "2026/2", "2026/3"}),
        (PortfolioFilter(Standing.SUSPENDED), {"2026/2"}),
        (PortfolioFilter(Standing.CANCELLED), {"2026/3"}),
        (PortfolioFilter(Standing.ALL, mine=True), {"2026/1", "2026/2"}),
        (PortfolioFilter(text="årsplan"), {"2026/1"}),
        (PortfolioFilter(text="2026 bro"), {"2026/2"}),
        (PortfolioFilter(text="\x00"), set()),
        (PortfolioFilter(level=Level.MEDIUM), {"2026/2"}),
        (PortfolioFilter(level=Level.HIGH), set()),
        (PortfolioFilter(procedure="open"), set()),
        (PortfolioFilter(phase="award"), set()),
        (PortfolioFilter(organisation=TOWN), {"2026/1", "2026/2"}),
    ]:
        assert set(references(view, wanted)) == expected, wanted


def test_the_portfolio_is_ordered_by_risk_deadline_value_age_and_title(
    any_platform: Platform, look: Look
) -> None:
    any_platform.bus.handle(DeployProcess(VALUED, valued_process(), TOWN), SYSTEM)
    keys = {}
    for number, title in enumerate(("c", "a", "b"), start=1):
        command = StartProcurement(VALUED, title, TOWN, f"2026/{number}", TEAM)
        keys[number] = str(any_platform.act("lead", command)["procurement"])
        any_platform.clock.set(any_platform.clock.now() + timedelta(hours=1))
    any_platform.complete("lead", keys[2], "estimate", submission={"rd_max": 500})
    any_platform.complete("lead", keys[3], "estimate", submission={"rd_max": 900})
    soon = START + timedelta(days=2)
    change(any_platform, task, task.c.procurement == keys[2], due_at=soon, due_why=LEGAL)
    any_platform.act("lead", SuspendProcurement(keys[3], "Venter."))
    view = look("lead")

    found = {sort: references(view, PortfolioFilter(), sort) for sort in Sort}

    assert found == {
        Sort.RISK: ["2026/3", "2026/2", "2026/1"],
        Sort.DEADLINE: ["2026/2", *sorted(("2026/1", "2026/3"), key=lambda r: keys[int(r[-1])])],
        Sort.VALUE: ["2026/3", "2026/2", "2026/1"],
        Sort.NEWEST: ["2026/3", "2026/2", "2026/1"],
        Sort.TITLE: ["2026/2", "2026/3", "2026/1"],
    }
    assert row(view, "2026/3").value == 900


@pytest.mark.parametrize("level", [None, Level.LOW])
@pytest.mark.parametrize("sort", list(Sort))
def test_pages_have_no_gaps_and_no_repeats(
    any_platform: Platform, look: Look, sort: Sort, level: Level | None
) -> None:
    for number in range(7):
        start(any_platform, f"2026/{number}", title=f"Bro {number % 3}")
    view, wanted = look("lead"), PortfolioFilter(level=level)
    whole = references(view, wanted, sort)

    read: list[str] = []
    after: Mark | None = None
    while True:
        part = portfolio(view, wanted, sort, after=after, limit=2)
        read += [each.reference for each in part.rows]
        after = part.next
        if after is None:
            break

    assert len(whole) == 7
    assert read == whole


def test_the_overview_groups_by_phase_and_level_with_what_it_is_worth(
    any_platform: Platform, look: Look
) -> None:
    for number in range(3):
        start(any_platform, f"2026/{number}")
    change(any_platform, procurement, procurement.c.reference == "2026/0", value=500)
    change(any_platform, procurement, procurement.c.reference == "2026/1", value=700)
    view = look("lead")

    whole = overview(view, PortfolioFilter())
    none = overview(look("stranger"), PortfolioFilter())

    assert (whole.number, whole.value) == (3, 1200)
    assert whole.by_level == {Level.HIGH: 0, Level.MEDIUM: 0, Level.LOW: 3}
    assert sum(group.number for group in whole.groups) == 3
    assert (none.number, none.groups, none.procedures) == (0, (), ())


def test_work_confidential_to_suppliers_is_counted_only_for_those_who_may_know(
    any_platform: Platform, look: Look
) -> None:
    """The lead of the organisation without a seat would learn how many suppliers there are."""
    circle = make_circle(any_platform)
    with any_platform.store.reader() as connection:
        query = sa.select(procurement.c.reference).where(procurement.c.id == circle.procurement)
        reference = str(connection.scalar(query))

    counts = {
        person: row(look(person), reference).open_tasks
        for person in ("lead", "owner", "auditor", "colleague", "manager", "employee")
    }

    assert counts == {
        "lead": 2,
        "owner": 2,
        "auditor": 2,
        "colleague": 0,
        "manager": 0,
        "employee": 0,
    }


facts = st.builds(RiskFacts, **{name: st.integers(0, 7) for name in RiskFacts.__dataclass_fields__})


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(counts=facts)
def test_the_database_and_the_rule_agree_on_the_level(
    platform: Platform, counts: RiskFacts
) -> None:
    columns = {name: sa.literal(getattr(counts, name)) for name in RiskFacts.__dataclass_fields__}
    with platform.store.reader() as connection:
        level = connection.scalar(sa.select(level_of(columns)))

    assert level == risk_of(counts).level
