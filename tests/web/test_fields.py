"""A form as the templates draw it."""

from engine.forms.reading import read_form
from engine.forms.values import Context
from service.i18n import Translator, load_texts
from service.pages.fields import FormReader, Input
from tests.unit.forms.files import NEED_UI, files

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
