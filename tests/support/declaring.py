"""A process that asks for declarations of impartiality, with a branch for each supplier."""

from typing import Any

from engine.commands.deployments import DeployProcess
from engine.commands.messages import ReportMessage
from engine.commands.procurements import Seat, StartProcurement
from engine.model.actor import SYSTEM
from tests.support.circle import A, B
from tests.support.models import chain, extensions, flow, node, process, user_task
from tests.support.platform import TOWN, Platform
from tests.support.small_process import form_files

KEY = "declaring"
CLEARED = "cleared"
TEAM = (
    Seat("lead", "procurement-lead"),
    Seat("owner", "need-owner"),
    Seat("lawyer", "legal"),
)
_REPORTS = {
    "declare": "impartiality",
    "conflict": "conflict-of-interest",
    "assess": "conflict-assessment",
}


def _report(name: str) -> str:
    boundary = node(
        "boundaryEvent",
        f"{name}-reported",
        f'<bpmn:messageEventDefinition id="{name}-def" messageRef="msg-{name}"/>',
        attachedToRef="with-supplier",
        cancelActivity="false",
    )
    return boundary + node("endEvent", f"{name}-noted") + flow(f"{name}-reported", f"{name}-noted")


_MESSAGES = "".join(
    f'<bpmn:message id="msg-{name}" name="{name}">'
    + extensions(
        f'<pivotal:message title="{name}" form="{form}" roles="procurement-lead need-owner legal"/>'
    )
    + "</bpmn:message>"
    for name, form in _REPORTS.items()
)
_BRANCH = node(
    "subProcess",
    "with-supplier",
    extensions(
        '<pivotal:loop collection="suppliers" item="supplier"/>',
        '<pivotal:confidentiality perSupplier="supplier.id"/>',
    ),
    "<bpmn:multiInstanceLoopCharacteristics/>",
    node("startEvent", "branch-start"),
    user_task("read-tender", form="note"),
    node("endEvent", "branch-end"),
    chain("branch-start", "read-tender", "branch-end"),
)
_BODY = "\n".join(
    (
        node("startEvent", "start"),
        node(
            "serviceTask",
            "register",
            extensions(
                '<pivotal:operation name="register-suppliers">'
                '<pivotal:input name="suppliers" value="suppliers"/></pivotal:operation>'
            ),
        ),
        _BRANCH,
        user_task("compare", '<pivotal:confidentiality allTenders="true"/>', form="note"),
        node(
            "serviceTask", "change", extensions('<pivotal:operation name="change-supplier-list"/>')
        ),
        user_task("again", '<pivotal:confidentiality allTenders="true"/>', form="note"),
        node("endEvent", "end"),
        *map(_report, _REPORTS),
        chain("start", "register", "with-supplier", "compare", "change", "again", "end"),
    )
)
_DECLARED = (
    '<pivotal:variable name="suppliers" type="list" initial="['
    f"{{id: &quot;{A}&quot;, name: &quot;Alfa&quot;}}, "
    f"{{id: &quot;{B}&quot;, name: &quot;Beta&quot;}}"
    ']"/>'
)


def _short(title: str) -> dict[str, Any]:
    return {"type": "string", "title": title, "maxLength": 200}


def start_declaring(platform: Platform) -> str:
    """Deployed and started: suppliers are registered and nobody has declared."""
    person, assessor, outcome = _short("Hvem"), _short("Vurdert av"), _short("Utfall")
    files = {
        f"processes/{KEY}/{KEY}.bpmn": process(
            KEY, _BODY, declared=_DECLARED, around=_MESSAGES
        ).encode(),
        **form_files("note", [], note=_short("Merknad")),
        **form_files(
            "impartiality",
            [],
            person=person,
            conclusion=_short("Erklæring"),
            assessed_by=assessor,
            outcome=outcome,
        ),
        **form_files("conflict-of-interest", [], person=person),
        **form_files("conflict-assessment", [], person=person, outcome=outcome),
    }
    platform.bus.handle(DeployProcess(KEY, files, TOWN), SYSTEM)
    start = StartProcurement(KEY, "Badeplass", TOWN, "2026/77", TEAM)
    return str(platform.act("lead", start)["procurement"])


def declare(platform: Platform, procurement: str, person: str, **said: str) -> None:
    """The person declares to have no tie."""
    content = {"person": person, "conclusion": "no_tie", **said}
    platform.act(person, ReportMessage(procurement, "declare", content))


def report_conflict(platform: Platform, procurement: str, by: str, about: str) -> None:
    platform.act(by, ReportMessage(procurement, "conflict", {"person": about}))


def assess(platform: Platform, procurement: str, by: str, about: str, outcome: str) -> None:
    content = {"person": about, "outcome": outcome}
    platform.act(by, ReportMessage(procurement, "assess", content))
