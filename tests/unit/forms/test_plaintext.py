"""A submission as the text of a letter."""

import json

import pytest

from engine.forms.plaintext import as_text
from engine.forms.reading import read_form

SCHEMA = {
    "title": "Innbydelse",
    "type": "object",
    "properties": {
        "price": {"type": "integer", "title": "Ramme", "x-format": "money"},
        "by": {"type": "string", "format": "date", "title": "Frist"},
        "binding": {"type": "boolean", "title": "Bindende"},
        "way": {
            "type": "string",
            "title": "Måte",
            "oneOf": [{"const": "mail", "title": "E-post"}],
        },
        "parts": {
            "type": "array",
            "title": "Deler",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string", "title": "Navn", "maxLength": 9}},
            },
        },
        "note": {"type": "string", "title": "Merknad", "maxLength": 9},
    },
}
FORM = read_form("invitation", {"invitation.schema.json": json.dumps(SCHEMA).encode()})


def test_each_answer_stands_with_its_title_and_nothing_else() -> None:
    content = {
        "price": 125000050,
        "by": "2026-12-31",
        "binding": True,
        "way": "mail",
        "parts": [{"name": "En"}, {"name": "To"}],
    }

    text = as_text("Invitasjon", FORM, content, "nb", {})

    assert text.splitlines() == [
        "Invitasjon",
        "",
        "Ramme: 1\u00a0250\u00a0000,50",
        "Frist: 31.12.2026",
        "Bindende: Ja",
        "Måte: E-post",
        "Deler:",
        "  1.",
        "    Navn: En",
        "  2.",
        "    Navn: To",
    ]


@pytest.mark.parametrize(
    ("language", "price", "binding"),
    [
        ("nb", "Ramme: 1\u00a0250\u00a0000,50", "Bindende: Ja"),
        ("nn", "Ramme: 1\u00a0250\u00a0000,50", "Bindende: Ja"),
        ("en", "Ramme: 1,250,000.50", "Bindende: Yes"),
    ],
)
def test_numbers_are_written_as_the_language_writes_them(
    language: str, price: str, binding: str
) -> None:
    text = as_text("Invitasjon", FORM, {"price": 125000050, "binding": True}, language, {})

    assert text.splitlines()[2:] == [price, binding]


def test_what_is_for_the_buyer_alone_stays_out_of_letters() -> None:
    view = {"binding": {"ui:internal": True}, "parts": {"items": {"name": {"ui:internal": True}}}}
    files = {
        "invitation.schema.json": json.dumps(SCHEMA).encode(),
        "invitation.ui.json": json.dumps(view).encode(),
    }
    content = {"binding": True, "parts": [{"name": "En"}], "note": "Hei"}

    text = as_text("Invitasjon", read_form("invitation", files), content, "nb", {})

    assert text.splitlines() == ["Invitasjon", "", "Deler:", "  1.", "Merknad: Hei"]


def test_suppliers_are_called_by_name() -> None:
    schema = {
        "title": "Tildeling",
        "type": "object",
        "properties": {
            "chosen": {"type": "string", "title": "Valgt", "x-format": "supplier", "maxLength": 40},
            "others": {
                "type": "array",
                "title": "Andre",
                "items": {"type": "string", "x-format": "supplier", "maxLength": 40},
            },
        },
    }
    form = read_form("award", {"award.schema.json": json.dumps(schema).encode()})
    content = {"chosen": "910000004", "others": ["910000012"]}

    text = as_text("Tildeling", form, content, "nb", {"910000004": "Blikkstille AS (910 000 004)"})

    assert text.splitlines()[2:] == [
        "Valgt: Blikkstille AS (910 000 004)",
        "Andre:",
        "  1. 910000012",
    ]
