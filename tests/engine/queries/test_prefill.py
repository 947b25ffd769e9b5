"""A form begins with what the model says is known, and whoever fills it in may write otherwise."""

from typing import Any

from engine.commands.deployments import DeployProcess
from engine.commands.drafts import SaveDraft
from engine.commands.procurements import StartProcurement
from engine.commands.tasks import CompleteTask
from engine.model.actor import SYSTEM
from engine.queries.task import task_page
from engine.queries.view import View
from tests.support.models import chain, node, process, user_task
from tests.support.platform import TEAM, TOWN, Platform
from tests.support.small_process import form_files

KEY = "known"


def known() -> dict[str, bytes]:
    """One task that knows a name, a day that the law gives, and three things it cannot know."""
    task = user_task(
        "meet",
        '<pivotal:prefill field="name" value="partner.name + &quot; AS&quot;"/>',
        '<pivotal:prefill field="by" value="date(time_limit(&quot;standstill-electronic&quot;, '
        'date(&quot;2026-03-23&quot;)))"/>',
        '<pivotal:prefill field="why" value="string(time_limit(&quot;standstill-electronic&quot;, '
        'partner.name))"/>',
        '<pivotal:prefill field="word" value="null"/>',
        '<pivotal:prefill field="note" value="1 + partner.name"/>',
        '<pivotal:prefill field="cost" value="100 * 25"/>',
        form="meet",
    )
    model = process(
        KEY,
        node("startEvent", "start")
        + task
        + node("endEvent", "end")
        + chain("start", "meet", "end"),
        declared='<pivotal:variable name="partner" type="context" initial="'
        '{id: &quot;a&quot;, name: &quot;Alfa&quot;}"/>',
    )
    line = {"type": "string", "maxLength": 99}
    form = form_files(
        "meet",
        [],
        name={**line, "title": "Navn"},
        by={"type": "string", "format": "date", "title": "Frist"},
        why={**line, "title": "Hvorfor"},
        word={**line, "title": "Ord"},
        note={**line, "title": "Merknad"},
        cost={"type": "integer", "title": "Kostnad", "x-format": "money"},
    )
    return {f"processes/{KEY}/{KEY}.bpmn": model.encode(), **form}


def started(platform: Platform) -> str:
    platform.bus.handle(DeployProcess(KEY, known(), TOWN), SYSTEM)
    command = StartProcurement(KEY, "Badeplass", TOWN, "2026/9", TEAM)
    procurement = str(platform.act("lead", command)["procurement"])
    return platform.task(procurement, "meet").id


def begins(platform: Platform, task: str) -> dict[str, Any]:
    definitions, now = platform.bus.environment.definitions, platform.clock.now()
    with platform.store.reader() as connection:
        page = task_page(View(connection, definitions, platform.actor("lead"), now), task)
    assert page.draft is not None
    return page.draft.content


def test_the_form_begins_with_what_is_known_and_no_more(any_platform: Platform) -> None:
    task = started(any_platform)

    assert begins(any_platform, task) == {"name": "Alfa AS", "by": "2026-04-07", "cost": 2500}


def test_what_somebody_has_written_stands(platform: Platform) -> None:
    task = started(platform)
    before = begins(platform, task)
    platform.act("lead", SaveDraft(task, {"name": "Beta AS"}, before))

    assert begins(platform, task) == {"name": "Beta AS"}


def test_nothing_of_it_is_handed_in_by_itself(platform: Platform) -> None:
    task = started(platform)
    platform.act("lead", CompleteTask(task, {"why": "Fordi"}))

    definitions, now = platform.bus.environment.definitions, platform.clock.now()
    with platform.store.reader() as connection:
        page = task_page(View(connection, definitions, platform.actor("lead"), now), task)

    assert page.submission is not None
    assert page.submission.content == {"why": "Fordi"}
