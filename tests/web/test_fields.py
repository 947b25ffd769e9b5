"""A form as the templates draw it."""

from typing import Any

from engine.forms.reading import read_form
from engine.forms.submission import check
from engine.forms.values import Context
from service.content import content_root
from service.i18n import Translator, load_texts
from service.pages.fields import FormReader, Input
from tests.unit.forms.files import NEED_UI, files
from tests.unit.forms.rich import CONTEXT, COSTS, SCORES, rich_form

TEXTS = load_texts()


def reader(language: str = "nb", *roles: str) -> FormReader:
    form = read_form("need", files(ui=NEED_UI))
    context = Context(suppliers={"s1": "Alfa"})
    return FormReader(form, context, roles, Translator(language, TEXTS[language]))


def named(inputs: tuple[Input, ...], name: str) -> Input:
    return next(each for each in inputs if each.name == name)


def test_a_list_that_is_required_begins_with_one_empty_row() -> None:
    effects = named(reader().inputs({}), "effects")

    assert [row.remove for row in effects.rows] == ["remove:effects.0"]
    assert [field.name for field in effects.rows[0].fields] == [
        "effects.0.effect",
        "effects.0.value",
    ]


def test_several_suppliers_are_boxes_to_tick() -> None:
    forms = content_root() / "forms"
    told = read_form("cancellation", {each.name: each.read_bytes() for each in forms.iterdir()})
    context = Context(suppliers={"a": "Alfa", "b": "Beta"})
    drawn = FormReader(told, context, (), Translator("nb", TEXTS["nb"]))

    informed = named(drawn.inputs({"informed": ["b"]}), "informed")

    assert informed.widget == "checkboxes"
    assert [(each.title, each.chosen) for each in informed.choices] == [
        ("Alfa", False),
        ("Beta", True),
    ]


def test_values_stand_as_people_type_them() -> None:
    inputs = reader().inputs({"max_cost": 125_000_050, "by": "2026-12-31"})

    assert named(inputs, "max_cost").value == "1\u00a0250\u00a0000,50"
    assert named(inputs, "by").value == "31.12.2026"


def test_a_field_says_on_what_it_depends() -> None:
    depends = named(reader().inputs({}), "reason").depends

    assert depends is not None
    assert (depends.name, depends.values) == ("ambition", ("none",))
    assert (depends.title, depends.wanted) == ("Ambisjon", "Ingen")


def test_a_field_of_another_role_is_never_drawn() -> None:
    assert "weight" not in {each.name for each in reader().inputs({})}
    assert "weight" in {each.name for each in reader("nb", "evaluator").inputs({})}


def test_what_is_wrong_stands_at_its_field_in_the_readers_language() -> None:
    fault = {"path": "title", "message": {"nb": "Fyll ut.", "en": "Fill in."}}

    title = named(reader("en").inputs({}, [fault]), "title")

    assert title.errors == ("Fill in.",)
    assert title.described_by == "f-title-error"


def test_answers_are_told_with_the_words_of_the_form() -> None:
    data = {
        "title": "Skolevei",
        "ambition": "new",
        "max_cost": 100_00,
        "shared": False,
        "codes": ["a", "b"],
        "effects": [{"effect": "Færre", "value": 3}],
        "supplier": "s1",
        "received_at": "2026-06-30T12:00:00Z",
    }

    told = {answer.label: answer for answer in reader().words.answers(data)}

    assert told["Ambisjon"].text == "Ny"
    assert told["Kostnad"].text == "100\u00a0kr"
    assert told["Deles"].text == "Nei"
    assert told["Koder"].text == "A, B"
    assert told["Effekter"].rows[0][1].text == "3"
    assert told["Leverandør"].text == "Alfa"
    assert told["Mottatt"].text == "30.06.2026 14:00"


def test_a_supplier_whom_the_reader_may_not_know_is_not_named() -> None:
    told = reader().words.answers({"supplier": "910000009"})

    assert [answer.text for answer in told] == ["fortrolig"]


def rich(data: dict[str, Any], context: Context = CONTEXT) -> tuple[Input, ...]:
    return FormReader(rich_form(), context, (), Translator("nb", TEXTS["nb"])).inputs(data)


def test_a_matrix_has_a_cell_for_each_row_and_column_and_names_both() -> None:
    matrix = named(rich({"scores": SCORES[1:]}), "scores").matrix

    assert matrix is not None
    assert [title for _, title in matrix.columns] == ["Alfa AS", "Beta AS"]
    assert [title for _, title, _ in matrix.rows] == ["Kvalitet", "Pris"]
    cells = [cell for _, _, cells in matrix.rows for cell in cells]
    assert [cell.fields[0].value for cell in cells] == ["", "7,5", "6", "9"]
    assert cells[3].place == (("scores.3.criterion", "Pris"), ("scores.3.supplier", "b"))
    assert cells[3].fields[0].labelled_by == "f-scores-3-score-label f-scores-r1 f-scores-c1"


def test_a_matrix_without_columns_is_drawn_as_a_list() -> None:
    scores = named(rich({}, Context(suppliers=CONTEXT.suppliers)), "scores")

    assert (scores.widget, scores.matrix) == ("list", None)


def test_a_computed_field_shows_its_value_with_its_unit_and_cannot_be_typed() -> None:
    total = named(rich({"costs": COSTS, "total": 1}), "total")

    assert (total.widget, total.said) == ("output", "401,50\u00a0kr")


def test_what_a_register_tells_stands_under_the_field() -> None:
    found = named(rich({"buyer": "313 000 001"}), "buyer").look_up

    assert found is not None
    assert found.told is not None
    assert (found.told.name, found.told.facts[1]) == ("Nordlys AS", "Storgata 1, 9000 Tromsø")
    assert "Enhetsregisteret per 01.11.2026" in found.told.where


def test_words_lead_to_codes_to_choose_from() -> None:
    found = named(rich({"code": "eksperimentell"}), "code").look_up
    nothing = named(rich({"code": "kvakk"}), "code").look_up

    assert found is not None
    assert [code for code, _ in found.hits] == ["73120000", "73100000"]
    assert nothing is not None
    assert nothing.nothing


def test_a_filled_in_matrix_is_read_as_a_table_with_the_names_of_its_own_time() -> None:
    words = FormReader(rich_form(), Context(), (), Translator("nb", TEXTS["nb"])).words
    table = next(each.table for each in words.answers({"scores": SCORES}) if each.table)

    assert table.columns == ("fortrolig", "fortrolig")
    assert [(title, [cell[0].text for cell in cells]) for title, cells in table.rows] == [
        ("Kvalitet", ["8", "7,5"]),
        ("Pris", ["6", "9"]),
    ]


def test_an_answer_tells_what_the_register_told_when_it_was_handed_in() -> None:
    kept = check(rich_form(), {"costs": COSTS, "scores": SCORES, "buyer": "313000001"}, (), CONTEXT)
    words = FormReader(rich_form(), Context(), (), Translator("en", TEXTS["en"])).words

    buyer = next(each for each in words.answers(kept) if each.label == "Buyer")

    assert buyer.told is not None
    assert buyer.told.name == "Nordlys AS"
    assert "looked up 27.11.2026 at 10:30" in buyer.told.where
