"""A small process with two lanes, a gate with four eyes, a branch per supplier, a timer and a
happening: enough to try every command on."""

import json
from typing import Any

from tests.support.models import chain, extensions, flow, form_of, node, process

KEY = "small"


def _task(key: str, *parts: str, form: str = "need", name: str | None = None) -> str:
    return node("userTask", key, extensions(form_of(form), *parts), name=name)


_GATE = node(
    "userTask",
    "approve",
    extensions(
        form_of("approval"),
        '<pivotal:gate decision="D5" variable="outcome" fourEyes="legal">'
        '<pivotal:check rule="need-is-functional"/>'
        '<pivotal:option value="go" name="Godkjenn" opens="true"/>'
        '<pivotal:option value="return" name="Send tilbake" reason="required"/>'
        '<pivotal:option value="stop" name="Stopp" reason="required"/>'
        "</pivotal:gate>",
        '<pivotal:separation notSameAs="draft"/>',
    ),
)

_BRANCH = node(
    "subProcess",
    "with-supplier",
    extensions(
        '<pivotal:loop collection="suppliers" item="supplier" result="{id: supplier.id, '
        'points: points}" results="outcomes"/>',
        '<pivotal:confidentiality perSupplier="supplier.id"/>',
    ),
    "<bpmn:multiInstanceLoopCharacteristics/>",
    node("startEvent", "branch-start"),
    _task("score", '<pivotal:output variable="points" value="points"/>', form="score"),
    node("endEvent", "branch-end"),
    chain("branch-start", "score", "branch-end"),
)

_MESSAGES = (
    '<bpmn:message id="msg-withdraws" name="supplier-withdraws">'
    + extensions(
        '<pivotal:message title="Trekker seg" form="withdrawal" roles="procurement-lead"'
        ' correlate="supplier.id"/>'
    )
    + "</bpmn:message>"
)

_BODY = "\n".join(
    (
        node("startEvent", "start"),
        _task(
            "describe",
            '<pivotal:output variable="wanted" value="title"/>',
            '<pivotal:due value="P14D"/>',
        ),
        _task("draft", form="approval"),
        _GATE,
        node("exclusiveGateway", "approved", default="approved-to-register"),
        node(
            "serviceTask",
            "register",
            extensions(
                '<pivotal:operation name="register-suppliers">'
                '<pivotal:input name="suppliers" value="suppliers"/></pivotal:operation>'
            ),
        ),
        _BRANCH,
        node(
            "boundaryEvent",
            "withdrawn",
            '<bpmn:messageEventDefinition id="withdrawn-def" messageRef="msg-withdraws"/>',
            attachedToRef="with-supplier",
        ),
        node(
            "intermediateCatchEvent",
            "wait",
            '<bpmn:timerEventDefinition id="wait-def"><bpmn:timeDate>time_limit('
            '"standstill-electronic", started_at)</bpmn:timeDate></bpmn:timerEventDefinition>',
        ),
        _task("sign", form="approval"),
        node("endEvent", "signed"),
        node("endEvent", "stopped"),
        node("endEvent", "gone"),
        chain("start", "describe", "draft", "approve", "approved"),
        flow("approved", "draft", 'outcome = "return"'),
        flow("approved", "stopped", 'outcome = "stop"'),
        chain("approved", "register", "with-supplier", "wait", "sign", "signed"),
        flow("withdrawn", "gone"),
    )
)

_DECLARED = (
    '<pivotal:variable name="wanted" type="string"/>'
    '<pivotal:variable name="outcome" type="string"/>'
    '<pivotal:variable name="points" type="number"/>'
    '<pivotal:variable name="outcomes" type="list" initial="[]"/>'
    '<pivotal:variable name="suppliers" type="list" initial="['
    "{id: &quot;910000004&quot;, name: &quot;Alfa&quot;}, "
    '{id: &quot;910000012&quot;, name: &quot;Beta&quot;}]"/>'
)

_OWNER_TASKS = ("draft", "score")


def _form(heading: str, required: list[str], /, **properties: Any) -> bytes:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": heading,
        "type": "object",
        "required": required,
        "properties": properties,
    }
    return json.dumps(schema).encode()


def _text(title: str) -> dict[str, Any]:
    return {"type": "string", "title": title, "minLength": 3, "maxLength": 200}


def _files(key: str, schema: bytes) -> dict[str, bytes]:
    """The form with an empty ui and English texts that repeat the bokmål ones."""
    content = json.loads(schema)
    english = {"title": content["title"]}
    english |= {f"{name}.title": field["title"] for name, field in content["properties"].items()}
    return {
        f"forms/{key}.schema.json": schema,
        f"forms/{key}.ui.json": b"{}",
        f"forms/{key}.en.json": json.dumps(english).encode(),
    }


def form_files(key: str, required: list[str], **properties: Any) -> dict[str, bytes]:
    """The three files of a form for a process that a test writes itself."""
    return _files(key, _form(key.title(), required, **properties))


def small_process(*, title: str = "Behov") -> dict[str, bytes]:
    """The files of the process, as `DeployProcess` takes them."""
    text = process(KEY, _BODY, declared=_DECLARED, around=_MESSAGES)
    owner = (
        '<bpmn:lane id="lane-owner" name="Eier">'
        + extensions('<pivotal:role id="need-owner"/>')
        + "".join(f"<bpmn:flowNodeRef>{each}</bpmn:flowNodeRef>" for each in _OWNER_TASKS)
        + "</bpmn:lane></bpmn:laneSet>"
    )
    for each in _OWNER_TASKS:
        text = text.replace(f"<bpmn:flowNodeRef>{each}</bpmn:flowNodeRef>", "", 1)
    text = text.replace("</bpmn:laneSet>", owner, 1)
    need = _form(
        title,
        ["title"],
        title=_text("Tittel"),
        need=_text("Behov"),
        functional={"type": "boolean", "title": "Funksjonelt"},
    )
    points = {"type": "number", "title": "Poeng", "minimum": 0, "maximum": 10}
    return {
        f"processes/{KEY}/{KEY}.bpmn": text.encode(),
        **_files("need", need),
        **_files("approval", _form("Vurdering", [], note=_text("Merknad"))),
        **_files("score", _form("Poeng", ["points"], points=points)),
        **_files("withdrawal", _form("Trekk", ["why"], why=_text("Hvorfor"))),
    }
