"""The evaluation that ships, made startable by itself with two suppliers that have tendered."""

from datetime import timedelta
from typing import Any, Final

from engine.bpmn.bundle import collect
from engine.commands.deployments import DeployProcess
from engine.commands.procurements import Seat, StartProcurement
from engine.model.actor import SYSTEM
from service.content import content_root
from tests.support.circle import A, B
from tests.support.platform import TEAM, TOWN, Platform

KEY: Final = "evaluation"
FLOW: Final = '<bpmn:sequenceFlow id="start-to-check-tenders" sourceRef="start" targetRef="{}"/>'
REGISTER: Final = (
    '<bpmn:serviceTask id="register" name="Registrer"><bpmn:extensionElements>'
    '<pivotal:operation name="register-suppliers">'
    '<pivotal:input name="suppliers" value="finalists"/></pivotal:operation>'
    "</bpmn:extensionElements></bpmn:serviceTask>"
    '<bpmn:sequenceFlow id="registered" sourceRef="register" targetRef="check-tenders"/>'
)
DRAWN: Final = (
    '<bpmndi:BPMNShape id="register_di" bpmnElement="register">'
    '<dc:Bounds x="270" y="250" width="100" height="80"/></bpmndi:BPMNShape>'
    '<bpmndi:BPMNEdge id="registered_di" bpmnElement="registered">'
    '<di:waypoint x="320" y="250"/><di:waypoint x="320" y="215"/></bpmndi:BPMNEdge>'
    "</bpmndi:BPMNPlane>"
)


def evaluation_process() -> dict[str, bytes]:
    """The shipped model, with its suppliers known from the start."""
    files = dict(collect(content_root() / "processes" / KEY).files)
    path = next(each for each in files if each.endswith(f"{KEY}.bpmn"))
    model = files[path].decode()
    suppliers = f'[{{id: "{A}", name: "Alfa AS"}}, {{id: "{B}", name: "Beta AS"}}]'
    begun = "<bpmn:flowNodeRef>start</bpmn:flowNodeRef>"
    for old, new in (
        ('startable="false"', 'startable="true"'),
        (
            'name="finalists" type="list" initial="[]"',
            f'name="finalists" type="list" initial=\'{suppliers}\'',
        ),
        (begun, f"{begun}<bpmn:flowNodeRef>register</bpmn:flowNodeRef>"),
        (FLOW.format("check-tenders"), FLOW.format("register") + REGISTER),
        ("</bpmndi:BPMNPlane>", DRAWN),
    ):
        assert old in model
        model = model.replace(old, new, 1)
    files[path] = model.encode()
    return files


def start_evaluation(platform: Platform, team: tuple[Seat, ...] = TEAM) -> str:
    """A procurement whose tenders have been opened and are to be checked."""
    platform.bus.handle(DeployProcess(KEY, evaluation_process(), TOWN), SYSTEM)
    command = StartProcurement(KEY, "Tryggere badeplasser", TOWN, "2026/8", team)
    return str(platform.act("lead", command)["procurement"])


def ask_about_low_tender(platform: Platform, procurement: str, *, days: int = 7) -> None:
    """The tender of A is priced far below that of B, and A is asked about it in writing."""
    tenders: list[dict[str, Any]] = [
        {"supplier": key, "meets_minimum": "yes", "looks_low": key == A} for key in (A, B)
    ]
    platform.complete("lead", procurement, "check-tenders", submission={"tenders": tenders})
    reply_by = (platform.clock.now() + timedelta(days=days)).isoformat()
    asked = {"kind": "price", "what_looks_low": "Halve prisen.", "reply_by": reply_by}
    platform.complete("lead", procurement, "ask-about-tender", A, submission=asked)
