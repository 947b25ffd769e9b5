"""A process whose forms have everything: a matrix over criteria and tenders, computed fields,
look-ups, and a blind form that two people fill in at the same time."""

import json
from typing import Any

from engine.commands.deployments import DeployProcess
from engine.commands.procurements import StartProcurement
from engine.model.actor import SYSTEM
from tests.support.models import chain, extensions, node, process, user_task
from tests.support.platform import TEAM, TOWN, Platform
from tests.support.small_process import form_files
from tests.unit.forms.rich import rich_files

KEY = "rich"
CRITERIA = {"criteria": [{"name": "Kvalitet"}, {"name": "Pris"}]}
_OWNERS = ("assess-first", "assess-second")

_BODY = "\n".join(
    (
        node("startEvent", "start"),
        node(
            "serviceTask",
            "register",
            extensions(
                '<pivotal:operation name="register-suppliers">'
                '<pivotal:input name="suppliers" value="finalists"/></pivotal:operation>'
            ),
        ),
        user_task("set-criteria", form="documents"),
        node("parallelGateway", "begin"),
        user_task("assess-first", form="view"),
        user_task("assess-second", form="view"),
        node("parallelGateway", "done"),
        user_task("summarise", form="rich"),
        node("endEvent", "end"),
        chain("start", "register", "set-criteria", "begin", "assess-first", "done"),
        chain("begin", "assess-second", "done"),
        chain("done", "summarise", "end"),
    )
)
_DECLARED = (
    '<pivotal:variable name="finalists" type="list" initial="['
    "{id: &quot;a&quot;, name: &quot;Alfa AS&quot;}, {id: &quot;b&quot;, name: &quot;Beta AS&quot;}"
    ']"/>'
)


def _criteria() -> dict[str, Any]:
    name = {"type": "string", "title": "Navn", "maxLength": 200}
    row = {"type": "object", "required": ["name"], "properties": {"name": name}}
    return {
        "type": "array",
        "title": "Kriterier",
        "x-item-title": "Kriterium",
        "maxItems": 50,
        "items": row,
    }


def rich_process() -> dict[str, bytes]:
    """The files of the process, as `DeployProcess` takes them."""
    text = process(KEY, _BODY, declared=_DECLARED)
    owner = (
        '<bpmn:lane id="lane-owner" name="Eier">'
        + extensions('<pivotal:role id="need-owner"/>')
        + "".join(f"<bpmn:flowNodeRef>{each}</bpmn:flowNodeRef>" for each in _OWNERS)
        + "</bpmn:lane></bpmn:laneSet>"
    )
    for each in _OWNERS:
        text = text.replace(f"<bpmn:flowNodeRef>{each}</bpmn:flowNodeRef>", "", 1)
    documents = form_files("documents", ["criteria"], criteria=_criteria())
    english = {
        "title": "Documents",
        "criteria.title": "Criteria",
        "criteria.item": "Criterion",
        "criteria.name.title": "Name",
    }
    documents["forms/documents.en.json"] = json.dumps(english).encode()
    view = form_files("view", ["view"], view={"type": "string", "title": "Syn", "maxLength": 200})
    view["forms/view.ui.json"] = json.dumps({"ui:blind": True}).encode()
    return {
        f"processes/{KEY}/{KEY}.bpmn": text.replace("</bpmn:laneSet>", owner, 1).encode(),
        **documents,
        **view,
        **{f"forms/{name}": content for name, content in rich_files().items()},
    }


def start_rich(platform: Platform) -> str:
    """Deploy and start it; the answer is the procurement, where the criteria are to be set."""
    platform.bus.handle(DeployProcess(KEY, rich_process(), TOWN), SYSTEM)
    command = StartProcurement(KEY, "Overvåking", TOWN, "2026/9", TEAM)
    return str(platform.act("lead", command)["procurement"])


def to_assessment(platform: Platform) -> str:
    """With the criteria set, so that the two blind forms are open."""
    procurement = start_rich(platform)
    platform.complete("lead", procurement, "set-criteria", submission=CRITERIA)
    return procurement


def to_summary(platform: Platform) -> str:
    """With both views given, so that the large form is open."""
    procurement = to_assessment(platform)
    platform.complete("owner", procurement, "assess-first", submission={"view": "Best på pris"})
    platform.complete("owner-2", procurement, "assess-second", submission={"view": "Tvil"})
    return procurement
