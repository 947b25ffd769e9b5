"""Forms that the tests share."""

import json
from typing import Any

NEED: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "$id": "need",
    "title": "Behov",
    "description": "Beskriv behovet.",
    "type": "object",
    "x-catalogue": "F-01",
    "required": ["title", "max_cost", "ambition", "effects"],
    "properties": {
        "title": {"type": "string", "title": "Tittel", "minLength": 3, "maxLength": 40},
        "need": {"type": "string", "title": "Behov", "x-format": "longtext", "maxLength": 200},
        "max_cost": {"type": "integer", "title": "Kostnad", "x-format": "money", "minimum": 0},
        "weight": {
            "type": "number",
            "title": "Vekt",
            "x-format": "percent",
            "minimum": 0,
            "maximum": 100,
        },
        "by": {"type": "string", "format": "date", "title": "Innen"},
        "received_at": {"type": "string", "format": "date-time", "title": "Mottatt"},
        "ambition": {
            "type": "string",
            "title": "Ambisjon",
            "oneOf": [{"const": "none", "title": "Ingen"}, {"const": "new", "title": "Ny"}],
        },
        "reason": {"type": "string", "title": "Hvorfor", "maxLength": 100},
        "shared": {"type": "boolean", "title": "Deles"},
        "codes": {
            "type": "array",
            "title": "Koder",
            "uniqueItems": True,
            "items": {
                "type": "string",
                "oneOf": [{"const": "a", "title": "A"}, {"const": "b", "title": "B"}],
            },
        },
        "effects": {
            "type": "array",
            "title": "Effekter",
            "x-item-title": "Effekt",
            "minItems": 1,
            "maxItems": 3,
            "items": {
                "type": "object",
                "required": ["effect"],
                "properties": {
                    "effect": {"type": "string", "title": "Effekt", "maxLength": 50},
                    "value": {"type": "integer", "title": "Verdi", "minimum": 1},
                },
            },
        },
        "supplier": {"type": "string", "title": "Leverandør", "x-format": "supplier"},
    },
    "allOf": [
        {
            "if": {"properties": {"ambition": {"const": "new"}}, "required": ["ambition"]},
            "then": {"required": ["need"]},
        }
    ],
}
NEED_UI: dict[str, Any] = {
    "ui:order": ["title", "ambition", "*"],
    "need": {"ui:rows": 8},
    "reason": {"ui:showIf": {"ambition": ["none"]}},
    "weight": {"ui:roles": ["evaluator"]},
}
NEED_EN = {
    "title": "Need",
    "description": "Describe the need.",
    "title.title": "Title",
    "need.title": "Need",
    "max_cost.title": "Cost",
    "weight.title": "Weight",
    "by.title": "By",
    "received_at.title": "Received",
    "ambition.title": "Ambition",
    "ambition.none": "None",
    "ambition.new": "New",
    "reason.title": "Why",
    "shared.title": "Shared",
    "codes.title": "Codes",
    "codes.a": "A",
    "codes.b": "B",
    "effects.title": "Effects",
    "effects.item": "Effect",
    "effects.effect.title": "Effect",
    "effects.value.title": "Value",
    "supplier.title": "Supplier",
}


def files(
    schema: dict[str, Any] = NEED,
    ui: dict[str, Any] = NEED_UI,
    english: dict[str, Any] = NEED_EN,
) -> dict[str, bytes]:
    return {
        "need.schema.json": json.dumps(schema, indent=1).encode(),
        "need.ui.json": json.dumps(ui).encode(),
        "need.en.json": json.dumps(english).encode(),
    }


def with_property(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {**NEED, "properties": {**NEED["properties"], name: schema}}
