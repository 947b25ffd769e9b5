"""A process that receives tenders by the block that ships, until a deadline that can be moved."""

from pathlib import Path

from engine.bpmn.bundle import collect
from tests.support.models import chain, extensions, flow, node, process, user_task
from tests.support.small_process import form_files

RECEIVING = "receiving"
BLOCK = "receipt-and-opening"
MOVED = "msg-extend"
_EXTENSION = (
    f'<bpmn:message id="{MOVED}" name="extend">'
    + extensions('<pivotal:message title="Ny frist" form="announcement" roles="procurement-lead"/>')
    + "</bpmn:message>"
)
ROOT = Path(__file__).parents[2]


def receiving_process() -> dict[str, bytes]:
    deadline = '<pivotal:output variable="deadline" value="deadline"/>'
    block = (
        '<pivotal:in variable="kind" value="&quot;tender&quot;"/>'
        '<pivotal:in variable="deadline" value="deadline"/>'
        '<pivotal:in variable="expected" value="[]"/>'
        '<pivotal:out variable="received" value="received"/>'
    )
    body = "\n".join(
        (
            node("startEvent", "begun"),
            user_task("announce", deadline, form="announcement"),
            node("callActivity", "receive", extensions(block), calledElement=BLOCK),
            node(
                "boundaryEvent",
                "extended",
                f'{extensions(deadline)}<bpmn:messageEventDefinition id="e" messageRef="{MOVED}"/>',
                attachedToRef="receive",
                cancelActivity="true",
            ),
            flow("extended", "receive"),
            user_task("look", form="announcement"),
            node("endEvent", "done"),
            chain("begun", "announce", "receive", "look", "done"),
        )
    )
    declared = (
        '<pivotal:variable name="deadline" type="date-time"/>'
        '<pivotal:variable name="received" type="list" initial="[]"/>'
    )
    when = {"type": "string", "title": "Frist", "format": "date-time"}
    return {
        **collect(ROOT / "processes" / BLOCK).files,
        f"processes/{RECEIVING}/{RECEIVING}.bpmn": process(
            RECEIVING, body, declared=declared, around=_EXTENSION
        ).encode(),
        **form_files("announcement", [], deadline=when),
    }
