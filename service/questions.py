"""The questions that lead to a procedure: a form of the service, in human words."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from engine.forms.definition import Form
from engine.forms.reading import read_form

KEY: Final = "procedure-questions"
FOLDER: Final = Path(__file__).parent / "questions"


@lru_cache(maxsize=1)
def question_form() -> Form:
    """The form, read once."""
    return read_form(KEY, {file.name: file.read_bytes() for file in FOLDER.glob("*.json")})


def flat(data: Mapping[str, Any]) -> dict[str, Any]:
    """The answers without their headings, as `read_answers` takes them."""
    return {
        name: value
        for group in data.values()
        if isinstance(group, Mapping)
        for name, value in group.items()
    }
