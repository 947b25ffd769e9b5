"""A process that does its work in a block it calls, with English names: for drawings that open."""

import json
from typing import Final

from tests.support.models import chain, node, process, user_task
from tests.support.small_process import form_files

CALLING: Final = "calling"
BLOCK: Final = "block"


def calling_process() -> dict[str, bytes]:
    """The files of the process, as `DeployProcess` takes them."""
    outer = process(
        CALLING,
        node("startEvent", "start")
        + node("callActivity", "call", name="Kall blokken", calledElement=BLOCK)
        + node("endEvent", "end")
        + chain("start", "call", "end"),
    )
    inner = process(
        BLOCK,
        node("startEvent", "begin")
        + user_task("inner", form="note")
        + node("endEvent", "done")
        + chain("begin", "inner", "done"),
        startable=False,
    )
    outer_names = {"calling.name": "Calling", "call.name": "Call the block"}
    inner_names = {"block.name": "Block", "inner.name": "Inner work"}
    return {
        f"processes/{CALLING}/{CALLING}.bpmn": outer.encode(),
        f"processes/{CALLING}/{CALLING}.en.json": json.dumps(outer_names).encode(),
        f"processes/{BLOCK}/{BLOCK}.bpmn": inner.encode(),
        f"processes/{BLOCK}/{BLOCK}.en.json": json.dumps(inner_names).encode(),
        **form_files("note", [], note={"type": "string", "title": "Merknad", "maxLength": 200}),
    }
