"""A process in which the value of the procurement is estimated twice."""

import json

from tests.support.models import chain, extensions, form_of, node, process
from tests.support.small_process import form_files

VALUED = "valued"
_MONEY = {"type": "integer", "title": "Beløp", "minimum": 0, "x-format": "money"}


def valued_process() -> dict[str, bytes]:
    body = "\n".join(
        (
            node("startEvent", "begun"),
            node("userTask", "estimate", extensions(form_of("worth"))),
            node("userTask", "estimate-again", extensions(form_of("worth"))),
            node("userTask", "close", extensions(form_of("verdict"))),
            node("endEvent", "done"),
            chain("begun", "estimate", "estimate-again", "close", "done"),
        )
    )
    worth = form_files("worth", [], rd_max=_MONEY, purchase_est=_MONEY)
    schema = json.loads(worth["forms/worth.schema.json"]) | {"x-catalogue": "F-04"}
    return {
        f"processes/{VALUED}/{VALUED}.bpmn": process(VALUED, body).encode(),
        **worth,
        "forms/worth.schema.json": json.dumps(schema).encode(),
        **form_files("verdict", [], note={"type": "string", "title": "Merknad", "maxLength": 200}),
    }
