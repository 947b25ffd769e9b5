"""What a form is: its fields in the order people meet them, with texts, limits and conditions."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from engine.feel import Expression


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
    ORGANISATION = "organisation"  # nine digits
    CPV = "cpv"  # eight digits
    GROUP = "group"
    LIST = "list"


NUMERIC = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.MONEY, Kind.PERCENT})
REFERENCES = frozenset({Kind.FILE, Kind.SUPPLIER, Kind.PERSON})
LOOKED_UP = frozenset({Kind.ORGANISATION, Kind.CPV})
LOOK_UPS = "_lookups"
"""Where a submission keeps what registers told: path → {register, key, name, source, …}."""


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


def joined(first: Text, sign: str, second: Text) -> Text:
    """Two texts as one, in every language that either has."""
    languages = {*first.translations, *second.translations}
    return Text(
        f"{first.nb}{sign}{second.nb}",
        {each: f"{first(each)}{sign}{second(each)}" for each in languages},
    )


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


UNSHARED: Final = "unshared"
"""Records that a field can choose among: items of information that not all know of yet."""
STEPS: Final = "steps"
"""The steps of people in the process, as `process/element`."""
JUDGED: Final = "judged-criteria"
"""The award criteria that people give points for: all but those by which prices are compared."""
RECORDS: Final = frozenset({UNSHARED, STEPS, JUDGED})


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the options of a field come from: the newest submission of another form (`form`, and
    `path` in it), the records of a kind in this procurement (`records`), or else a variable of the
    process that holds texts or contexts with id and name.
    """

    form: str = ""
    path: tuple[str, ...] = ()
    variable: str = ""
    records: str = ""

    def __str__(self) -> str:
        if self.records:
            return f"@{self.records}"
        return ".".join((self.form, *self.path)) if self.form else f"={self.variable}"


@dataclass(frozen=True, slots=True)
class Matrix:
    """A list drawn as a table: the names of the two fields of each row that span it."""

    rows: str
    columns: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `path` has no row numbers: `("effects", "effect")`.

    `item` is the field of one row of a list (a group, or one value); `fields` those of a group.
    `compute` gives the value of a field that nobody fills in; it reads the fields of its own level
    and those at the top of the form. An `internal` one stays out of letters.
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
    compute: Expression | None = None
    origin: Origin | None = None
    matrix: Matrix | None = None
    internal: bool = False

    @property
    def is_ticked(self) -> bool:
        """Whether several of what is offered are chosen, in no order: options, or a list of
        suppliers or persons each of which stands there once."""
        if self.kind is Kind.CHOICES:
            return True
        offered = self.item is not None and self.item.kind in {Kind.SUPPLIER, Kind.PERSON}
        return offered and self.limits.unique

    def least_items(self) -> int:
        """A list that is required has at least one row."""
        return max(self.limits.min_items or 0, 1 if self.required else 0)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of one version of a process. `root` is the group of all its fields.

    A `blind` form is filled in by several people who do not see each other's until all have
    handed in.
    """

    key: str
    catalogue: str
    title: Text
    description: Text
    root: Field
    blind: bool = False

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.root.fields

    def without(self, names: Collection[str]) -> "Form":
        """The form less these fields at its top."""
        fields = tuple(each for each in self.root.fields if each.name not in names)
        return replace(self, root=replace(self.root, fields=fields))

    def refers_to(self, kind: Kind) -> bool:
        """Whether a field of the form points at a supplier, a person or a file."""
        return any(each.kind is kind or _rows_of(each) is kind for each in walk(self.root))

    def origins(self) -> frozenset[Origin]:
        """Where options must be fetched from before the form can be drawn or checked."""
        return frozenset(each.origin for each in walk(self.root) if each.origin is not None)

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
