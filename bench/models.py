"""Small processes to measure with, written as text: as plain as the figure allows."""

import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"
  xmlns:pivotal="urn:pivotal:bpmn:1" id="definitions" targetNamespace="urn:pivotal:bench">
"""
_SCHEMA: Final = json.dumps(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Vurdering",
        "type": "object",
        "required": ["title", "points"],
        "properties": {
            "title": {"type": "string", "title": "Tittel", "maxLength": 200},
            "note": {"type": "string", "title": "Merknad", "maxLength": 2000},
            "points": {"type": "integer", "title": "Poeng", "minimum": 0, "maximum": 100},
            "done": {"type": "boolean", "title": "Ferdig"},
        },
    }
).encode()
FORM: Final = {
    "forms/work.schema.json": _SCHEMA,
    "forms/work.ui.json": b'{"ui:order": ["title", "points", "note", "done"]}',
    "forms/work.en.json": b'{"title": "Assessment", "title.title": "Title", "note.title": "Note",'
    b' "points.title": "Points", "done.title": "Done"}',
}
ANSWER: Final = {
    "title": "Trygg badeplass",
    "note": "Løsningen er vurdert mot behovet, og funnene er ført inn i oversikten.",
    "points": 70,
    "done": False,
}
_OUTPUTS: Final = (
    '<pivotal:output variable="points" value="points"/>'
    '<pivotal:output variable="done" value="done"/>'
)
_DECLARED: Final = (
    '<pivotal:variable name="points" type="number" initial="0"/>'
    '<pivotal:variable name="done" type="boolean" initial="false"/>'
)


def _node(kind: str, key: str, inside: str = "", attributes: str = "") -> str:
    name = key.replace("-", " ").capitalize()
    return f'<bpmn:{kind} id="{key}" name="{name}"{attributes}>{inside}</bpmn:{kind}>'


def _task(key: str) -> str:
    form = (
        "<spiffworkflow:properties>"
        '<spiffworkflow:property name="formJsonSchemaFilename" value="work.schema.json"/>'
        "</spiffworkflow:properties>"
    )
    inside = f"<bpmn:extensionElements>{form}{_OUTPUTS}</bpmn:extensionElements>"
    return _node("userTask", key, inside)


def _flow(source: str, target: str, condition: str = "") -> str:
    inside = (
        f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{condition}'
        "</bpmn:conditionExpression>"
        if condition
        else ""
    )
    return (
        f'<bpmn:sequenceFlow id="{source}-to-{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inside}</bpmn:sequenceFlow>"
    )


def _drawing(key: str, nodes: Sequence[str], flows: Iterable[tuple[str, str]]) -> str:
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{each}-di" bpmnElement="{each}">'
        f'<dc:Bounds x="{100 + 140 * place}" y="100" width="100" height="80"/></bpmndi:BPMNShape>'
        for place, each in enumerate(nodes)
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{a}-to-{b}-di" bpmnElement="{a}-to-{b}">'
        '<di:waypoint x="200" y="140"/><di:waypoint x="240" y="140"/></bpmndi:BPMNEdge>'
        for a, b in flows
    )
    return (
        f'<bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="{key}">'
        f"{shapes}{edges}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )


def _process(
    key: str, nodes: dict[str, str], flows: dict[tuple[str, str], str]
) -> dict[str, bytes]:
    """The files of a process; `nodes` by id, `flows` from and to with their conditions."""
    refs = "".join(f"<bpmn:flowNodeRef>{each}</bpmn:flowNodeRef>" for each in nodes)
    role = '<bpmn:extensionElements><pivotal:role id="procurement-lead"/></bpmn:extensionElements>'
    text = (
        f'{HEAD}<bpmn:process id="{key}" name="{key.capitalize()}" isExecutable="true">'
        '<bpmn:extensionElements><pivotal:process procedure="bench" startable="true"/>'
        f"{_DECLARED}</bpmn:extensionElements>"
        f'<bpmn:laneSet id="lanes"><bpmn:lane id="lane-lead" name="Leder">{role}{refs}</bpmn:lane>'
        f"</bpmn:laneSet>{''.join(nodes.values())}"
        f"{''.join(_flow(*ends, condition) for ends, condition in flows.items())}</bpmn:process>"
        f"{_drawing(key, list(nodes), flows)}</bpmn:definitions>"
    )
    return {f"processes/{key}/{key}.bpmn": text.encode(), **FORM}


def rounds() -> dict[str, bytes]:
    """`rounds`: one task again and again until it is said to be done."""
    nodes = {
        "start": _node("startEvent", "start"),
        "work": _task("work"),
        "ready": _node("exclusiveGateway", "ready", attributes=' default="ready-to-work"'),
        "end": _node("endEvent", "end"),
    }
    flows = {
        ("start", "work"): "",
        ("work", "ready"): "",
        ("ready", "work"): "",
        ("ready", "end"): "done = true",
    }
    return _process("rounds", nodes, flows)


def row(length: int, key: str = "row") -> dict[str, bytes]:
    """`length` tasks one after the other."""
    tasks = [f"task-{place}" for place in range(length)]
    nodes = {
        "start": _node("startEvent", "start"),
        **{each: _task(each) for each in tasks},
        "end": _node("endEvent", "end"),
    }
    return _process(key, nodes, dict.fromkeys(pairwise(nodes), ""))


def waiting() -> dict[str, bytes]:
    """`waiting`: a timer of one day, then a task."""
    timer = (
        '<bpmn:timerEventDefinition id="day"><bpmn:timeDuration>P1D</bpmn:timeDuration>'
        "</bpmn:timerEventDefinition>"
    )
    nodes = {
        "start": _node("startEvent", "start"),
        "wait": _node("intermediateCatchEvent", "wait", timer),
        "work": _task("work"),
        "end": _node("endEvent", "end"),
    }
    return _process("waiting", nodes, dict.fromkeys(pairwise(nodes), ""))
