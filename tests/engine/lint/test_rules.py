"""Each rule has at least one model that breaks it; the good model breaks none."""

from collections.abc import Mapping

import pytest

from engine.bpmn.compile import check_bundle, compile_bundle
from engine.bpmn.lint.rules import LAW_RULES, RULES, SOUNDNESS_RULES, WAIVER_RULES
from engine.errors import DeploymentRefusedError
from tests.support.models import (
    BODY,
    DECLARED,
    KNOWN,
    WITHDRAWS,
    chain,
    extensions,
    flow,
    good_files,
    node,
    process,
    replaced,
    user_task,
)

MODEL = "processes/sample/sample.bpmn"
CALLED = "processes/document-check/document-check.bpmn"
ENGLISH = "processes/sample/sample.en.json"


def instead(
    *parts: str, declared: str = "", around: str = "", drawn: bool = True
) -> dict[str, bytes]:
    """A deployment whose model has this body."""
    body = "\n".join(parts)
    model = process("sample", body, declared=declared, around=around, drawn=drawn)
    return good_files() | {MODEL: model.encode()}


def between(*middle: str, keys: tuple[str, ...] = (), **options: str) -> dict[str, bytes]:
    """A start, the parts, and an end in one line."""
    start, end = node("startEvent", "begun"), node("endEvent", "ended")
    return instead(start, *middle, end, chain("begun", *keys, "ended"), **options)


def without(name: str) -> dict[str, bytes]:
    return {key: content for key, content in good_files().items() if key != name}


def with_file(name: str, content: bytes) -> dict[str, bytes]:
    return good_files() | {name: content}


def event(kind: str, key: str, definition: str, **attributes: str) -> str:
    return node(kind, key, f'<bpmn:{definition} id="{key}-definition"/>', **attributes)


def timer(text: str) -> dict[str, bytes]:
    return replaced('time_limit("standstill-electronic", sent_at)', text)


TASK = user_task("do-it")
OPERATION = '<pivotal:operation name="assign"/>'
SERVICE = node("serviceTask", "serve", extensions(OPERATION))
MARKER = "<bpmn:multiInstanceLoopCharacteristics/>"
LOOP = (
    '<bpmn:standardLoopCharacteristics><bpmn:loopCondition>size = "large"'
    "</bpmn:loopCondition></bpmn:standardLoopCharacteristics>"
)
TWO_FLOWS = (
    node("startEvent", "begun"),
    TASK,
    node("endEvent", "ended"),
    node("endEvent", "ended-too"),
    chain("begun", "do-it", "ended"),
    flow("do-it", "ended-too"),
)
CHOICE = (
    node("startEvent", "begun"),
    node("exclusiveGateway", "choose"),
    node("endEvent", "ended"),
    node("endEvent", "ended-too"),
    flow("begun", "choose"),
)
XOR_THEN_AND = (
    node("startEvent", "begun"),
    node("exclusiveGateway", "choose", default="choose-to-do-it"),
    TASK,
    SERVICE,
    node("parallelGateway", "join"),
    node("endEvent", "ended"),
    chain("begun", "choose", "do-it", "join", "ended"),
    flow("choose", "serve", "true"),
    flow("serve", "join"),
)
TIMERS = event("intermediateCatchEvent", "second", "timerEventDefinition")

