"""What one supplier said is kept from those who must not know it, on every page."""

from collections.abc import Callable

import pytest

from engine.commands.procurements import Seat
from engine.store import records
from tests.support.platform import TEAM, Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]
SECRETS = ("Alfa", "910000004", "7,5")


@pytest.fixture
def procurement(platform: Platform) -> str:
    """Two suppliers' branches, of which one has been scored; an employee is in the team."""
    key = platform.start(team=(*TEAM, Seat("stranger", "employee")))
    platform.to_branches(key)
    platform.complete("owner", key, "score", "910000004", submission={"points": 7.5})
    return key


TABS = ("", "/team", "/suppliers", "/documents", "/decisions", "/timeline", "/log")


@pytest.mark.parametrize("path", TABS)
def test_an_employee_reads_the_procurement_and_nothing_of_its_suppliers(
    procurement: str, visit: Visit, path: str
) -> None:
    answer = visit("stranger").get(f"/procurements/{procurement}{path}")

    assert answer.status_code == 200
    assert [secret for secret in SECRETS if secret in answer.text] == []


def test_confidential_entries_keep_their_place_in_the_log(procurement: str, visit: Visit) -> None:
    page = visit("stranger").get(f"/procurements/{procurement}/log").text

    assert "Fortrolig innførsel om en leverandør" in page


def test_whoever_runs_the_competition_sees_its_suppliers(procurement: str, visit: Visit) -> None:
    visitor = visit("lead")

    documents = visitor.get(f"/procurements/{procurement}/documents").text
    form = documents.split(f"/procurements/{procurement}/forms/")[1].split('"')[0]

    assert "Alfa" in visitor.get(f"/procurements/{procurement}/suppliers").text
    assert "7,5" in visitor.get(f"/procurements/{procurement}/forms/{form}").text


def test_nobody_reads_a_suppliers_form_who_may_not_know_of_it(
    platform: Platform, procurement: str, visit: Visit
) -> None:
    with platform.store.reader() as connection:
        [score] = records.submissions_of(connection, procurement, "score")
        [need] = records.submissions_of(connection, procurement, "need")
    address = f"/procurements/{procurement}/forms"

    assert visit("stranger").get(f"{address}/{score.id}").status_code == 404
    assert visit("stranger").get(f"{address}/{need.id}").status_code == 200


def test_an_employee_does_not_find_a_suppliers_task(
    platform: Platform, procurement: str, visit: Visit
) -> None:
    task = platform.task(procurement, "score", "910000012")

    assert visit("stranger").get(f"/tasks/{task.id}").status_code == 404
