"""The texts of letters that a model writes itself, so that they can go out in other languages."""

from collections.abc import Container
from typing import Final

from engine.feel.outcomes import texts_of
from engine.model.definition import ElementInfo

SENDING: Final = "send-to-suppliers"
WRITTEN: Final = ("subject", "letter")
"""The inputs of the operation that suppliers read."""


def letter_texts(element: ElementInfo, forms: Container[str]) -> dict[str, str]:
    """Key and bokmål of each text that suppliers are sent by the element: `tell.subject`, or
    `tell.subject.1` and `tell.subject.2` where a condition chooses. A letter that is the key of one
    of the `forms` has the texts of the form."""
    found: dict[str, str] = {}
    operation = element.operation
    if operation is None or operation.name != SENDING:
        return found
    for each in operation.inputs:
        if each.variable in WRITTEN:
            texts = [text for text in texts_of(each.value) if text not in forms]
            name = f"{element.id}.{each.variable}"
            numbered = len(texts) > 1
            found |= {
                f"{name}.{number}" if numbered else name: text
                for number, text in enumerate(texts, start=1)
            }
    return found
