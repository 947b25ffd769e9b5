"""A task for one person goes to that person, and to the role when there is no such person."""

import pytest

from engine.commands.deployments import DeployProcess
from engine.commands.team import RemoveMember
from engine.errors import DeploymentRefusedError, ForbiddenError
from engine.model.actor import SYSTEM
from engine.store import people
from tests.support.platform import GOOD_NEED, TOWN, Platform
from tests.support.small_process import KEY, small_process

DUE = b'<pivotal:due value="P14D"/>'


def deploy(platform: Platform, performer: str) -> None:
    """The small process, whose first task in the lead's lane is for the performer."""
    files = small_process()
    model = f"processes/{KEY}/{KEY}.bpmn"
    quoted = performer.replace('"', "&quot;")
    wanted = f'<pivotal:performer value="{quoted}"/>'
    files[model] = files[model].replace(DUE, DUE + wanted.encode(), 1)
    platform.bus.handle(DeployProcess(KEY, files, TOWN), SYSTEM)


def test_the_task_belongs_to_the_person_the_model_names(platform: Platform) -> None:
    deploy(platform, '"owner-2"')

    procurement = platform.start()

    assert platform.task(procurement, "describe").assignee == "owner-2"


def test_the_performer_does_the_task_without_the_role(platform: Platform) -> None:
    deploy(platform, '"owner-2"')
    procurement = platform.start()

    platform.complete("owner-2", procurement, "describe", submission=GOOD_NEED)

    assert platform.task(procurement, "draft").status == "open"


@pytest.mark.parametrize("person", ["lead", "owner"])
def test_nobody_else_does_it_not_even_in_the_role(platform: Platform, person: str) -> None:
    deploy(platform, '"owner-2"')
    procurement = platform.start()

    with pytest.raises(ForbiddenError):
        platform.complete(person, procurement, "describe", submission=GOOD_NEED)


def test_a_performer_outside_the_team_leaves_the_task_to_the_role(platform: Platform) -> None:
    deploy(platform, '"stranger"')
    procurement = platform.start()

    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)

    assert platform.task(procurement, "draft").status == "open"


def test_a_performer_who_leaves_the_team_leaves_the_task_to_the_role(platform: Platform) -> None:
    deploy(platform, '"owner-2"')
    procurement = platform.start()
    with platform.store.reader() as connection:
        team = people.team(connection, procurement)
    seat = next(each.id for each in team if each.person == "owner-2")

    platform.act("lead", RemoveMember(procurement, seat, "Sluttet."))

    assert platform.task(procurement, "describe").assignee == ""
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    assert platform.task(procurement, "draft").status == "open"


def test_the_record_tells_whose_task_it_was_and_still_verifies(platform: Platform) -> None:
    deploy(platform, '"owner-2"')
    procurement = platform.start()

    platform.complete("owner-2", procurement, "describe", submission=GOOD_NEED)

    assert all(verdict.ok for verdict in platform.verify())


def test_a_performer_that_speaks_of_nothing_known_is_not_deployed(platform: Platform) -> None:
    with pytest.raises(DeploymentRefusedError) as raised:
        deploy(platform, "nobody.person")

    assert "performer" in str(raised.value.details)
