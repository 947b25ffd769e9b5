"""What a form of a page asks for and did not get, in the order of the form."""

from collections.abc import Mapping
from typing import Any

from service.i18n import Translator
from service.pages.posting import Posted

Faults = tuple[Mapping[str, Any], ...]


def lacking(asked: Mapping[str, str], sent: Posted, text: Translator) -> Faults:
    """One fault for each field of `asked`, its name with the key of its label, that is empty."""
    return tuple(
        {"path": name, "message": {text.language: text("field.required", title=text(label))}}
        for name, label in asked.items()
        if not sent[name].strip()
    )
