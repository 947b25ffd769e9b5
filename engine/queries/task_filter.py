"""What narrows a task list: where, in which phase, for which role, by when, and words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Final

import sqlalchemy as sa

from engine.clock import OSLO
from engine.queries.view import View
from engine.queries.words import ESCAPE, plain, spellings
from engine.store.schema import member, procurement, supplier, task
from engine.store.types import Among

LONGEST: Final = 200
"""So many characters of what was typed are looked at."""


class Due(StrEnum):
    """By when; `late` has passed, the others hold what is late as well, `none` has no date."""

    LATE = "late"
    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    NONE = "none"


_DAYS = {Due.TODAY: 0, Due.WEEK: 7, Due.MONTH: 30}


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """Which tasks of a list are wanted; "" stands for all. Every word of `text` must be found in
    the name of the task, its procurement or its supplier."""

    procurement: str = ""
    procedure: str = ""
    phase: str = ""
    role: str = ""
    due: Due | None = None
    text: str = ""

    @property
    def is_empty(self) -> bool:
        return self == TaskFilter()

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "TaskFilter":
        """What `as_plain` gave, or a form sent; what is unknown or unusable counts as not there."""
        words = {
            each.name: str(plain.get(each.name) or "")[:LONGEST]
            for each in fields(cls)
            if each.name != "due"
        }
        due = str(plain.get("due") or "")
        return cls(**words, due=Due(due) if due in set(Due) else None)

    def as_plain(self) -> dict[str, str]:
        """What is set, by name."""
        found = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: str(value) for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class Shape:
    """What tells the question of one filter from that of another, apart from the values in it:
    building a question costs as much as asking it, so one is built for each shape.

    `equal` are the fields that are set, `words` in how many spellings each word is looked for;
    `translated` when the model's own names are not the reader's; `none` when nothing can fit.
    """

    equal: tuple[str, ...]
    due: Due | None
    words: tuple[int, ...]
    translated: bool
    none: bool


@dataclass(frozen=True, slots=True)
class Narrowing:
    """A filter as part of a question: its shape, and the values of its parameters."""

    shape: Shape
    values: Mapping[str, Any]


def narrowing(view: View, wanted: TaskFilter) -> Narrowing:
    """The filter for this reader and moment."""
    equal = {name: value for name in _EQUAL if (value := getattr(wanted, name))}
    values: dict[str, Any] = {f"wanted_{name}": value for name, value in equal.items()}
    if wanted.due is not None and wanted.due is not Due.NONE:
        values["wanted_due"] = _before(view, wanted.due)
    none = "\x00" in wanted.text  # which no database stores
    words = () if none else tuple(wanted.text.split())
    translated = bool(words) and view.language != "nb"
    names = tuple(_names(view)) if translated else ()
    for number, word in enumerate(words):
        for place, spelling in enumerate(spellings(word)):
            values[f"word_{number}_{place}"] = plain(spelling)
        if translated:
            values[f"names_{number}"] = [key for key, name in names if word.lower() in name]
    spelt = tuple(len(spellings(word)) for word in words)
    due = wanted.due if wanted.due in (None, Due.NONE) else Due.LATE
    return Narrowing(Shape(tuple(equal), due, spelt, translated, none), values)


_EQUAL: Final[Mapping[str, "sa.Column[Any]"]] = MappingProxyType(
    {
        "procurement": task.c.procurement,
        "procedure": procurement.c.procedure,
        "phase": task.c.phase,
        "role": task.c.candidate,
    }
)


def conditions_of(shape: Shape) -> "list[sa.ColumnElement[bool]]":
    """What must hold of the tasks; their procurement is among the tables. The values of
    `narrowing` are its parameters."""
    found: list[sa.ColumnElement[bool]] = [
        _EQUAL[name] == sa.bindparam(f"wanted_{name}") for name in shape.equal
    ]
    if shape.due is Due.NONE:
        found.append(task.c.due_at.is_(None))
    elif shape.due is not None:
        found.append(task.c.due_at < sa.bindparam("wanted_due", type_=task.c.due_at.type))
    found.extend(_mentions(shape, number) for number in range(len(shape.words)))
    return [*found, sa.false()] if shape.none else found


def _before(view: View, due: Due) -> datetime:
    return view.now if due is Due.LATE else _end_of(view.today + timedelta(days=_DAYS[due]))


def _end_of(day: date) -> datetime:
    """Midnight in Oslo after the day."""
    return datetime.combine(day + timedelta(days=1), time(), OSLO)


def _mentions(shape: Shape, number: int) -> "sa.ColumnElement[bool]":
    """The word of that number stands in the name of the task, its procurement or its supplier."""
    of_task = (supplier.c.procurement == task.c.procurement) & (supplier.c.key == task.c.scope)
    columns = [procurement.c.title, procurement.c.reference]
    if not shape.translated:
        columns.append(task.c.name)

    def told(column: "sa.Column[str]") -> "Iterator[sa.ColumnElement[bool]]":
        for place in range(shape.words[number]):
            spelling = sa.bindparam(f"word_{number}_{place}", type_=sa.String)
            yield column.icontains(spelling, escape=ESCAPE)

    named = sa.select(supplier.c.key).where(of_task, sa.or_(*told(supplier.c.name))).exists()
    found = [*(each for column in columns for each in told(column)), named]
    if shape.translated:
        found.append(Among(_ELEMENT, f"names_{number}"))
    return sa.or_(*found)


_ELEMENT: Final = procurement.c.definition + "/" + task.c.process + "/" + task.c.element


def _names(view: View) -> Iterator[tuple[str, str]]:
    """What tasks are called in the reader's language where that is not the model's own: version,
    process and element as `_ELEMENT` has them by their name in small letters, of the versions that
    the reader's procurements run on."""
    mine = sa.select(member.c.procurement).where(member.c.person == view.actor.id)
    query = sa.select(procurement.c.definition).where(procurement.c.id.in_(mine)).distinct()
    for digest in view.connection.scalars(query):
        for process in view.definition(digest).processes.values():
            for element in process.elements.values():
                if element.kind in ("userTask", "manualTask"):
                    key = f"{element.id}.name"
                    name = view.text(digest, process.key, key, element.name)
                    yield f"{digest}/{process.key}/{element.id}", name.lower()