BAD: Mapping[str, Mapping[str, bytes]] = {
    "xml-not-well-formed": replaced("</bpmn:definitions>", ""),
    "xml-doctype": replaced("<bpmn:definitions", "<!DOCTYPE x>\n<bpmn:definitions"),
    "file-too-large": with_file(MODEL, b"<a>" + b" " * 3_000_000 + b"</a>"),
    "xml-too-deep": with_file(MODEL, b"<a>" * 61 + b"</a>" * 61),
    "json-not-valid": with_file(ENGLISH, b'{"a": '),
    "not-bpmn": with_file(MODEL, b"<html/>"),
    "one-process-per-file": replaced("</bpmn:process>", '</bpmn:process><bpmn:process id="p"/>'),
    "process-key": replaced('<bpmn:process id="sample"', '<bpmn:process id="other"'),
    "process-too-large": replaced(
        '<pivotal:phase id="need"', '<pivotal:phase id="again" name="Igjen"/>' * 1001
    ),
    "process-not-executable": replaced('isExecutable="true"', 'isExecutable="false"'),
    "no-root-process": without(MODEL),
    "file-missing": without("forms/need.schema.json"),
    "file-not-used": with_file("processes/sample/start.py", b"print()"),
    "id-missing": replaced('id="describe-need-to-note-sending"', ""),
    "id-not-unique": replaced('id="withdrawn-message"', 'id="approve"'),
    "id-reserved": replaced('"closed"', '"End"'),
    "id-not-kebab-case": replaced('"closed"', '"Activity_0x1"'),
    "reference-dangling": replaced('messageRef="msg-answer"', 'messageRef="msg-gone"'),
    "flow-crosses-border": replaced('targetRef="supplier-end"', 'targetRef="closed"'),
    "start-missing": instead(TASK, node("endEvent", "ended"), flow("do-it", "ended")),
    "start-not-single": replaced(
        '<bpmn:endEvent id="closed"', '<bpmn:startEvent id="again"/><bpmn:endEvent id="closed"'
    ),
    "start-not-plain": instead(
        node("startEvent", "begun"),
        node(
            "subProcess",
            "inner",
            event("startEvent", "by-time", "timerEventDefinition"),
            node("endEvent", "inner-end"),
            flow("by-time", "inner-end"),
        ),
        node("endEvent", "ended"),
        chain("begun", "inner", "ended"),
    ),
    "end-missing": instead(node("startEvent", "begun"), TASK, flow("begun", "do-it")),
    "node-unreachable": replaced(
        '<bpmn:endEvent id="closed"', '<bpmn:endEvent id="nowhere"/><bpmn:endEvent id="closed"'
    ),
    "node-dead-end": instead(*TWO_FLOWS[:3], flow("begun", "do-it")),
    "no-way-to-end": instead(
        node("startEvent", "begun"),
        TASK,
        SERVICE,
        node("endEvent", "ended"),
        chain("begun", "do-it", "serve", "do-it"),
    ),
    "start-has-incoming": instead(*TWO_FLOWS, flow("do-it", "begun")),
    "end-has-outgoing": instead(*TWO_FLOWS, flow("ended", "do-it")),
    "boundary-has-incoming": replaced('targetRef="withdrawal-noted"', 'targetRef="withdrawn"'),
    "pool-with-process": instead(
        BODY,
        declared=DECLARED,
        around=WITHDRAWS
        + '<bpmn:collaboration id="all"><bpmn:participant id="a" processRef="sample"/>'
        '<bpmn:participant id="b" processRef="sample"/></bpmn:collaboration>',
    ),
    "pool-only-drawn": instead(
        BODY,
        declared=DECLARED,
        around=WITHDRAWS
        + '<bpmn:collaboration id="all"><bpmn:participant id="kofa"/></bpmn:collaboration>',
    ),
    "lanes-missing": replaced("bpmn:lane", "bpmn:group"),
    "diagram-missing": instead(BODY, declared=DECLARED, around=WITHDRAWS, drawn=False),
    "diagram-invalid": replaced('x="100" y="100"', 'x="left" y="100"'),
    "shape-missing": replaced('bpmnElement="closed"', 'bpmnElement="gone"'),
    "element-unknown": between(node("teleportTask", "go"), keys=("go",)),
    "element-not-supported": between(node("task", "go"), keys=("go",)),
    "complex-gateway": between(node("complexGateway", "choose"), keys=("choose",)),
    "implicit-split": instead(*TWO_FLOWS),
    "condition-without-choice": instead(
        *TWO_FLOWS[:3], flow("begun", "do-it"), flow("do-it", "ended", "true")
    ),
    "event-gateway-target": replaced('targetRef="answered"', 'targetRef="both"'),
    "event-gateway-instantiates": replaced(
        "<bpmn:eventBasedGateway ", '<bpmn:eventBasedGateway instantiate="true" '
    ),
    "compensation": between(
        event("intermediateThrowEvent", "undo", "compensateEventDefinition"), keys=("undo",)
    ),
    "link-event": between(
        event("intermediateThrowEvent", "jump", "linkEventDefinition"), keys=("jump",)
    ),
    "event-sub-process": replaced("<bpmn:subProcess ", '<bpmn:subProcess triggeredByEvent="true" '),
    "ad-hoc-sub-process": between(node("adHocSubProcess", "any", TASK), keys=("any",)),
    "transaction": replaced("bpmn:subProcess", "bpmn:transaction"),
    "cancel-event": between(
        event("intermediateThrowEvent", "stop", "cancelEventDefinition"), keys=("stop",)
    ),
    "event-multiple": replaced(
        '<bpmn:messageEventDefinition id="answered-message"',
        '<bpmn:signalEventDefinition id="s"/><bpmn:messageEventDefinition id="answered-message"',
    ),
    "data-element": between(TASK, '<bpmn:dataObject id="paper"/>', keys=("do-it",)),
    "script": between(
        node("scriptTask", "run", "<bpmn:script>import os</bpmn:script>"), keys=("run",)
    ),
    "cycle-timer": replaced(
        '<bpmn:timeDate>time_limit("standstill-electronic", sent_at)</bpmn:timeDate>',
        "<bpmn:timeCycle>R3/P1D</bpmn:timeCycle>",
    ),
    "instantiate": between(node("receiveTask", "receive", instantiate="true"), keys=("receive",)),
    "loop-without-collection": replaced(
        '<bpmn:businessRuleTask id="find-size" name="Find size">',
        f'<bpmn:businessRuleTask id="find-size" name="Find size">{MARKER}',
    ),
    "loop-without-marker": replaced(MARKER, ""),
    "loop-own-data": replaced(
        MARKER,
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:inputDataItem id='d'/>"
        "</bpmn:multiInstanceLoopCharacteristics>",
    ),
    "loop-never-ends": replaced(LOOP, "<bpmn:standardLoopCharacteristics/>"),
    "interface-missing": replaced(' messageRef="msg-answer"', ""),
    "throw-not-caught": instead(
        node("startEvent", "begun"),
        node("endEvent", "failed", '<bpmn:errorEventDefinition errorRef="too-late"/>'),
        chain("begun", "failed"),
        around='<bpmn:error id="too-late" name="Too late" errorCode="late"/>',
    ),
    "catch-never-thrown": instead(
        node("startEvent", "begun"),
        TASK,
        node("endEvent", "ended"),
        node(
            "boundaryEvent",
            "late",
            '<bpmn:errorEventDefinition errorRef="too-late"/>',
            attachedToRef="do-it",
        ),
        node("endEvent", "ended-late"),
        chain("begun", "do-it", "ended"),
        chain("late", "ended-late"),
        around='<bpmn:error id="too-late" name="Too late" errorCode="late"/>',
    ),
    "message-unused": between(TASK, keys=("do-it",), around=WITHDRAWS),
    "gateway-mismatch": instead(*XOR_THEN_AND),
    "gateway-without-choice": between(
        TASK, node("parallelGateway", "useless"), keys=("do-it", "useless")
    ),
    "extension-unknown": replaced(
        '<pivotal:due value="P14D"/>', '<pivotal:deadline value="P14D"/>'
    ),
    "extension-attribute": replaced('opens="true"', 'open="true"'),
    "spiff-extension": replaced(
        "<spiffworkflow:instructionsForEndUser>",
        "<spiffworkflow:taskMetadataValues/><spiffworkflow:instructionsForEndUser>",
    ),
    "task-without-work": between(node("userTask", "stare"), keys=("stare",)),
    "task-without-role": replaced("<bpmn:flowNodeRef>describe-need</bpmn:flowNodeRef>", ""),
    "lane-without-role": replaced('<pivotal:role id="procurement-lead"/>', ""),
    "role-unknown": replaced('<pivotal:role id="procurement-lead"/>', '<pivotal:role id="king"/>'),
    "phase-unknown": replaced('<pivotal:inPhase ref="need"/>', '<pivotal:inPhase ref="nowhere"/>'),
    "gate-decision": replaced('decision="D5"', 'decision="D99"'),
    "gate-check-unknown": replaced('rule="documents-complete"', 'rule="stars-align"'),
    "gate-options": replaced(
        '<pivotal:option value="return" name="Send tilbake" reason="required"/>', ""
    ),
    "gate-cannot-refuse": replaced('reason="required"', 'opens="true"'),
    "gate-never-opens": replaced(' opens="true"', ""),
    "gate-without-gateway": instead(
        node("startEvent", "begun"),
        user_task(
            "decide",
            '<pivotal:gate decision="D1" variable="outcome"><pivotal:option value="a" name="A"/>'
            '<pivotal:option value="b" name="B"/></pivotal:gate>',
        ),
        node("endEvent", "ended"),
        chain("begun", "decide", "ended"),
        declared='<pivotal:variable name="outcome" type="string"/>',
    ),
    "gate-option-without-flow": replaced('outcome = "return"', 'outcome = "go"'),
    "gate-flow-without-option": replaced('outcome = "return"', 'outcome = "retrun"'),
    "seal-of-other-role": replaced(
        '<pivotal:due value="P14D"/>',
        '<pivotal:due value="P14D"/><pivotal:confidentiality sealedFor="evaluator"/>',
    ),
    "withhold-unknown": replaced(
        '<pivotal:due value="P14D"/>',
        '<pivotal:due value="P14D"/><pivotal:withhold form="nothing" field="price"/>',
    ),
    "prefill-unknown": replaced(
        '<pivotal:due value="P14D"/>',
        '<pivotal:due value="P14D"/><pivotal:prefill field="nothing" value="1"/>',
    ),
    "separation-unknown": replaced('notSameAs="describe-need"', 'notSameAs="nobody"'),
    "group-unknown": replaced('groups="employee citizen"', 'groups="employee martian"'),
    "form-missing": replaced("need.schema.json", "wish.schema.json"),
    "form-ui": replaced('value="need.ui.json"', 'value="score.ui.json"'),
    "operation-missing": between(node("serviceTask", "serve"), keys=("serve",)),
    "operation-unknown": replaced('name="send-to-suppliers"', 'name="send-to-moon"'),
    "operation-input": replaced('<pivotal:input name="subject" value="title"/>', ""),
    "decision-missing": instead(
        node("startEvent", "begun"),
        node("businessRuleTask", "find-size"),
        node("endEvent", "ended"),
        chain("begun", "find-size", "ended"),
    ),
    "decision-unknown": replaced('<pivotal:decision ref="size"', '<pivotal:decision ref="weight"'),
    "answer-unnamed": replaced('<pivotal:answer value="small" name="Liten"/>', ""),
    "answer-unknown": replaced('value="small"', 'value="tiny"'),
    "decision-invalid": replaced('not("new")', 'not("new"', "processes/sample/size.dmn"),
    "called-process-missing": replaced('calledElement="document-check"', 'calledElement="gone"'),
    "message-without-extension": replaced(
        '<pivotal:message title="Svar mottatt" roles="procurement-lead"/>', ""
    ),
    "message-name": replaced('name="answer-received"', 'name="supplier-withdraws"'),
    "message-not-correlated": instead(
        node("startEvent", "begun"),
        node(
            "subProcess",
            "each",
            extensions('<pivotal:loop collection="suppliers" item="supplier"/>'),
            MARKER,
            node("startEvent", "inner-start"),
            node("receiveTask", "wait", messageRef="msg-answer"),
            node("endEvent", "inner-end"),
            chain("inner-start", "wait", "inner-end"),
        ),
        node("endEvent", "ended"),
        chain("begun", "each", "ended"),
        declared='<pivotal:variable name="suppliers" type="list"/>',
        around=WITHDRAWS,
    ),
    "expression-invalid": replaced('value="points + 0"', 'value="points +"'),
    "expression-missing": replaced('value="points + 0"', 'value=" "'),
    "expression-language": replaced(
        'xsi:type="bpmn:tFormalExpression"', 'xsi:type="bpmn:tFormalExpression" language="python"'
    ),
    "name-unknown": replaced('value="points + 0"', 'value="marks + 0"'),
    "variable-unknown": replaced('output variable="ambition"', 'output variable="ambitoin"'),
    "variable-declared-twice": replaced(
        '<pivotal:variable name="size"', '<pivotal:variable name="outcome"'
    ),
    "variable-name": replaced('<pivotal:variable name="size"', '<pivotal:variable name="the-size"'),
    "variable-type": replaced('name="size" type="string"', 'name="size" type="text"'),
    "variable-conflict": replaced(
        'name="complete" type="boolean"', 'name="complete" type="string"'
    ),
    "variable-shadowed": replaced('item="supplier"', 'item="size"'),
    "variable-unused": replaced(
        '<pivotal:variable name="size"',
        '<pivotal:variable name="dust" type="string"/><pivotal:variable name="size"',
    ),
    "timer-invalid": timer("P10X"),
    "due-invalid": replaced(
        '<pivotal:due value="P14D"/>', '<pivotal:due rule="standstill-electronic"/>'
    ),
    "time-limit-unknown": timer('time_limit("never", sent_at)'),
    "legal-period-as-number": timer("time_limit(size, sent_at)"),
    "gateway-not-exhaustive": instead(
        *CHOICE, flow("choose", "ended", 'title = "a"'), flow("choose", "ended-too", 'title = "b"')
    ),
    "gateway-condition-missing": instead(
        *CHOICE, flow("choose", "ended", "true"), flow("choose", "ended-too")
    ),
    "default-with-condition": instead(
        *CHOICE[:1],
        node("exclusiveGateway", "choose", default="choose-to-ended"),
        *CHOICE[2:],
        flow("choose", "ended", "true"),
        flow("choose", "ended-too", "false"),
    ),
    "name-missing": replaced('name="Describe need"', 'name=""'),
    "text-missing": replaced('"describe-need.name": "Name"', '"describe-need.name": ""', ENGLISH),
    "text-not-used": replaced('"closed.name"', '"opened.name"', ENGLISH),
}
"""A deployment that breaks the rule; it may break others with it."""


