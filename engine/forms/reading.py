"""From the three files of a form (`docs/forms.md`) to a `Form`."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from engine.errors import FeelError, InvalidInputError
from engine.feel import Expression, compile_expression
from engine.forms.definition import (
    Condition,
    Field,
    Form,
    Kind,
    Limits,
    Matrix,
    Option,
    Origin,
    RequiredIf,
    Text,
)

Json = Mapping[str, Any]

SCHEMA: Final = ".schema.json"
UI: Final = ".ui.json"
ENGLISH: Final = ".en.json"
NYNORSK: Final = ".nn.json"
_LANGUAGES: Final = MappingProxyType({"en": ENGLISH, "nn": NYNORSK})

_OF_LIST: Final = frozenset({"ui:matrix", "ui:roles", "ui:showIf"})

STRING_FORMATS: Final = MappingProxyType({"date": Kind.DATE, "date-time": Kind.DATETIME})
X_FORMATS: Final = MappingProxyType(
    {
        "longtext": Kind.LONGTEXT,
        "money": Kind.MONEY,
        "percent": Kind.PERCENT,
        "file": Kind.FILE,
        "supplier": Kind.SUPPLIER,
        "person": Kind.PERSON,
        "organisation": Kind.ORGANISATION,
        "cpv": Kind.CPV,
    }
)
BY_TYPE: Final = MappingProxyType(
    {
        "object": Kind.GROUP,
        "boolean": Kind.BOOLEAN,
        "integer": Kind.INTEGER,
        "number": Kind.NUMBER,
        "string": Kind.TEXT,
    }
)


def read_form(key: str, files: Mapping[str, bytes]) -> Form:
    """The form `key` from its files by name; all but the schema may be missing.

    Raises `InvalidInputError` when a file is no JSON object or has a part that is not supported;
    `engine.forms.checking.check_form` says everything that is wrong at once.
    """
    try:
        schema = load(files[key + SCHEMA])
        ui = load(files.get(key + UI, b"{}"))
        texts = {
            language: load(files.get(key + ending, b"{}"))
            for language, ending in _LANGUAGES.items()
        }
        return _Reader(texts, frozenset(schema.get("properties", {}))).form(key, schema, ui)
    except (KeyError, TypeError, ValueError, AttributeError, FeelError) as error:
        raise InvalidInputError(
            f"The form {key} cannot be read ({error}). Run `pivotal check` on its files.",
            form=key,
            about="form-unreadable",
        ) from error


def load(content: bytes) -> Json:
    """A JSON object; `ValueError` when it is something else."""
    value = json.loads(content)
    if not isinstance(value, dict):
        raise ValueError("the file must hold one JSON object")  # noqa: TRY004 - content, not type
    return value


def kind_of(schema: Json) -> Kind:
    """The kind of a field. `ValueError` when the schema is of no supported kind."""
    if schema.get("type") == "array":
        items = schema["items"]
        return Kind.CHOICES if "oneOf" in items else Kind.LIST
    if "oneOf" in schema:
        return Kind.CHOICE
    x_format = schema.get("x-format")
    if x_format is not None:
        return _known(X_FORMATS, x_format)
    if schema.get("format") in STRING_FORMATS:
        return STRING_FORMATS[schema["format"]]
    return _known(BY_TYPE, schema.get("type"))


def _known(table: Mapping[str, Kind], name: object) -> Kind:
    if not isinstance(name, str) or name not in table:
        raise ValueError(f"unknown type or x-format: {name}")
    return table[name]


def ordered(names: list[str], order: list[str]) -> list[str]:
    """`names` as `ui:order` puts them; `*` (or else the end) takes those it does not name."""
    rest = [name for name in names if name not in order]
    result: list[str] = []
    for name in order:
        result.extend(rest if name == "*" else [name] if name in names else [])
    return result if "*" in order else result + rest


class _Reader:
    def __init__(self, texts: Mapping[str, Json], top: frozenset[str]) -> None:
        self._texts = texts
        self._top = top

    def form(self, key: str, schema: Json, ui: Json) -> Form:
        return Form(
            key=key,
            catalogue=str(schema.get("x-catalogue", "")),
            title=self._text(schema.get("title", ""), "title"),
            description=self._text(schema.get("description", ""), "description"),
            root=self._field("", (), schema, ui, required=True),
            blind=bool(ui.get("ui:blind", False)),
        )

    def _text(self, nb: str, key: str) -> Text:
        found = {language: texts[key] for language, texts in self._texts.items() if texts.get(key)}
        return Text(nb, MappingProxyType(found))

    def _field(
        self,
        name: str,
        path: tuple[str, ...],
        schema: Json,
        ui: Json,
        *,
        required: bool,
        level: Json = MappingProxyType({}),
    ) -> Field:
        """`level` holds the field and its siblings."""
        kind = kind_of(schema)
        dotted = ".".join(path)
        return Field(
            name=name,
            path=path,
            kind=kind,
            title=self._text(schema.get("title", ""), f"{dotted}.title"),
            help=self._text(schema.get("description", ""), f"{dotted}.description"),
            required=required,
            options=self._options(schema, dotted),
            limits=_limits(schema),
            show_if=_show_if(ui),
            roles=frozenset(ui.get("ui:roles", ())),
            fields=self._children(path, schema, ui),
            required_if=_required_if(schema),
            item=self._item(path, schema, ui) if kind is Kind.LIST else None,
            item_title=self._text(schema.get("x-item-title", ""), f"{dotted}.item"),
            rows=int(ui.get("ui:rows", 0)),
            default=schema.get("default"),
            compute=self._compute(ui, level),
            origin=origin_of(ui),
            matrix=_matrix(ui),
            internal=ui.get("ui:internal") is True,
        )

    def _compute(self, ui: Json, level: Json) -> Expression | None:
        source = ui.get("ui:compute")
        if source is None:
            return None
        return compile_expression(source, self._top | set(level))

    def _children(self, path: tuple[str, ...], schema: Json, ui: Json) -> tuple[Field, ...]:
        properties: Json = schema.get("properties", {})
        required = set(schema.get("required", ()))
        return tuple(
            self._field(
                name,
                (*path, name),
                properties[name],
                ui.get(name, {}),
                required=name in required,
                level=properties,
            )
            for name in ordered(list(properties), list(ui.get("ui:order", ())))
        )

    def _item(self, path: tuple[str, ...], schema: Json, ui: Json) -> Field:
        own = {key: each for key, each in ui.items() if key not in _OF_LIST}
        return self._field("", path, schema["items"], ui.get("items", own), required=True)

    def _options(self, schema: Json, dotted: str) -> tuple[Option, ...]:
        choices = schema.get("oneOf") or schema.get("items", {}).get("oneOf", ())
        return tuple(
            Option(each["const"], self._text(each["title"], f"{dotted}.{each['const']}"))
            for each in choices
        )


def _limits(schema: Json) -> Limits:
    return Limits(
        minimum=schema.get("minimum"),
        maximum=schema.get("maximum"),
        exclusive_minimum=schema.get("exclusiveMinimum"),
        min_length=schema.get("minLength"),
        max_length=schema.get("maxLength"),
        min_items=schema.get("minItems"),
        max_items=schema.get("maxItems"),
        pattern=schema.get("pattern"),
        format=schema.get("format"),
        constant=schema.get("const") if schema.get("type") == "boolean" else None,
        unique=bool(schema.get("uniqueItems", False)),
    )


def _show_if(ui: Json) -> Condition | None:
    wanted = ui.get("ui:showIf")
    if wanted is None:
        return None
    return Condition(
        MappingProxyType(
            {name: tuple(v if isinstance(v, list) else [v]) for name, v in wanted.items()}
        )
    )


def origin_of(ui: Json) -> Origin | None:
    """Where the field's options come from: `form.path.of.field`, `@records`, or `=variable`."""
    said = ui.get("ui:optionsFrom")
    if said is None:
        return None
    if said.startswith("@"):
        return Origin(records=said[1:].strip())
    if said.startswith("="):
        return Origin(variable=said[1:].strip())
    form, *path = said.split(".")
    return Origin(form, tuple(path))


def _matrix(ui: Json) -> Matrix | None:
    said = ui.get("ui:matrix")
    return None if said is None else Matrix(said["rows"], said["columns"])


def _required_if(schema: Json) -> tuple[RequiredIf, ...]:
    return tuple(
        RequiredIf(
            condition=_condition(clause["if"]),
            names=frozenset(clause.get("then", {}).get("required", ())),
            otherwise=frozenset(clause.get("else", {}).get("required", ())),
        )
        for clause in schema.get("allOf", ())
    )


def _condition(schema: Json) -> Condition:
    values = {
        name: tuple(test["enum"]) if "enum" in test else (test["const"],)
        for name, test in schema.get("properties", {}).items()
    }
    return Condition(MappingProxyType(values), frozenset(values) - set(schema.get("required", ())))
