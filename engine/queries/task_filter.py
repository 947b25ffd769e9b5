"""What narrows a task list: where, in which phase, for which role, by when, and words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, Final

import sqlalchemy as sa

from engine.clock import OSLO
from engine.queries.view import View
from engine.queries.words import contains
from engine.store.schema import member, procurement, supplier, task

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


def conditions_of(view: View, wanted: TaskFilter) -> "list[sa.ColumnElement[bool]]":
    """What must hold of the tasks; their procurement is among the tables."""
    equal = {
        task.c.procurement: wanted.procurement,
        procurement.c.procedure: wanted.procedure,
        task.c.phase: wanted.phase,
        task.c.candidate: wanted.role,
    }
    found: list[sa.ColumnElement[bool]] = [
        column == value for column, value in equal.items() if value
    ]
    if wanted.due is not None:
        found.append(_due(view, wanted.due))
    words = wanted.text.split()
    if "\x00" in wanted.text:  # which no database stores
        found.append(sa.false())
    elif words:
        translated = _Translated.read(view)
        found.extend(_mentions(view, translated, word) for word in words)
    return found


def _due(view: View, due: Due) -> "sa.ColumnElement[bool]":
    if due is Due.NONE:
        return task.c.due_at.is_(None)
    if due is Due.LATE:
        return task.c.due_at < view.now
    return task.c.due_at < _end_of(view.today + timedelta(days=_DAYS[due]))


def _end_of(day: date) -> datetime:
    """Midnight in Oslo after the day."""
    return datetime.combine(day + timedelta(days=1), time(), OSLO)


def _mentions(view: View, translated: "_Translated", word: str) -> "sa.ColumnElement[bool]":
    of_task = (supplier.c.procurement == task.c.procurement) & (supplier.c.key == task.c.scope)
    named = sa.select(supplier.c.key).where(of_task, sa.or_(*contains(supplier.c.name, word)))
    columns = [procurement.c.title, procurement.c.reference]
    if view.language == "nb":
        columns.append(task.c.name)
    return sa.or_(
        *(each for column in columns for each in contains(column, word)),
        named.exists(),
        translated.where(word),
    )


@dataclass(frozen=True, slots=True)
class _Translated:
    """What tasks are called in the reader's language where that is not the model's own: version,
    process and element by their name in small letters."""

    names: tuple[tuple[str, str, str, str], ...]

    @classmethod
    def read(cls, view: View) -> "_Translated":
        if view.language == "nb":
            return cls(())
        return cls(tuple(_names(view)))

    def where(self, word: str) -> "sa.ColumnElement[bool]":
        wanted = [names[:3] for names in self.names if word.lower() in names[3]]
        if not wanted:
            return sa.false()
        columns = sa.tuple_(procurement.c.definition, task.c.process, task.c.element)
        return columns.in_(wanted)


def _names(view: View) -> Iterator[tuple[str, str, str, str]]:
    """Of the versions that the reader's procurements run on."""
    mine = sa.select(member.c.procurement).where(member.c.person == view.actor.id)
    query = sa.select(procurement.c.definition).where(procurement.c.id.in_(mine)).distinct()
    for digest in view.connection.scalars(query):
        for process in view.definition(digest).processes.values():
            for element in process.elements.values():
                if element.kind in ("userTask", "manualTask"):
                    key = f"{element.id}.name"
                    name = view.text(digest, process.key, key, element.name)
                    yield digest, process.key, element.id, name.lower()
