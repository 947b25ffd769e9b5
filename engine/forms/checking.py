"""What is wrong with the files of a form: everything at once, for a designer to mend."""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from jsonschema_rs import ValidationError, meta

from engine.errors import InvalidInputError
from engine.finding import Finding
from engine.forms.checking_ui import check_fields, check_ui
from engine.forms.definition import Form, Kind, walk
from engine.forms.patterns import is_portable
from engine.forms.reading import ENGLISH, NYNORSK, SCHEMA, UI, Json, kind_of, load, read_form

_ANNOTATIONS: Final = frozenset({"title", "description", "type", "$comment"})
_OBJECT: Final = _ANNOTATIONS | {"properties", "required", "allOf", "additionalProperties"}
_STRING: Final = _ANNOTATIONS | {"minLength", "maxLength", "pattern", "format", "default"}
_NUMBER: Final = _ANNOTATIONS | {"minimum", "maximum", "exclusiveMinimum", "default"}
_LIST: Final = _ANNOTATIONS | {"items", "minItems", "maxItems", "uniqueItems", "x-item-title"}
_KEYWORDS: Final[Mapping[Kind, frozenset[str]]] = MappingProxyType(
    {
        Kind.GROUP: _OBJECT,
        Kind.TEXT: _STRING,
        Kind.LONGTEXT: _STRING | {"x-format"},
        Kind.INTEGER: _NUMBER,
        Kind.NUMBER: _NUMBER,
        Kind.MONEY: _NUMBER | {"x-format"},
        Kind.PERCENT: _NUMBER | {"x-format"},
        Kind.BOOLEAN: _ANNOTATIONS | {"const", "default"},
        Kind.DATE: _ANNOTATIONS | {"format"},
        Kind.DATETIME: _ANNOTATIONS | {"format"},
        Kind.CHOICE: _ANNOTATIONS | {"oneOf", "default"},
        Kind.CHOICES: _LIST,
        Kind.FILE: _ANNOTATIONS | {"x-format", "maxLength"},
        Kind.SUPPLIER: _ANNOTATIONS | {"x-format", "maxLength"},
        Kind.PERSON: _ANNOTATIONS | {"x-format", "maxLength"},
        Kind.ORGANISATION: _ANNOTATIONS | {"x-format", "maxLength"},
        Kind.CPV: _ANNOTATIONS | {"x-format", "maxLength"},
        Kind.LIST: _LIST,
    }
)
_ROOT: Final = _OBJECT | {"$schema", "$id", "x-catalogue"}
_TYPES: Final[Mapping[Kind, str]] = MappingProxyType(
    {
        Kind.MONEY: "integer",
        Kind.PERCENT: "number",
        Kind.LONGTEXT: "string",
        Kind.FILE: "string",
        Kind.SUPPLIER: "string",
        Kind.PERSON: "string",
        Kind.ORGANISATION: "string",
        Kind.CPV: "string",
        Kind.CHOICE: "string",
    }
)
_FORMATS: Final = frozenset({"date", "date-time", "email", "uri"})
_DRAFT: Final = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
"""Put in the place of whatever draft a schema names, which would be looked for on the network."""


