"""What is wrong with `<key>.ui.json`: names that are no fields, keys that are not supported, and
computed fields, options and matrices that cannot work."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from engine.errors import FeelError
from engine.feel import compile_expression
from engine.finding import Finding
from engine.forms.definition import NUMERIC, RECORDS, Field, Form, Kind, walk
from engine.forms.reading import Json

_KEYS: Final = frozenset(
    {
        "ui:order",
        "ui:showIf",
        "ui:rows",
        "ui:roles",
        "ui:compute",
        "ui:optionsFrom",
        "ui:matrix",
        "ui:blind",
        "ui:internal",
    }
)
_COMPUTABLE: Final = NUMERIC | {Kind.TEXT, Kind.DATE, Kind.BOOLEAN}
_OPTIONAL: Final = frozenset({Kind.TEXT, Kind.SUPPLIER, Kind.PERSON})
_AXES: Final = frozenset({Kind.CHOICE, Kind.SUPPLIER, Kind.PERSON})


def _finding(file: str, place: str, reason: str, remedy: str) -> Finding:
    return Finding("form-ui", "error", file, 0, place, "", reason, remedy)


def check_ui(file: str, schema: Json, ui: Json) -> Iterator[Finding]:
    """Faults that show in the file itself, before the form can be read."""
    top = schema.get("properties", {})
    if not isinstance(ui.get("ui:blind", False), bool):
        yield _finding(file, "", "ui:blind is neither true nor false.", "Write true.")
    yield from _check_level(file, schema, ui, (), top)


def _check_level(
    file: str, schema: Json, ui: Json, path: tuple[str, ...], top: Json
) -> Iterator[Finding]:
    properties: Json = schema.get("properties", {})
    place = ".".join(path)
    for name, value in ui.items():
        if name.startswith("ui:"):
            yield from _check_key(file, place, name, value, properties)
        elif name in properties:
            yield from _check_field(file, properties, name, value, (*path, name), top)
        else:
            yield _finding(
                file,
                f"{place}.{name}".strip("."),
                f"There is no field {name}.",
                "Mend the name, or remove it.",
            )


def _check_field(
    file: str, properties: Json, name: str, value: Json, path: tuple[str, ...], top: Json
) -> Iterator[Finding]:
    below = properties[name]
    inner = {key: each for key, each in value.items() if not key.startswith("ui:")}
    own = {key: each for key, each in value.items() if key.startswith("ui:")}
    yield from _check_own(file, path, own, properties)
    yield from _check_compute(file, ".".join(path), own, {*top, *properties})
    if below.get("type") == "array":
        yield from _check_level(file, below["items"], inner.get("items", inner), path, top)
    elif inner or "ui:order" in own:
        order = {"ui:order": own["ui:order"]} if "ui:order" in own else {}
        yield from _check_level(file, below, {**inner, **order}, path, top)


def _check_own(file: str, path: tuple[str, ...], own: Json, siblings: Json) -> Iterator[Finding]:
    place = ".".join(path)
    for name, value in own.items():
        if name not in _KEYS or name == "ui:blind":
            yield _finding(file, place, f"{name} is not supported.", "Remove it (docs/forms.md).")
        elif name == "ui:showIf" and not isinstance(value, dict):
            yield _finding(file, place, "ui:showIf is no object.", 'Write {"field": [values]}.')
        elif name == "ui:internal" and value is not True:
            yield _finding(file, place, "ui:internal is not true.", "Write true, or remove it.")
        elif name == "ui:matrix" and not _is_matrix(value):
            yield _finding(
                file, place, "ui:matrix has another shape.", 'Write {"rows": …, "columns": …}.'
            )
        elif name == "ui:optionsFrom" and not _is_origin(value):
            yield _finding(
                file,
                place,
                "ui:optionsFrom names neither a field of another form nor records nor a variable.",
                'Write "form.field", "@records" or "=variable" (docs/forms.md).',
            )
    if len(path) == 1:
        wanted = own.get("ui:showIf", {})
        for name in wanted if isinstance(wanted, dict) else ():
            if name not in siblings:
                yield _finding(file, place, f"ui:showIf names {name}: no field.", "Mend the name.")


def _is_matrix(value: object) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"rows", "columns"}
        and all(isinstance(each, str) for each in value.values())
    )


def _is_origin(value: object) -> bool:
    if not isinstance(value, str):
        return False
    if value.startswith("="):
        return value[1:].strip().isidentifier()
    if value.startswith("@"):
        return value[1:].strip() in RECORDS
    return "." in value and all(value.split("."))


def _check_compute(file: str, place: str, own: Json, names: Collection[str]) -> Iterator[Finding]:
    source = own.get("ui:compute")
    if source is None:
        return
    if not isinstance(source, str):
        yield _finding(file, place, "ui:compute is no text.", "Write a FEEL expression.")
        return
    try:
        compile_expression(source, names)
    except FeelError as error:
        yield _finding(
            file, place, f"ui:compute cannot be used: {error}", "Mend it (docs/feel.md)."
        )


def _check_key(
    file: str, place: str, name: str, value: object, properties: Json
) -> Iterator[Finding]:
    if name not in _KEYS:
        yield _finding(file, place, f"{name} is not supported.", "Remove it (docs/forms.md).")
    elif name == "ui:order":
        for each in value if isinstance(value, list) else [value]:
            if each != "*" and each not in properties:
                yield _finding(file, place, f"ui:order names {each}: no field.", "Mend the name.")


def check_fields(file: str, form: Form) -> Iterator[Finding]:
    """Faults that show once the two files are one form."""
    for each in walk(form.root):
        place = ".".join(each.path)
        if each.compute is not None and each.kind not in _COMPUTABLE:
            yield _finding(
                file,
                place,
                f"A field of kind {each.kind.value} cannot be computed.",
                "Compute a number, an amount, a percentage, a text, a date or a yes or no.",
            )
        if each.origin is not None and (each.item or each).kind not in _OPTIONAL:
            yield _finding(
                file,
                place,
                f"ui:optionsFrom does not fit the kind {each.kind.value}.",
                "Use it with a text, a supplier or a person.",
            )
        if each.matrix is not None:
            yield from _check_matrix(file, place, each)
    yield from _check_circles(file, form.root)


def _check_matrix(file: str, place: str, each: Field) -> Iterator[Finding]:
    matrix, item = each.matrix, each.item
    if matrix is None or item is None or item.kind is not Kind.GROUP:
        yield _finding(file, place, "ui:matrix is for a list of rows.", "Remove it.")
        return
    inner: Mapping[str, Field] = {field.name: field for field in item.fields}
    for name in (matrix.rows, matrix.columns):
        axis = inner.get(name)
        if axis is None or not (axis.kind in _AXES or axis.origin is not None):
            yield _finding(
                file,
                place,
                f"The axis {name} of the matrix has no list of values.",
                "Name a field of the row that is a choice, a supplier, a person, or has"
                " ui:optionsFrom.",
            )
    if matrix.rows == matrix.columns:
        yield _finding(file, place, "Both axes are the same field.", "Name two fields.")


def _check_circles(file: str, group: Field) -> Iterator[Finding]:
    """Computed fields of one level that rest on each other in a circle."""
    rests = {
        each.name: each.compute.names_used for each in group.fields if each.compute is not None
    }
    for name in rests:
        if _reaches(name, name, rests, set()):
            place = ".".join((*group.path, name))
            yield _finding(file, place, "The field is computed from itself.", "Break the circle.")
    for each in group.fields:
        inner = each.item if each.item is not None else each
        if inner.kind is Kind.GROUP:
            yield from _check_circles(file, inner)


def _reaches(start: str, wanted: str, rests: Mapping[str, frozenset[str]], seen: set[str]) -> bool:
    for name in rests.get(start, frozenset()):
        if name == wanted:
            return True
        if name not in seen:
            seen.add(name)
            if _reaches(name, wanted, rests, seen):
                return True
    return False
