"""What is sealed for a role is known to its holders alone, until it is published."""

import pytest

from engine.bpmn.compile import check_bundle
from engine.commands.assignment import AssignTask
from engine.commands.comments import AddComment
from engine.commands.deployments import DeployProcess
from engine.commands.procurements import Seat, StartProcurement
from engine.commands.tasks import CompleteTask, DelegateTask
from engine.errors import ForbiddenError, InvalidInputError, NotFoundError
from engine.model.actor import SYSTEM
from engine.queries.procurement import procurement_page
from engine.queries.record import log_of, require_whole_record
from engine.queries.submissions import visible_submissions
from engine.queries.task import task_page
from engine.queries.view import View, find_procurement
from engine.queries.worklist import task_lists
from tests.support.models import chain, extensions, form_of, node, process
from tests.support.platform import TOWN, Platform
from tests.support.small_process import form_files

KEY = "sealed-receipt"
WHO = "Fjord arkitekter"
SEALED = '<pivotal:confidentiality sealedFor="need-owner"/>'
TEAM = (
    Seat("lead", "procurement-lead"),
    Seat("owner", "need-owner"),
    Seat("owner-2", "need-owner"),
    Seat("lawyer", "legal"),
)


def files(sealed: str = SEALED) -> dict[str, bytes]:
    """A task that is sealed for its role, another, and the seal lifted after it."""
    lift = (
        '<pivotal:operation name="lift-seal">'
        '<pivotal:input name="role" value="&quot;need-owner&quot;"/>'
        '<pivotal:input name="form" value="&quot;envelope&quot;"/></pivotal:operation>'
        '<pivotal:output variable="name" value="result.content.who"/>'
    )
    body = "\n".join(
        (
            node("startEvent", "begun"),
            node("userTask", "register", extensions(form_of("envelope"), sealed)),
            node("userTask", "judge", extensions(form_of("verdict"))),
            node("serviceTask", "publish", extensions(lift)),
            node("userTask", "award", extensions(form_of("verdict"))),
            node("endEvent", "done"),
            chain("begun", "register", "judge", "publish", "award", "done"),
        )
    )
    text = process(
        KEY,
        body,
        declared='<pivotal:variable name="name" type="string"/>',
        role="need-owner",
    )
    field = {"type": "string", "title": "Hvem", "maxLength": 200}
    return {
        f"processes/{KEY}/{KEY}.bpmn": text.encode(),
        **form_files("envelope", ["who"], who=field),
        **form_files("verdict", [], note=field),
    }


@pytest.fixture
def procurement(platform: Platform) -> str:
    platform.bus.handle(DeployProcess(KEY, files(), TOWN), SYSTEM)
    start = StartProcurement(KEY, "Ny bro", TOWN, "2026/9", TEAM)
    return str(platform.act("lead", start)["procurement"])


def words_of(platform: Platform, person: str, procurement: str) -> str:
    """All that the read side tells the person of the procurement."""
    actor = platform.actor(person)
    with platform.store.reader() as connection:
        view = View(connection, platform.bus.environment.definitions, actor, platform.clock.now())
        seen = find_procurement(view, procurement)
        return " ".join(
            str(each)
            for each in (
                procurement_page(view, procurement),
                task_lists(view),
                log_of(seen, limit=500),
                visible_submissions(seen),
            )
        )


def sealed_task(platform: Platform, procurement: str) -> str:
    """Registered, with a comment on it that gives the name away too."""
    task = platform.task(procurement, "register").id
    platform.act("owner", AddComment(procurement, f"Ring {WHO}", task))
    platform.act("owner", CompleteTask(task, {"who": WHO}))
    return task


def test_those_without_the_role_find_no_trace_of_what_is_sealed(
    platform: Platform, procurement: str
) -> None:
    task = sealed_task(platform, procurement)

    for person in ("lead", "lawyer"):
        assert WHO not in words_of(platform, person, procurement)
        with platform.store.reader() as connection:
            definitions = platform.bus.environment.definitions
            view = View(connection, definitions, platform.actor(person), platform.clock.now())
            with pytest.raises(NotFoundError):
                task_page(view, task)


def test_the_holders_of_the_role_see_it(platform: Platform, procurement: str) -> None:
    sealed_task(platform, procurement)

    assert WHO in words_of(platform, "owner", procurement)
    assert WHO in words_of(platform, "owner-2", procurement)


def test_an_auditor_sees_it_unless_he_takes_part_himself(platform: Platform) -> None:
    platform.bus.handle(DeployProcess(KEY, files(), TOWN), SYSTEM)
    found = []
    for number, team in enumerate((TEAM, (*TEAM, Seat("auditor", "evaluator")))):
        start = StartProcurement(KEY, "Ny bro", TOWN, f"2026/{number}", team)
        key = str(platform.act("lead", start)["procurement"])
        sealed_task(platform, key)
        found.append(WHO in words_of(platform, "auditor", key))

    assert found == [True, False]


def test_a_sealed_task_is_handed_to_nobody_without_the_role(
    platform: Platform, procurement: str
) -> None:
    task = platform.task(procurement, "register").id

    with pytest.raises(InvalidInputError, match="sealed"):
        platform.act("owner", DelegateTask(task, "lawyer"))
    platform.act("owner", DelegateTask(task, "owner-2"))


def test_a_lead_who_may_not_know_of_a_sealed_task_gives_it_to_nobody(
    platform: Platform, procurement: str
) -> None:
    task = platform.task(procurement, "register").id

    with pytest.raises(NotFoundError):
        platform.act("lead", AssignTask(task, "owner-2", "Fravær."))
    platform.act("owner", AssignTask(task, "owner-2"))


def test_the_whole_record_is_not_exported_by_those_who_may_not_know(
    platform: Platform, procurement: str
) -> None:
    sealed_task(platform, procurement)

    with platform.store.reader() as connection:
        definitions, now = platform.bus.environment.definitions, platform.clock.now()
        lead, auditor = (
            View(connection, definitions, platform.actor(person), now)
            for person in ("lead", "auditor")
        )
        with pytest.raises(ForbiddenError, match="sealed"):
            require_whole_record(lead, procurement)
        assert require_whole_record(auditor, procurement) == "2026/9"


def test_lifting_the_seal_publishes_what_was_said(platform: Platform, procurement: str) -> None:
    sealed_task(platform, procurement)
    before = words_of(platform, "lead", procurement)

    platform.complete("owner", procurement, "judge")

    assert WHO not in before
    assert WHO in words_of(platform, "lead", procurement)
    assert platform.entries(procurement).count("SealLifted") == 1
    assert all(each.ok for each in platform.verify())


def test_what_is_sealed_lies_in_the_lane_of_its_role() -> None:
    wrong = files('<pivotal:confidentiality sealedFor="evaluator"/>')
    unknown = files('<pivotal:confidentiality sealedFor="nobody"/>')
    both = files('<pivotal:confidentiality sealedFor="need-owner" perSupplier="name"/>')
    neither = files("<pivotal:confidentiality/>")

    rules = [
        {each.rule for each in check_bundle(KEY, model)}
        for model in (wrong, unknown, both, neither)
    ]

    assert "seal-of-other-role" in rules[0]
    assert "role-unknown" in rules[1]
    assert "extension-attribute" in rules[2]
    assert "extension-attribute" in rules[3]