def test_the_good_model_is_without_findings() -> None:
    findings = check_bundle("sample", good_files(), KNOWN)

    assert findings == ()


ELSEWHERE = {rule.id for rule in (*LAW_RULES, *WAIVER_RULES, *SOUNDNESS_RULES)}
"""Rules whose models stand in `law/test_law.py` and `test_soundness.py`."""


def test_every_rule_has_a_model_that_breaks_it() -> None:
    assert BAD.keys() == RULES.keys() - ELSEWHERE


@pytest.mark.parametrize("rule", BAD)
def test_a_model_that_breaks_the_rule_is_told_so(rule: str) -> None:
    findings = check_bundle("sample", BAD[rule], KNOWN)

    found = [each for each in findings if each.rule == rule]
    assert found, [str(each) for each in findings]
    for each in found:
        assert each.severity == RULES[rule].severity
        assert each.reason.startswith(RULES[rule].reason)
        assert each.remedy
        assert each.file in BAD[rule] or rule in ("no-root-process", "file-missing")


@pytest.mark.parametrize("rule", [key for key in BAD if RULES[key].severity == "error"])
def test_an_error_refuses_the_deployment(rule: str) -> None:
    with pytest.raises(DeploymentRefusedError) as refused:
        compile_bundle("sample", BAD[rule], KNOWN)

    assert rule in {found.rule for found in refused.value.findings}


