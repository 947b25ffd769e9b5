"""The demonstration: a municipality with work in different phases, on record like any other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.clock import OSLO, SystemClock
from engine.queries.verification import verify_database
from engine.queries.view import View
from engine.queries.worklist import task_lists
from engine.scenarios.reading import read_scenario
from engine.store.people import load_actor
from engine.store.schema import (
    business,
    delivery,
    incident,
    market_input,
    market_signup,
    meeting,
    person,
    poll,
    procurement,
    slot,
    task,
    voter,
)
from service.demo import MUNICIPALITY, furnish
from service.settings import Settings
from service.wiring import Parts, build

ROOT = Path(__file__).parent.parent.parent
COURSES = sorted(ROOT.glob("processes/*/demonstration/*.yaml"))


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """The demonstration, made once."""
    data = tmp_path_factory.mktemp("demonstration")
    settings = Settings.from_environment({"PIVOTAL_DATA": str(data)})
    furnish(settings, lambda _: None)
    made = build(settings)
    yield made
    made.close()


@pytest.fixture
def connection(parts: Parts) -> Iterator[sa.Connection]:
    with parts.store.reader() as opened:
        yield opened


def test_five_procurements_run_in_five_phases(connection: sa.Connection) -> None:
    query = sa.select(procurement.c.phase).where(
        procurement.c.organisation == MUNICIPALITY, procurement.c.status == "running"
    )

    phases = sorted(connection.scalars(query))

    assert phases == ["award", "competition", "development", "market", "negotiation"]


def test_work_waits_for_several_roles_and_some_of_it_is_late(connection: sa.Connection) -> None:
    now = SystemClock().now()
    waiting = task.c.status.in_(("open", "approval"))

    roles = set(connection.scalars(sa.select(task.c.candidate).where(waiting)))
    late = list(connection.scalars(sa.select(task.c.element).where(waiting, task.c.due_at < now)))

    assert len(roles) >= 6
    assert len(late) >= 3


def test_every_supplier_is_called_by_name_on_the_list_of_the_lead(
    parts: Parts, connection: sa.Connection
) -> None:
    lead = load_actor(connection, "leder")
    view = View(connection, parts.definitions, lead, SystemClock().now())

    lists = task_lists(view)
    suppliers = {row.supplier for row in (*lists.mine, *lists.roles) if row.supplier}

    assert suppliers != set()
    assert [name for name in suppliers if name.isdigit()] == []


def test_people_from_outside_have_voted_signed_up_met_and_delivered(
    connection: sa.Connection,
) -> None:
    counted = sa.select(sa.func.count()).select_from(poll).where(poll.c.counted_at.is_not(None))
    of = {
        table.name: connection.scalar(sa.select(sa.func.count()).select_from(table))
        for table in (voter, market_signup, market_input, slot, meeting, delivery, business)
    }

    assert connection.scalar(counted) == 1
    assert of["voter"] == 10
    assert of["market_signup"] == 3
    assert all(of.values())


def test_nothing_is_dated_later_than_today(connection: sa.Connection) -> None:
    newest = connection.scalar(sa.select(sa.func.max(task.c.opened_at)))

    assert newest is not None
    assert newest < SystemClock().now()


def test_nothing_went_wrong_and_every_chain_holds(parts: Parts, connection: sa.Connection) -> None:
    incidents = connection.scalar(sa.select(sa.func.count()).select_from(incident))
    verdicts = list(verify_database(connection, [parts.store.signer.verifier_key]))

    assert incidents == 0
    assert len(verdicts) > len(COURSES)
    assert [verdict for verdict in verdicts if not verdict.ok] == []


def test_making_it_again_changes_nothing(parts: Parts, connection: sa.Connection) -> None:
    count = sa.select(sa.func.count()).select_from(task)
    before = connection.scalar(count)

    furnish(parts.settings, lambda _: None)

    with parts.store.reader() as later:
        assert later.scalar(count) == before


@pytest.mark.parametrize("course", COURSES, ids=lambda course: course.stem)
def test_everybody_in_a_course_lives_in_the_municipality(
    course: Path, connection: sa.Connection
) -> None:
    scenario = read_scenario(course, SystemClock().now().astimezone(OSLO).date())

    members = {each for people in scenario.team.values() for each in people}
    living = set(
        connection.scalars(sa.select(person.c.id).where(person.c.organisation == MUNICIPALITY))
    )

    assert members <= living
