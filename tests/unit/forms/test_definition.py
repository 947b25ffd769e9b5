"""Reading a form, and what the check says of one that is wrong."""

import copy
from typing import Any

import pytest

from engine.errors import InvalidInputError
from engine.forms.checking import check_form
from engine.forms.definition import Kind
from engine.forms.reading import read_form
from tests.unit.forms.files import NEED, NEED_EN, NEED_UI, files, with_property


def test_fields_stand_in_the_order_of_the_ui_file_and_the_rest_after() -> None:
    form = read_form("need", files())

    names = [field.name for field in form.fields]

    assert names[:4] == ["title", "ambition", "need", "max_cost"]
    assert len(names) == len(NEED["properties"])


def test_a_field_tells_its_kind_texts_limits_and_conditions() -> None:
    form = read_form("need", files())

    cost, effect = form.find(("max_cost",)), form.find(("effects", 0, "effect"))
    reason, weight = form.find(("reason",)), form.find(("weight",))

    assert cost is not None
    assert (cost.kind, cost.required, cost.limits.minimum) == (Kind.MONEY, True, 0)
    assert effect is not None
    assert effect.title("nb") == "Effekt"
    assert reason is not None
    assert reason.show_if is not None
    assert weight is not None
    assert weight.roles == {"evaluator"}


def test_a_text_that_is_not_translated_is_shown_in_bokmaal() -> None:
    form = read_form("need", files(english={"title": "Need"}))

    assert form.title("en") == "Need"
    assert form.fields[0].title("en") == "Tittel"
    assert form.title("nn") == "Behov"


def test_a_form_that_is_right_has_no_findings() -> None:
    assert check_form("need", files()) == ()


def test_a_form_that_cannot_be_read_is_refused_in_one_sentence() -> None:
    with pytest.raises(InvalidInputError, match="The form need cannot be read"):
        read_form("need", {"need.schema.json": b"[]"})


def test_broken_json_is_found_on_its_line() -> None:
    findings = check_form("need", files() | {"need.schema.json": b'{\n "a": }'})

    assert [(each.rule, each.file, each.line) for each in findings] == [
        ("form-json", "need.schema.json", 2)
    ]


def test_a_missing_file_is_named() -> None:
    found = files()
    del found["need.en.json"]

    findings = check_form("need", found)

    assert findings[0].rule == "form-file-missing"
    assert findings[0].file == "need.en.json"


@pytest.mark.parametrize(
    ("schema", "rule"),
    [
        ({"type": "string", "title": "X"}, "form-max-length"),
        ({"type": "string", "maxLength": 5}, "form-title"),
        ({"type": "string", "title": "X", "maxLength": 5, "enum": ["a"]}, "form-unsupported"),
        ({"type": "null", "title": "X"}, "form-unsupported"),
        ({"type": "string", "title": "X", "x-format": "picture"}, "form-unsupported"),
        ({"type": "number", "title": "X", "x-format": "money"}, "form-type"),
        ({"type": "integer", "title": "X", "minimum": "1"}, "form-schema"),
        ({"type": "string", "title": "X", "oneOf": [{"const": 1, "title": "A"}]}, "form-options"),
        ({"type": "string", "title": "X", "maxLength": 5, "pattern": "^a"}, "form-pattern"),
        ({"type": "array", "title": "X"}, "form-unsupported"),
        ({"$ref": "#/x"}, "form-unsupported"),
    ],
)
def test_what_is_not_supported_is_found_at_its_field(schema: dict[str, Any], rule: str) -> None:
    findings = check_form("need", files(with_property("extra", schema)))

    assert rule in {each.rule for each in findings}
    assert all(each.element_id.startswith(("extra", "properties.extra")) for each in findings)
    assert all(each.line > 1 for each in findings)


def test_a_schema_is_held_to_the_standard_of_forms_whatever_draft_it_names() -> None:
    named = {**NEED, "$schema": "https://nowhere.test/draft", "required": "title"}

    (found,) = check_form("need", files(named))

    assert (found.rule, found.element_id) == ("form-schema", "required")


def test_required_names_and_conditions_must_be_of_fields() -> None:
    schema = copy.deepcopy(NEED)
    schema["required"].append("nothing")
    schema["allOf"][0]["then"]["required"] = ["nowhere"]

    found = {each.element_id for each in check_form("need", files(schema))}

    assert found == {"nothing", "nowhere"}


@pytest.mark.parametrize(
    "ui",
    [
        {"ui:order": ["titel"]},
        {"titel": {"ui:rows": 2}},
        {"title": {"ui:widget": "radio"}},
        {"reason": {"ui:showIf": {"ambitions": ["none"]}}},
        {"effects": {"items": {"efekt": {"ui:rows": 2}}}},
    ],
)
def test_the_ui_file_may_only_speak_of_fields_that_exist(ui: dict[str, Any]) -> None:
    findings = check_form("need", files(ui=ui))

    assert [each.rule for each in findings] == ["form-ui"]


def test_each_text_without_english_is_named() -> None:
    english = {key: text for key, text in NEED_EN.items() if key != "effects.effect.title"}

    findings = check_form("need", files(english=english | {"old.title": "Old"}))

    assert [(each.rule, each.element_id) for each in findings] == [
        ("form-english", "effects.effect.title"),
        ("form-english", "old.title"),
    ]


def test_the_ui_of_rows_may_stand_under_items_or_at_the_list() -> None:
    ui = NEED_UI | {"effects": {"effect": {"ui:rows": 3}}}

    assert check_form("need", files(ui=ui)) == ()
    field = read_form("need", files(ui=ui)).find(("effects", "effect"))
    assert field is not None
    assert field.rows == 3