def check_form(key: str, files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """The faults of the files of a form, by file and place; empty when it may be deployed."""
    findings: list[Finding] = []
    parts = {suffix: _load(key + suffix, files, findings) for suffix in (SCHEMA, UI, ENGLISH)}
    schema = parts[SCHEMA]
    if schema is None:
        return tuple(findings)
    findings.extend(_Schema(key + SCHEMA, files[key + SCHEMA]).check(key, schema))
    if any(finding.severity == "error" for finding in findings):
        return tuple(findings)
    findings.extend(check_ui(key + UI, schema, parts[UI] or {}))
    if any(finding.severity == "error" for finding in findings):
        return tuple(findings)
    try:
        form = read_form(key, files)
    except InvalidInputError as error:
        return (*findings, _finding(key + SCHEMA, "form-unreadable", "", str(error), ""))
    findings.extend(check_fields(key + UI, form))
    findings.extend(_check_texts(form, key + ENGLISH, parts[ENGLISH] or {}, "English"))
    if key + NYNORSK in files:
        nynorsk = _load(key + NYNORSK, files, findings)
        findings.extend(_check_texts(form, key + NYNORSK, nynorsk or {}, "nynorsk"))
    return tuple(findings)


def _finding(
    file: str, rule: str, element: str, reason: str, remedy: str, line: int = 0
) -> Finding:
    return Finding(rule, "error", file, line, element, "", reason, remedy)


def _load(name: str, files: Mapping[str, bytes], findings: list[Finding]) -> Json | None:
    if name not in files:
        findings.append(
            _finding(name, "form-file-missing", "", "The file is missing.", f"Add {name}.")
        )
        return None
    try:
        return load(files[name])
    except json.JSONDecodeError as error:
        reason = f"The file is not JSON: {error.msg} (column {error.colno})."
        findings.append(_finding(name, "form-json", "", reason, "Mend it there.", error.lineno))
    except (ValueError, RecursionError) as error:
        findings.append(
            _finding(name, "form-json", "", f"The file cannot be used: {error}.", "Rewrite it.")
        )
    return None


class _Schema:
    """The checks of `<key>.schema.json`."""

    def __init__(self, file: str, content: bytes) -> None:
        self._file = file
        self._lines = content.decode("utf-8", "replace").splitlines()

    def check(self, key: str, schema: Json) -> Iterator[Finding]:
        try:
            meta.validate({**schema, **_DRAFT})
        except ValidationError as error:
            place = ".".join(map(str, error.instance_path))
            yield self._fault("form-schema", place, f"Not a JSON Schema: {error.message}.", "")
            return
        if schema.get("$id", key) != key:
            yield self._fault(
                "form-id", "$id", f"$id is {schema['$id']}, the file is of {key}.", f"Write {key}."
            )
        if schema.get("type") != "object":
            yield self._fault("form-schema", "", "A form is an object.", 'Write "type": "object".')
            return
        yield from self._node((), schema, _ROOT)

    def _fault(self, rule: str, element: str, reason: str, remedy: str) -> Finding:
        return _finding(self._file, rule, element, reason, remedy, self._line(element))

    def _line(self, element: str) -> int:
        """The line where the last name of the path first stands as a key; 0 when nowhere."""
        name = f'"{element.rpartition(".")[2]}"'
        hits = (number for number, text in enumerate(self._lines, 1) if name in text)
        return next(hits, 0)

    def _node(
        self, path: tuple[str, ...], node: Json, allowed: frozenset[str] | None = None
    ) -> Iterator[Finding]:
        dotted = ".".join(path)
        try:
            kind = kind_of(node)
        except (ValueError, KeyError) as error:
            yield self._fault(
                "form-unsupported", dotted, f"{error}.", "Use a type of docs/forms.md."
            )
            return
        for keyword in sorted(set(node) - (allowed or _KEYWORDS[kind])):
            yield self._fault(
                "form-unsupported",
                dotted,
                f"{keyword} is not supported for {kind.value}.",
                "Remove it, or use a construct of docs/forms.md.",
            )
        yield from self._texts(dotted, node)
        yield from self._type(dotted, kind, node)
        yield from self._inner(path, kind, node)

    def _texts(self, dotted: str, node: Json) -> Iterator[Finding]:
        if not node.get("title"):
            yield self._fault(
                "form-title", dotted, "There is no title.", "Write one in bokmål: people read it."
            )

    def _type(self, dotted: str, kind: Kind, node: Json) -> Iterator[Finding]:
        wanted = _TYPES.get(kind)
        if wanted is not None and node.get("type") != wanted:
            yield self._fault(
                "form-type", dotted, f"{kind.value} needs the type {wanted}.", f"Write {wanted}."
            )
        if kind in {Kind.TEXT, Kind.LONGTEXT} and "maxLength" not in node:
            yield self._fault(
                "form-max-length", dotted, "The text has no maxLength.", "Write one, such as 2000."
            )
        if node.get("format") not in {None, *_FORMATS}:
            yield self._fault(
                "form-unsupported",
                dotted,
                f"The format {node['format']} is not supported.",
                f"Use one of {', '.join(sorted(_FORMATS))}.",
            )
        if "pattern" in node and not node.get("description"):
            yield self._fault(
                "form-pattern",
                dotted,
                "A pattern without a description leaves people guessing.",
                "Say in description how to write it.",
            )
        if "pattern" in node and not is_portable(node["pattern"]):
            yield self._fault(
                "form-pattern",
                dotted,
                "The pattern means different things to browsers and to the platform.",
                "Use classes such as [0-9A-ZÆØÅ], groups, *, +, ?, {2,4}, ^ and $ only.",
            )
        if kind is Kind.BOOLEAN and node.get("const", True) is not True:
            yield self._fault("form-unsupported", dotted, "const may only be true.", "Remove it.")

    def _inner(self, path: tuple[str, ...], kind: Kind, node: Json) -> Iterator[Finding]:
        if kind is Kind.GROUP:
            yield from self._group(path, node)
        elif kind is Kind.CHOICE:
            yield from self._options(path, node["oneOf"])
        elif kind is Kind.CHOICES:
            yield from self._options(path, node["items"]["oneOf"])
            if not node.get("uniqueItems"):
                yield self._fault(
                    "form-choices",
                    ".".join(path),
                    "A set of choices must not repeat.",
                    'Write "uniqueItems": true.',
                )
        elif kind is Kind.LIST:
            yield from self._rows(path, node)

    def _group(self, path: tuple[str, ...], node: Json) -> Iterator[Finding]:
        properties: Json = node.get("properties", {})
        if not properties and path:
            yield self._fault("form-empty", ".".join(path), "The group is empty.", "Add a field.")
        if node.get("additionalProperties") not in {None, False}:
            yield self._fault(
                "form-unsupported",
                ".".join(path),
                "Unknown fields are always refused.",
                "Remove additionalProperties, or write false.",
            )
        for name in node.get("required", ()):
            if name not in properties:
                yield self._unknown(path, name, "required")
        for name, each in properties.items():
            if not name.isidentifier() or name.startswith("_"):
                yield self._fault(
                    "form-name",
                    ".".join((*path, name)),
                    "A field's name has letters, digits and _, and begins with a letter.",
                    "Rename it.",
                )
            yield from self._node((*path, name), each)
        for clause in node.get("allOf", ()):
            yield from self._clause(path, clause, properties)

    def _unknown(self, path: tuple[str, ...], name: str, keyword: str) -> Finding:
        return self._fault(
            "form-unknown-name",
            ".".join((*path, name)),
            f"{keyword} names {name}, which is no field here.",
            "Mend the name, or add the field.",
        )

    def _clause(self, path: tuple[str, ...], clause: Json, properties: Json) -> Iterator[Finding]:
        test = clause.get("if", {})
        results = [clause.get("then", {}), clause.get("else", {})]
        fits = (
            set(clause) <= {"if", "then", "else", "$comment"}
            and set(test) <= {"properties", "required"}
            and bool(test.get("properties"))
            and all(set(result) <= {"required"} for result in results)
            and all(_is_test(each) for each in test["properties"].values())
        )
        if not fits:
            yield self._fault(
                "form-unsupported",
                ".".join(path) or "allOf",
                "A condition has another shape than the supported one.",
                "Write if: {properties: {name: {const or enum}}, required}, then: {required}.",
            )
            return
        names = [*test["properties"], *test.get("required", ())]
        for name in [*names, *(name for result in results for name in result.get("required", ()))]:
            if name not in properties:
                yield self._unknown(path, name, "allOf")

    def _options(self, path: tuple[str, ...], options: list[Any]) -> Iterator[Finding]:
        values = []
        for option in options:
            whole = isinstance(option, dict) and set(option) == {"const", "title"}
            if not whole or not isinstance(option["const"], str) or not option["title"]:
                yield self._fault(
                    "form-options",
                    ".".join(path),
                    f"The option {option} is not a const (text) with a title.",
                    'Write {"const": "a", "title": "A"}.',
                )
                return
            values.append(option["const"])
        if len(set(values)) < len(values):
            yield self._fault(
                "form-options", ".".join(path), "An option stands twice.", "Remove one."
            )

    def _rows(self, path: tuple[str, ...], node: Json) -> Iterator[Finding]:
        items = node["items"]
        inner = dict(items) if "title" in items else {**items, "title": node.get("title", "")}
        yield from self._node(path, inner)
        if items.get("type") == "object" and not node.get("x-item-title"):
            yield self._fault(
                "form-title",
                ".".join(path),
                "One row has no name.",
                'Write "x-item-title": the word for one of them.',
            )


def _is_test(test: Json) -> bool:
    return set(test) == {"const"} or (set(test) == {"enum"} and isinstance(test["enum"], list))


def _check_texts(form: Form, file: str, texts: Json, language: str) -> Iterator[Finding]:
    wanted = texts_of(form)
    for key in wanted:
        value = texts.get(key)
        if not isinstance(value, str) or not value.strip():
            yield _finding(
                file, "form-english", key, f"No {language} for «{wanted[key]}».", f'Add "{key}".'
            )
    for key in texts:
        if key not in wanted:
            yield _finding(
                file, "form-english", key, f"{key} is the key of no text.", "Remove or mend it."
            )


def texts_of(form: Form) -> Mapping[str, str]:
    """Every text of the form in bokmål by its key in the English file, in the form's order."""
    texts = {"title": form.title.nb, "description": form.description.nb}
    for each in walk(form.root):
        dotted = ".".join(each.path)
        texts[f"{dotted}.title"] = each.title.nb
        texts[f"{dotted}.description"] = each.help.nb
        texts[f"{dotted}.item"] = each.item_title.nb
        texts |= {f"{dotted}.{option.value}": option.title.nb for option in each.options}
    return {key: text for key, text in texts.items() if text}
