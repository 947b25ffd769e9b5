"""Small models written as text: one that is right in every respect, and parts to build others."""

import json
import re
from collections.abc import Mapping
from itertools import pairwise

from engine.bpmn.lint.known import Known

KNOWN = Known(
    checks=frozenset({"documents-complete", "participation-answered"}),
    time_limits=frozenset({"standstill-electronic"}),
)

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"
  xmlns:pivotal="urn:pivotal:bpmn:1" id="definitions" targetNamespace="urn:test">
"""

INSTRUCTIONS = "spiffworkflow:instructionsForEndUser"
_NODE = re.compile(
    r'<bpmn:(\w*(?:Task|Event|Gateway|Process|Activity|transaction|task))(?= )[^>]*? id="([^"]+)"'
)
_SUB_PROCESS_END = "</bpmn:subProcess>"
_NODE_OR_END = re.compile(f"{_NODE.pattern}|{_SUB_PROCESS_END}")
_FLOW = re.compile(r'<bpmn:sequenceFlow id="([^"]+)"')
_LANE_NODES = re.compile(r"<bpmn:laneSet.*?</bpmn:laneSet>", re.DOTALL)


def extensions(*parts: str) -> str:
    return f"<bpmn:extensionElements>{''.join(parts)}</bpmn:extensionElements>" if parts else ""


def node(kind: str, key: str, *inside: str, name: str | None = None, **attributes: str) -> str:
    """A flow node; `inside` stands in it as it is."""
    said = key.replace("-", " ").capitalize() if name is None else name
    more = "".join(f' {attribute}="{value}"' for attribute, value in attributes.items())
    return f'<bpmn:{kind} id="{key}" name="{said}"{more}>{"".join(inside)}</bpmn:{kind}>'


def flow(source: str, target: str, condition: str = "") -> str:
    text = ""
    if condition:
        escaped = condition.replace("&", "&amp;").replace("<", "&lt;")
        text = (
            '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
            f"{escaped}</bpmn:conditionExpression>"
        )
    key = f"{source}-to-{target}"
    return (
        f'<bpmn:sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">'
        f"{text}</bpmn:sequenceFlow>"
    )


def chain(*keys: str) -> str:
    """Flows from each to the next."""
    return "".join(flow(a, b) for a, b in pairwise(keys))


def form_of(key: str) -> str:
    """The form files of a task as tools write them."""
    return (
        "<spiffworkflow:properties>"
        f'<spiffworkflow:property name="formJsonSchemaFilename" value="{key}.schema.json"/>'
        f'<spiffworkflow:property name="formUiSchemaFilename" value="{key}.ui.json"/>'
        "</spiffworkflow:properties>"
    )


def user_task(key: str, *parts: str, form: str = "need") -> str:
    return node("userTask", key, extensions(form_of(form), *parts))


def operation(key: str, name: str, **inputs: str) -> str:
    """A step that the platform does itself; the inputs are FEEL."""
    given = "".join(
        f'<pivotal:input name="{each}" value="{value}"/>' for each, value in inputs.items()
    )
    return node(
        "serviceTask",
        key,
        extensions(f'<pivotal:operation name="{name}">{given}</pivotal:operation>'),
    )


def process(
    key: str,
    body: str,
    *,
    declared: str = "",
    startable: bool = True,
    around: str = "",
    role: str = "procurement-lead",
    drawn: bool = True,
) -> str:
    """A whole file: `declared` in the extension elements, `around` beside the process."""
    own = f'<pivotal:process startable="{str(startable).lower()}"/>'
    refs = "".join(f"<bpmn:flowNodeRef>{each}</bpmn:flowNodeRef>" for each in _top_level(body))
    lanes = (
        '<bpmn:laneSet id="lanes"><bpmn:lane id="lane-lead" name="Leder">'
        f"{extensions(f'<pivotal:role id={chr(34)}{role}{chr(34)}/>')}{refs}"
        "</bpmn:lane></bpmn:laneSet>"
    )
    return (
        f'{HEAD}{around}\n<bpmn:process id="{key}" name="Prosess {key}" isExecutable="true">'
        f"{extensions(own, declared)}{lanes}\n{body}</bpmn:process>"
        f"{diagram(key, body) if drawn else ''}</bpmn:definitions>"
    )


def _top_level(body: str) -> list[str]:
    """Ids of the nodes that stand in no sub-process."""
    found, depth = [], 0
    for part in _NODE_OR_END.finditer(body):
        if part[0] == _SUB_PROCESS_END:
            depth -= 1
            continue
        if depth == 0:
            found.append(part[2])
        depth += part[1] == "subProcess"
    return found


def diagram(key: str, body: str) -> str:
    """A drawing of everything in one row; enough for the checks and the picture."""
    shapes = "".join(
        f'<bpmndi:BPMNShape id="{each}-di" bpmnElement="{each}">'
        f'<dc:Bounds x="{100 + 140 * place}" y="100" width="100" height="80"/></bpmndi:BPMNShape>'
        for place, (_, each) in enumerate(_NODE.findall(body))
    )
    edges = "".join(
        f'<bpmndi:BPMNEdge id="{each}-di" bpmnElement="{each}"><di:waypoint x="200" y="140"/>'
        '<di:waypoint x="240" y="140"/></bpmndi:BPMNEdge>'
        for each in _FLOW.findall(body)
    )
    return (
        f'<bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="{key}">'
        f"{shapes}{edges}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram>"
    )


GATE = node(
    "userTask",
    "approve",
    extensions(
        '<pivotal:gate decision="D5" variable="outcome" fourEyes="quality-assurer">'
        '<pivotal:check rule="documents-complete"/>'
        '<pivotal:option value="go" name="Godkjenn" opens="true"/>'
        '<pivotal:option value="return" name="Send tilbake" reason="required"/>'
        "</pivotal:gate>",
        '<pivotal:participation groups="employee citizen"/>',
        '<pivotal:separation notSameAs="describe-need"/>',
        '<pivotal:due rule="standstill-electronic" from="sent_at"/>',
    ),
)

SUPPLIERS = node(
    "subProcess",
    "with-supplier",
    extensions(
        '<pivotal:inPhase ref="dialogue"/>',
        '<pivotal:loop collection="suppliers" item="supplier"'
        ' result="{id: supplier.id, score: score}" results="outcomes"/>',
        '<pivotal:confidentiality perSupplier="supplier.id"/>',
    ),
    "<bpmn:multiInstanceLoopCharacteristics/>",
    node("startEvent", "supplier-start"),
    user_task(
        "score-supplier", '<pivotal:output variable="score" value="points + 0"/>', form="score"
    ),
    node("endEvent", "supplier-end"),
    chain("supplier-start", "score-supplier", "supplier-end"),
)

WITHDRAWS = (
    '<bpmn:message id="msg-withdraws" name="supplier-withdraws">'
    + extensions(
        '<pivotal:message title="Trekker seg" form="withdrawal" roles="procurement-lead"'
        ' correlate="supplier.id"/>'
    )
    + "</bpmn:message>"
    '<bpmn:message id="msg-answer" name="answer-received">'
    + extensions('<pivotal:message title="Svar mottatt" roles="procurement-lead"/>')
    + "</bpmn:message>"
)

BODY = "\n".join(
    (
        node("startEvent", "need-reported"),
        user_task(
            "describe-need",
            f"<{INSTRUCTIONS}>Hva, ikke hvordan.</{INSTRUCTIONS}>",
            '<pivotal:inPhase ref="need"/>',
            '<pivotal:output variable="ambition" value="level"/>',
            '<pivotal:due value="P14D"/>',
        ),
        node(
            "serviceTask",
            "note-sending",
            extensions(
                '<pivotal:operation name="send-to-suppliers">'
                '<pivotal:input name="suppliers" value="suppliers"/>'
                '<pivotal:input name="subject" value="title"/>'
                '<pivotal:input name="letter" value="&quot;Velkommen&quot;"/></pivotal:operation>',
                '<pivotal:output variable="sent_at" value="result.sent_at"/>',
            ),
        ),
        GATE,
        node("exclusiveGateway", "approved"),
        node(
            "businessRuleTask",
            "find-size",
            extensions(
                '<pivotal:decision ref="size" result="size">'
                '<pivotal:answer value="large" name="Stor"/>'
                '<pivotal:answer value="small" name="Liten"/></pivotal:decision>'
            ),
        ),
        SUPPLIERS,
        node(
            "boundaryEvent",
            "withdrawn",
            extensions('<pivotal:output variable="ambition" value="why"/>'),
            '<bpmn:messageEventDefinition id="withdrawn-message" messageRef="msg-withdraws"/>',
            attachedToRef="with-supplier",
            cancelActivity="false",
        ),
        node("endEvent", "withdrawal-noted"),
        node("eventBasedGateway", "answer-or-time"),
        node(
            "intermediateCatchEvent",
            "answered",
            '<bpmn:messageEventDefinition id="answered-message" messageRef="msg-answer"/>',
        ),
        node(
            "intermediateCatchEvent",
            "standstill-over",
            '<bpmn:timerEventDefinition id="standstill-timer"><bpmn:timeDate>'
            'time_limit("standstill-electronic", sent_at)</bpmn:timeDate>'
            "</bpmn:timerEventDefinition>",
        ),
        node("exclusiveGateway", "waited"),
        node("parallelGateway", "both"),
        node(
            "callActivity",
            "check-documents",
            extensions(
                '<pivotal:in variable="kind" value="&quot;final&quot;"/>',
                '<pivotal:out variable="complete" value="complete"/>',
            ),
            calledElement="document-check",
        ),
        node(
            "manualTask",
            "file-papers",
            '<bpmn:standardLoopCharacteristics><bpmn:loopCondition>size = "large"'
            "</bpmn:loopCondition></bpmn:standardLoopCharacteristics>",
        ),
        node("parallelGateway", "both-done"),
        node("exclusiveGateway", "documents-fine", default="documents-fine-to-closed"),
        node("endEvent", "not-complete"),
        node("endEvent", "closed"),
        chain("need-reported", "describe-need", "note-sending", "approve", "approved"),
        flow("approved", "find-size", 'outcome = "go"'),
        flow("approved", "describe-need", 'outcome = "return"'),
        chain("find-size", "with-supplier", "answer-or-time", "answered", "waited"),
        chain("answer-or-time", "standstill-over", "waited"),
        chain("waited", "both", "check-documents", "both-done"),
        chain("both", "file-papers", "both-done", "documents-fine"),
        flow("documents-fine", "not-complete", "complete = false"),
        flow("documents-fine", "closed"),
        flow("withdrawn", "withdrawal-noted"),
    )
)

DECLARED = """
<pivotal:phase id="need" name="Behov"/><pivotal:phase id="dialogue" name="Dialog"/>
<pivotal:variable name="ambition" type="string"/>
<pivotal:variable name="outcome" type="string"/>
<pivotal:variable name="size" type="string"/>
<pivotal:variable name="score" type="number" initial="0"/>
<pivotal:variable name="complete" type="boolean"/>
<pivotal:variable name="sent_at" type="date-time"/>
<pivotal:variable name="suppliers" type="list" initial="[]"/>
<pivotal:variable name="outcomes" type="list"/>
"""

CALLED = process(
    "document-check",
    "\n".join(
        (
            node("startEvent", "check-asked"),
            user_task("look-through", '<pivotal:output variable="complete" value="kind = level"/>'),
            node("endEvent", "check-done"),
            chain("check-asked", "look-through", "check-done"),
        )
    ),
    declared='<pivotal:variable name="kind" type="string"/>'
    '<pivotal:variable name="complete" type="boolean"/>',
    startable=False,
)

TABLE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="sizes" name="Sizes"
  namespace="urn:test">
  <inputData id="ambition-input" name="ambition"/>
  <decision id="size" name="Size">
    <informationRequirement><requiredInput href="#ambition-input"/></informationRequirement>
    <decisionTable id="table" hitPolicy="UNIQUE">
      <input id="i1"><inputExpression><text>ambition</text></inputExpression></input>
      <output id="o1" name="size"/>
      <rule id="r1"><inputEntry><text>"new"</text></inputEntry>
        <outputEntry><text>"large"</text></outputEntry></rule>
      <rule id="r2"><inputEntry><text>not("new")</text></inputEntry>
        <outputEntry><text>"small"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


def form(key: str, field: str, kind: str = "string") -> Mapping[str, bytes]:
    """A form with one field, in all its files."""
    shape: dict[str, object] = {"type": kind, "title": "Felt"}
    if kind == "string":
        shape["maxLength"] = 200
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": key,
        "title": key.capitalize(),
        "type": "object",
        "properties": {field: shape},
    }
    english = {"title": key.capitalize(), f"{field}.title": "Field"}
    return {
        f"forms/{key}.schema.json": json.dumps(schema).encode(),
        f"forms/{key}.ui.json": json.dumps({"ui:order": [field]}).encode(),
        f"forms/{key}.en.json": json.dumps(english).encode(),
    }


def english_of(model: str) -> bytes:
    """English for every text of a model."""
    texts = {f"{key}.name": "Name" for key in re.findall(r' id="([^"]+)" name="[^"]', model)}
    for phase in re.findall(r'<pivotal:phase id="([^"]+)"', model):
        texts.pop(f"{phase}.name")
        texts[f"{phase}.phase"] = "Phase"
    for message in re.findall(r'<bpmn:message id="([^"]+)"', model):
        texts.pop(f"{message}.name")
        texts[f"{message}.title"] = "Title"
    if "instructionsForEndUser" in model:
        texts["describe-need.instructions"] = "What, not how."
        texts |= {"approve.option.go": "Approve", "approve.option.return": "Return"}
        texts["note-sending.letter"] = "Welcome"
    for value in re.findall(r'<pivotal:answer value="([^"]+)"', model):
        texts[f"find-size.answer.{value}"] = value.capitalize()
    return json.dumps(texts).encode()


def good_files() -> dict[str, bytes]:
    """A deployment of `sample` that nothing is wrong with."""
    model = process("sample", BODY, declared=DECLARED, around=WITHDRAWS)
    return {
        "processes/sample/sample.bpmn": model.encode(),
        "processes/sample/sample.en.json": english_of(model),
        "processes/sample/size.dmn": TABLE.encode(),
        "processes/document-check/document-check.bpmn": CALLED.encode(),
        "processes/document-check/document-check.en.json": english_of(CALLED),
        **form("need", "level"),
        **form("score", "points", "number"),
        **form("withdrawal", "why"),
    }


def replaced(old: str, new: str, file: str = "processes/sample/sample.bpmn") -> dict[str, bytes]:
    """The good deployment with `old` replaced in one of its files."""
    files = good_files()
    text = files[file].decode()
    assert old in text, f"{old!r} is not in {file}"
    return files | {file: text.replace(old, new).encode()}
