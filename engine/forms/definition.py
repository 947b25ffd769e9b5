"""What a form is: its fields in the order people meet them, with texts, limits and conditions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a field holds; decides how it is checked, shown and typed."""

    TEXT = "text"
    LONGTEXT = "longtext"
    INTEGER = "integer"
    NUMBER = "number"
    MONEY = "money"  # integer øre
    PERCENT = "percent"
    BOOLEAN = "boolean"
    DATE = "date"  # yyyy-mm-dd
    DATETIME = "date-time"  # UTC
    CHOICE = "choice"
    CHOICES = "choices"
    FILE = "file"
    SUPPLIER = "supplier"
    PERSON = "person"
    GROUP = "group"
    LIST = "list"


NUMERIC = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.PERCENT})
REFERENCES = frozenset({Kind.FILE, Kind.SUPPLIER, Kind.PERSON})


@dataclass(frozen=True, slots=True)
class Text:
    """One text in bokmål and what it has been translated to."""

    nb: str
    translations: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, language: str) -> str:
        return self.translations.get(language) or self.nb

    def __bool__(self) -> bool:
        return bool(self.nb)


EMPTY = Text("")


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    title: Text


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds as JSON Schema writes them; money in øre, lengths in characters."""

    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_items: int | None = None
    max_items: int | None = None
    pattern: str | None = None
    format: str | None = None
    constant: bool | None = None
    unique: bool = False


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds when every named field has one of its values.

    A name is looked up at the field's own level, then at the top of the form. A field that is
    empty has no value, save an unticked box, which is false; the names in `vacuous` hold when empty
    (JSON Schema's `properties` without `required`).
    """

    values: Mapping[str, tuple[object, ...]]
    vacuous: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RequiredIf:
    """`names` are required while `condition` holds (or, for `otherwise`, while it does not)."""

    condition: Condition
    names: frozenset[str]
    otherwise: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `path` has no row numbers: `("effects", "effect")`.

    `item` is the field of one row of a list (a group, or one value); `fields` those of a group.
    """

    name: str
    path: tuple[str, ...]
    kind: Kind
    title: Text
    help: Text = EMPTY
    required: bool = False
    options: tuple[Option, ...] = ()
    limits: Limits = NO_LIMITS
    show_if: Condition | None = None
    roles: frozenset[str] = frozenset()
    fields: tuple["Field", ...] = ()
    required_if: tuple[RequiredIf, ...] = ()
    item: "Field | None" = None
    item_title: Text = EMPTY
    rows: int = 0
    default: object = None

    def least_items(self) -> int:
        """A list that is required has at least one row."""
        return max(self.limits.min_items or 0, 1 if self.required else 0)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of one version of a process. `root` is the group of all its fields."""

    key: str
    catalogue: str
    title: Text
    description: Text
    root: Field

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.root.fields

    def refers_to(self, kind: Kind) -> bool:
        """Whether a field of the form points at a supplier, a person or a file."""
        return any(each.kind is kind or _rows_of(each) is kind for each in walk(self.root))

    def find(self, path: tuple[str | int, ...]) -> Field | None:
        """The field at a path of names, with or without row numbers."""
        names = tuple(part for part in path if isinstance(part, str) and not part.isdigit())
        return next((each for each in walk(self.root) if each.path == names), None)


def _rows_of(each: Field) -> Kind | None:
    return each.item.kind if each.item is not None else None


def walk(root: Field) -> Iterator[Field]:
    """Every field below `root`, in the order of the form, each before its children."""
    children = root.fields if root.kind is not Kind.LIST or root.item is None else root.item.fields
    for child in children:
        yield child
        yield from walk(child)
