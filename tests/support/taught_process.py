"""A process whose first step looks back on its steps, in the form for lessons."""

import json
from typing import Any

from tests.support.models import chain, extensions, form_of, node, process
from tests.support.small_process import form_files

TAUGHT = "taught"
_ROW: dict[str, Any] = {
    "type": "object",
    "title": "Lærdom",
    "required": ["step", "lesson"],
    "properties": {
        "step": {"type": "string", "title": "Trinn", "maxLength": 250},
        "lesson": {"type": "string", "title": "Lærdom", "maxLength": 4000},
    },
}
_TEXTS = {
    "title": "Lessons",
    "by_step.title": "Lessons",
    "by_step.item": "Lesson",
    "by_step.step.title": "Step",
    "by_step.lesson.title": "Lesson",
    "share_openly.title": "May be shared openly",
}
_UI = {"by_step": {"items": {"step": {"ui:optionsFrom": "@steps"}}}}


def taught_process() -> dict[str, bytes]:
    body = "\n".join(
        (
            node("startEvent", "begun"),
            node("userTask", "look-back", extensions(form_of("lessons"))),
            node("userTask", "work", extensions(form_of("verdict"))),
            node("endEvent", "done"),
            chain("begun", "look-back", "work", "done"),
        )
    )
    lessons = form_files(
        "lessons",
        [],
        by_step={
            "type": "array",
            "title": "Lærdom",
            "maxItems": 9,
            "items": _ROW,
            "x-item-title": "Lærdom",
        },
        share_openly={"type": "boolean", "title": "Kan deles åpent"},
    )
    return {
        f"processes/{TAUGHT}/{TAUGHT}.bpmn": process(TAUGHT, body).encode(),
        **lessons,
        "forms/lessons.ui.json": json.dumps(_UI).encode(),
        "forms/lessons.en.json": json.dumps(_TEXTS).encode(),
        **form_files("verdict", [], note={"type": "string", "title": "Merknad", "maxLength": 200}),
    }
