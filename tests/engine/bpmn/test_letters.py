"""Which texts of letters a model writes itself, by the keys of their translations."""

import pytest

from engine.bpmn.letters import SENDING, letter_texts
from engine.model.definition import AssignmentInfo, ElementInfo, OperationInfo


def sending(name: str = SENDING, **inputs: str) -> ElementInfo:
    given = tuple(AssignmentInfo(key, value) for key, value in inputs.items())
    return ElementInfo("tell", "Si fra", "serviceTask", "", operation=OperationInfo(name, given))


@pytest.mark.parametrize(
    ("element", "texts"),
    [
        (
            sending(subject='"Avvisning"', letter='"Tilbudet er avvist."'),
            {"tell.subject": "Avvisning", "tell.letter": "Tilbudet er avvist."},
        ),
        (
            sending(subject='if kind = "a" then "En" else "To"', letter='"award-letter"'),
            {"tell.subject.1": "En", "tell.subject.2": "To"},
        ),
        (sending(subject="title", kind='"award"'), {}),
        (sending("close", subject='"Avvisning"'), {}),
        (ElementInfo("tell", "Si fra", "userTask", ""), {}),
    ],
)
def test_each_text_has_a_key_and_the_key_of_a_form_is_no_text(
    element: ElementInfo, texts: dict[str, str]
) -> None:
    assert letter_texts(element, {"award-letter"}) == texts
