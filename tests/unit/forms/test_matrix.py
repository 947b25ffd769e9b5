"""Lists that are tables: criteria by tenders."""

from typing import Any

import pytest

from engine.errors import InvalidSubmissionError
from engine.forms.checking import check_form
from engine.forms.matrix import arranged, axes_of
from engine.forms.submission import check
from engine.forms.values import Context
from tests.unit.forms.rich import CONTEXT, COSTS, SCORES, UI, cell, rich_files, rich_form

FORM = rich_form()


def kept(scores: list[Any], context: Context = CONTEXT) -> Any:
    return check(FORM, {"costs": COSTS, "scores": scores}, (), context)["scores"]


def faults(scores: list[Any]) -> list[tuple[str, str, str]]:
    with pytest.raises(InvalidSubmissionError) as caught:
        kept(scores)
    found = caught.value.details["faults"]
    return [(each["path"], each["code"], each["message"]["nb"]) for each in found]


def test_cells_are_kept_in_the_order_of_the_table() -> None:
    assert kept(SCORES[::-1]) == SCORES


def test_a_message_names_row_and_column() -> None:
    assert faults([*SCORES[:3], cell("b", "Pris", 11)]) == [
        ("scores.3.score", "too-large", "«Score – Pris, Beta AS» kan være høyst 10.")
    ]


def test_a_cell_that_is_missing_is_asked_for_by_its_place() -> None:
    assert faults([*SCORES[:2], SCORES[3]]) == [
        ("scores.2.score", "required", "Fyll ut «Score – Pris, Alfa AS».")
    ]


def test_a_cell_that_stands_twice_is_refused() -> None:
    assert faults([*SCORES, cell("a", "Pris", 1)]) == [
        ("scores", "repeated-cell", "«Poeng – Pris, Alfa AS» står to ganger. Fjern den ene.")
    ]


def test_a_place_outside_the_table_is_refused() -> None:
    assert [
        each[:2] for each in faults([*SCORES, cell("gone", "Pris", 1), cell("a", "Farge", 1)])
    ] == [
        ("scores.4.supplier", "unknown-supplier"),
        ("scores.5.criterion", "not-an-option"),
    ]


def test_without_known_criteria_the_matrix_is_an_ordinary_list() -> None:
    bare = Context(suppliers=CONTEXT.suppliers, now=CONTEXT.now)

    assert kept([cell("a", "Hva som helst", 3)], bare) == [cell("a", "Hva som helst", 3)]


def test_a_matrix_that_need_not_be_filled_in_may_be_left_alone_but_not_half_done() -> None:
    schema = {**rich_files()}
    schema["rich.schema.json"] = schema["rich.schema.json"].replace(
        b'["scores", "total"]', b'["total"]'
    )
    from engine.forms.reading import read_form

    form = read_form("rich", schema)
    blank = [cell(row["supplier"], row["criterion"]) for row in SCORES]

    assert check(form, {"costs": COSTS, "scores": blank}, (), CONTEXT)["scores"] == []
    with pytest.raises(InvalidSubmissionError) as caught:
        check(form, {"costs": COSTS, "scores": [SCORES[0], *blank[1:]]}, (), CONTEXT)
    assert len(caught.value.details["faults"]) == 3


def test_the_table_shows_every_cell_and_what_has_no_place_comes_after() -> None:
    each = FORM.find(("scores",))
    assert each is not None
    axes = axes_of(each, CONTEXT)
    assert axes is not None

    cells = arranged(axes, [cell("gone", "Pris", 1), SCORES[3], "x"])

    assert [axes.place(row) for row in cells[:4]] == [
        ("Kvalitet", "a"),
        ("Kvalitet", "b"),
        ("Pris", "a"),
        ("Pris", "b"),
    ]
    assert cells[3]["score"] == 9
    assert cells[4:] == [cell("gone", "Pris", 1), "x"]


@pytest.mark.parametrize(
    ("ui", "said"),
    [
        ({"scores": {"ui:matrix": {"rows": "criterion", "columns": "supplier"}}}, "axis criterion"),
        ({"scores": {"ui:matrix": {"rows": "supplier", "columns": "supplier"}}}, "same field"),
        ({"scores": {"ui:matrix": ["criterion"]}}, "another shape"),
        ({"buyer": {"ui:matrix": {"rows": "a", "columns": "b"}}}, "list of rows"),
        ({"scores": {"score": {"ui:optionsFrom": "=x"}}}, "does not fit the kind number"),
        ({"why": {"ui:optionsFrom": "documents"}}, "neither a field"),
        ({"ui:blind": "yes"}, "neither true nor false"),
        ({"why": {"ui:blind": True}}, "ui:blind is not supported"),
        ({"why": {"ui:internal": "yes"}}, "ui:internal is not true"),
    ],
)
def test_a_matrix_that_cannot_be_drawn_stops_the_deployment(ui: dict[str, Any], said: str) -> None:
    findings = check_form("rich", rich_files(ui))

    assert len(findings) == 1
    assert said in findings[0].reason


def test_rows_of_a_list_are_called_by_their_number() -> None:
    with pytest.raises(InvalidSubmissionError) as caught:
        check(FORM, {"costs": [COSTS[0], {"count": 1}], "scores": SCORES}, (), CONTEXT)

    messages = [fault["message"] for fault in caught.value.details["faults"]]
    assert messages[0] == {
        "nb": "Fyll ut «Pris – Kostnad 2».",
        "nn": "Fyll ut «Pris – Kostnad 2».",
        "en": "Fill in “Price – Cost 2”.",
    }
    assert UI["scores"]["ui:matrix"] == {"rows": "criterion", "columns": "supplier"}