def test_a_warning_does_not_refuse_the_deployment() -> None:
    files = BAD["variable-unused"]

    compiled = compile_bundle("sample", files, KNOWN)

    assert compiled.definition.key == "sample"


def test_a_finding_says_file_line_element_and_name() -> None:
    files = BAD["name-unknown"]

    (found,) = [
        each for each in check_bundle("sample", files, KNOWN) if each.rule == "name-unknown"
    ]

    line = (
        files[MODEL].decode()[: files[MODEL].decode().index('id="score-supplier"')].count("\n") + 1
    )
    assert (found.file, found.line) == (MODEL, line)
    assert (found.element_id, found.element_name) == ("score-supplier", "Score supplier")
    assert "marks" in found.reason


@pytest.mark.parametrize(
    ("old", "new", "rule", "key"),
    [
        (
            '"note-sending.letter": "Welcome"',
            '"note-sending.letter": " "',
            "text-missing",
            "letter",
        ),
        ('"note-sending.letter"', '"note-sending.letter.1"', "text-not-used", "letter.1"),
    ],
)
def test_what_a_model_writes_to_suppliers_is_translated_too(
    old: str, new: str, rule: str, key: str
) -> None:
    findings = check_bundle("sample", replaced(old, new, ENGLISH), KNOWN)

    assert f"`note-sending.{key}`" in " ".join(str(each) for each in findings if each.rule == rule)
