"""A form with a matrix, computed fields, and fields that look up."""

import json
from datetime import UTC, datetime
from typing import Any

from engine.forms.definition import Form, Origin
from engine.forms.reading import read_form
from engine.forms.values import Context
from engine.model.register import Found, Source
from engine.registers import Registers, shipped_cpv
from engine.registers.table import TableRegister

SCHEMA: dict[str, Any] = {
    "$id": "rich",
    "title": "Vurdering",
    "type": "object",
    "required": ["scores", "total"],
    "properties": {
        "costs": {
            "type": "array",
            "title": "Kostnader",
            "x-item-title": "Kostnad",
            "maxItems": 20,
            "items": {
                "type": "object",
                "required": ["price", "count"],
                "properties": {
                    "price": {"type": "integer", "title": "Pris", "x-format": "money"},
                    "count": {"type": "number", "title": "Antall", "minimum": 0},
                    "amount": {"type": "integer", "title": "Beløp", "x-format": "money"},
                    "share": {"type": "number", "title": "Andel", "x-format": "percent"},
                },
            },
        },
        "discount": {"type": "boolean", "title": "Rabatt"},
        "rate": {"type": "number", "title": "Sats", "x-format": "percent"},
        "total": {"type": "integer", "title": "Sum", "x-format": "money", "maximum": 10_000_000},
        "large": {"type": "boolean", "title": "Stor"},
        "why": {"type": "string", "title": "Hvorfor så mye", "maxLength": 100},
        "scores": {
            "type": "array",
            "title": "Poeng",
            "x-item-title": "Poeng",
            "maxItems": 100,
            "items": {
                "type": "object",
                "required": ["supplier", "criterion", "score"],
                "properties": {
                    "supplier": {"type": "string", "title": "Tilbud", "x-format": "supplier"},
                    "criterion": {"type": "string", "title": "Kriterium", "maxLength": 200},
                    "score": {"type": "number", "title": "Score", "minimum": 0, "maximum": 10},
                    "note": {"type": "string", "title": "Merknad", "maxLength": 100},
                },
            },
        },
        "buyer": {"type": "string", "title": "Kjøper", "x-format": "organisation"},
        "code": {"type": "string", "title": "Kode", "x-format": "cpv"},
    },
}
UI: dict[str, Any] = {
    "costs": {
        "amount": {"ui:compute": "price * count"},
        "share": {"ui:compute": "if total > 0 then 100 * amount / total else null"},
    },
    "rate": {"ui:showIf": {"discount": [True]}},
    "total": {
        "ui:compute": "sum(costs.amount) * (if discount = true then (100 - rate) / 100 else 1)"
    },
    "large": {"ui:compute": "total > 500000"},
    "why": {"ui:showIf": {"large": [True]}},
    "scores": {
        "ui:matrix": {"rows": "criterion", "columns": "supplier"},
        "supplier": {"ui:optionsFrom": "=finalists"},
        "criterion": {"ui:optionsFrom": "documents.criteria.name"},
    },
}
ENGLISH = {
    "title": "Assessment",
    "costs.title": "Costs",
    "costs.item": "Cost",
    "costs.price.title": "Price",
    "costs.count.title": "Number",
    "costs.amount.title": "Amount",
    "costs.share.title": "Share",
    "discount.title": "Discount",
    "rate.title": "Rate",
    "total.title": "Sum",
    "large.title": "Large",
    "why.title": "Why so much",
    "scores.title": "Scores",
    "scores.item": "Score",
    "scores.supplier.title": "Tender",
    "scores.criterion.title": "Criterion",
    "scores.score.title": "Score",
    "scores.note.title": "Note",
    "buyer.title": "Buyer",
    "code.title": "Code",
}
NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
ORGANISATIONS = TableRegister.of(
    Source("Enhetsregisteret", "2026-11-01"),
    [
        Found(
            "313000001", {"nb": "Nordlys AS"}, {"form": "AS", "address": "Storgata 1, 9000 Tromsø"}
        )
    ],
)
CONTEXT = Context(
    suppliers={"a": "Alfa AS", "b": "Beta AS", "gone": "Borte AS"},
    options={
        Origin(variable="finalists"): {"a": "Alfa AS", "b": "Beta AS"},
        Origin("documents", ("criteria", "name")): {"Kvalitet": "Kvalitet", "Pris": "Pris"},
    },
    registers=Registers(ORGANISATIONS, shipped_cpv()),
    now=NOW,
)


def rich_files(ui: dict[str, Any] = UI, schema: dict[str, Any] = SCHEMA) -> dict[str, bytes]:
    return {
        "rich.schema.json": json.dumps(schema).encode(),
        "rich.ui.json": json.dumps(ui).encode(),
        "rich.en.json": json.dumps(ENGLISH).encode(),
    }


def rich_form(ui: dict[str, Any] = UI) -> Form:
    return read_form("rich", rich_files(ui))


def cell(supplier: str, criterion: str, score: float | None = None) -> dict[str, Any]:
    place: dict[str, Any] = {"supplier": supplier, "criterion": criterion}
    return place if score is None else {**place, "score": score}


SCORES = [
    cell("a", "Kvalitet", 8),
    cell("b", "Kvalitet", 7.5),
    cell("a", "Pris", 6),
    cell("b", "Pris", 9),
]
COSTS = [{"price": 10_050, "count": 3}, {"price": 20_000, "count": 0.5}]
GOOD = {"costs": COSTS, "scores": SCORES}
