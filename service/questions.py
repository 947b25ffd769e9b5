"""The questions that lead to a procedure: a form of the service, in human words."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from engine.forms.definition import Form
from engine.forms.reading import read_form
from engine.forms.submission import check
from engine.forms.values import Context
from engine.procurement.choice import read_answers
from engine.queries.choice import Chosen, choose
from engine.queries.view import View

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


def clean_answers(data: Mapping[str, Any]) -> dict[str, Any]:
    """The answers checked, as `read_answers` takes them. Raises `InvalidSubmissionError`."""
    return flat(check(question_form(), data, (), Context()))


def choose_from(view: View, data: Mapping[str, Any]) -> Chosen:
    """The choice for the answers as they were given, group by group.

    Raises `InvalidSubmissionError` and the errors of `choose`.
    """
    clean = clean_answers(data)
    day = clean.get("announced_on")
    return choose(view, read_answers(clean), date.fromisoformat(day) if day else None)
