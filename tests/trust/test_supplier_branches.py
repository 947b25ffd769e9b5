"""Nobody sees the branch of another supplier: not its words, its files, its people or its name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from typing import Any, Final

import pytest

from engine.commands.messages import ReportMessage
from engine.commands.tasks import DelegateTask
from engine.errors import InvalidInputError, NotFoundError
from engine.queries.conversation import read_attachment
from engine.queries.portfolio import PortfolioFilter, Standing, portfolio
from engine.queries.procurement import procurement_page
from engine.queries.record import audit_of, entries_of_task, log_of
from engine.queries.submissions import context_of, earlier_submissions, visible_submissions
from engine.queries.task import task_page
from engine.queries.view import Seen, View, find_procurement
from engine.queries.worklist import task_lists
from tests.support.circle import A, B, Circle, leave_traces, make_circle
from tests.support.platform import Platform

CANARY: Final = "kanari-beta"
NAMES: Final = (CANARY, "Beta", B, "member-b", "Navn member-b")

EVERYTHING = PortfolioFilter(Standing.ALL)


@pytest.fixture
def circle(platform: Platform) -> Circle:
    """Both branches talk; B's is done, so that its form is handed in."""
    made = make_circle(platform)
    leave_traces(made, "branch-a", "kanari-alfa")
    leave_traces(made, "branch-b", CANARY)
    platform.complete("member-b", made.procurement, "score", B, submission={"points": 3.25})
    return made


@contextmanager
def looking(circle: Circle, person: str) -> Iterator[tuple[View, Seen]]:
    platform = circle.platform
    actor, definitions = platform.actor(person), platform.bus.environment.definitions
    with platform.store.reader() as connection:
        view = View(connection, definitions, actor, platform.clock.now())
        yield view, find_procurement(view, circle.procurement)


def walk(circle: Circle, person: str) -> dict[str, str]:
    """Everything the read side gives the person, as text, by the name of the question."""
    key, mine, theirs = circle.procurement, circle.tasks["branch-a"].id, circle.tasks["branch-b"].id
    with looking(circle, person) as (view, seen):
        verifier = circle.platform.store.signer.verifier_key
        questions: dict[str, Callable[[], Any]] = {
            "task lists": lambda: task_lists(view),
            "procurements": lambda: portfolio(view, EVERYTHING),
            "procurement": lambda: procurement_page(view, key),
            "own task": lambda: task_page(view, mine),
            "other task": lambda: task_page(view, theirs),
            "audit": lambda: audit_of(view, key, verifier),
            "record": lambda: log_of(seen),
            "history of the own task": lambda: entries_of_task(seen, mine),
            "forms": lambda: visible_submissions(seen),
            "forms of the own branch": lambda: earlier_submissions(seen, A),
            "what forms may name": lambda: context_of(seen, A),
        }
        return {name: _text(ask) for name, ask in questions.items()}


def _text(ask: Callable[[], Any]) -> str:
    try:
        return "\n".join(_words(ask()))
    except NotFoundError:
        return ""


def _words(value: Any) -> Iterator[str]:
    """Every text in a tree of plain values; of forms only what they are called."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from _words(getattr(value, each.name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield str(key)
            yield from _words(item)
    elif isinstance(value, list | tuple | set | frozenset):
        for item in value:
            yield from _words(item)


def test_a_member_bound_to_one_supplier_finds_no_trace_of_the_other(circle: Circle) -> None:
    answers = walk(circle, "member-a")

    found = [(name, word) for name, text in answers.items() for word in NAMES if word in text]
    assert found == []
    assert "kanari-alfa" in answers["own task"]
    assert circle.tasks["branch-a"].id in answers["task lists"]


def test_an_employee_finds_nothing_of_any_supplier(circle: Circle) -> None:
    answers = walk(circle, "employee")

    words = (*NAMES, "kanari-alfa", "Alfa", A)
    asked = ("task lists", "procurement", "own task", "other task", "record", "forms")
    found = [(name, word) for name in asked for word in words if word in answers[name]]
    assert found == []
    assert answers["procurement"]


def test_those_who_run_the_competition_see_both(circle: Circle) -> None:
    answers = walk(circle, "lead")

    assert CANARY in answers["other task"]
    assert "kanari-alfa" in answers["own task"]


def test_a_file_of_the_other_branch_cannot_be_fetched_by_its_id(platform: Platform) -> None:
    circle = make_circle(platform)
    file = leave_traces(circle, "branch-b", CANARY)

    for person in ("member-a", "employee", "stranger", "neighbour", "colleague", "administrator"):
        with looking(circle, person) as (view, _), pytest.raises(NotFoundError):
            read_attachment(view, file)
    with looking(circle, "member-b") as (view, _):
        assert read_attachment(view, file).content == f"{CANARY} fil".encode()


def test_a_branch_is_not_delegated_to_the_other_supplier(circle: Circle) -> None:
    task = circle.tasks["branch-a"].id

    with pytest.raises(InvalidInputError, match="another supplier"):
        circle.platform.act("owner", DelegateTask(task, "member-b"))


def test_what_a_member_of_one_branch_reports_is_refused_as_unknown(circle: Circle) -> None:
    command = ReportMessage(circle.procurement, "supplier-withdraws", {"why": "Mangler folk"})

    with pytest.raises(NotFoundError, match="procurement"):
        circle.platform.act("member-a", command)
