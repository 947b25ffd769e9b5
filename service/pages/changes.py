"""What an entry of the record changed, in words: which field, what stood there, what stands there.

Only columns that mean something to people are told; ids, hashes and the engine's own are not.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from engine.queries.changes import EntryChanges, FormChange, RowView
from engine.registers.eforms import NOTICE, called
from service.i18n import Translator
from service.pages.answers import Answer, AnswerReader


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field; "" where nothing stood or nothing stands now."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """What was changed, for instance a task, and its fields."""

    kind: str
    name: str
    fields: tuple[FieldChange, ...]


def changed_in(found: EntryChanges, roles: Collection[str], text: Translator) -> list[Changed]:
    """Each thing that an entry changed; nothing where people would learn nothing new."""
    changed = [_row(each, found.names, text) for each in found.rows if each.kind in SHOWN]
    if found.form is not None:
        changed.append(form_changed(found.form, roles, text))
    return [each for each in changed if each.fields]


def _row(row: RowView, names: Mapping[str, str], text: Translator) -> Changed:
    says = _Says(row.kind, names, text)
    fields = [
        FieldChange(
            text(f"field.{row.kind}.{column}"),
            says.value(column, row.before.get(column)),
            says.value(column, row.after.get(column)),
        )
        for column in SHOWN[row.kind]
        if column in row.before or column in row.after
    ]
    return Changed(row.kind, row.name, tuple(each for each in fields if each.before != each.after))


def form_changed(found: FormChange, roles: Collection[str], text: Translator) -> Changed:
    """A form beside the version before it: every field that differs, in the order of the form."""
    if found.now.form is None:
        return Changed("submission", found.now.title, ())
    reader = AnswerReader(found.now.form, found.context, roles, text)
    before = dict(_flat(reader.answers(found.before.content))) if found.before else {}
    after = dict(_flat(reader.answers(found.now.content)))
    fields = tuple(
        FieldChange(label, before.get(label, ""), after.get(label, ""))
        for label in dict.fromkeys([*after, *before])
        if before.get(label, "") != after.get(label, "")
    )
    return Changed("submission", found.now.title, fields)


def _flat(answers: Collection[Answer], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every answer by the names of the groups and rows it stands in."""
    for answer in answers:
        label = f"{prefix}{answer.label}"
        if answer.files:
            yield label, ", ".join(name for _, name in answer.files)
        elif answer.rows:
            for number, row in enumerate(answer.rows, start=1):
                yield from _flat(row, f"{label} {number} › ")
        else:
            yield label, answer.text


@dataclass(frozen=True, slots=True)
class _Says:
    """Values of columns in words."""

    kind: str
    names: Mapping[str, str]
    text: Translator

    def value(self, column: str, value: Any) -> str:
        if value in (None, "", [], {}):
            return ""
        prefix = WORDS.get(f"{self.kind}.{column}") or WORDS.get(column)
        if prefix:
            return self.text.or_key(prefix, str(value))
        if code_list := CODES.get(f"{self.kind}.{column}"):
            return self.text.pick(called(code_list, str(value)))
        if column in DAYS:
            return self.text.iso_day(str(value))
        if isinstance(value, bool) or column in FLAGS:
            return self.text("yes") if value else self.text("no")
        if isinstance(value, datetime):
            return self.text.minute(value)
        several = value if isinstance(value, list) else [value]
        return ", ".join(self.names.get(str(each), str(each)) for each in several)


SHOWN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "procurement": (
            "title",
            "reference",
            "status",
            "phase",
            "outcome",
            "rules_at",
            "frozen_documents",
        ),
        "member": ("person", "role", "deputy_for", "scope", "valid_from", "valid_to", "removed"),
        "task": ("status", "candidate", "assignee", "owner", "due_at"),
        "decision": ("decision", "option", "reason", "by"),
        "supplier": ("name", "status", "reason"),
        "timer": ("due_at",),
        "notice": ("subtype", "version"),
        "outbox": ("kind", "recipient", "subject", "body", "sent_at"),
        "comment": ("text",),
        "attachment": ("name",),
        "incident": ("problem", "closed_at"),
    }
)
"""The columns that people are told of, by table."""

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "procurement.status": "procurement-status",
        "task.status": "task-status",
        "supplier.status": "supplier-status",
        "procurement.outcome": "outcome",
        "decision.decision": "decision",
        "incident.problem": "incident.problem",
        "outbox.kind": "letter",
        "candidate": "role",
        "role": "role",
    }
)
"""Columns whose values have texts of their own: where those begin."""

CODES: Final[Mapping[str, str]] = MappingProxyType({"notice.subtype": NOTICE})
"""Columns that hold codes of a published list."""

DAYS: Final = frozenset({"rules_at", "valid_from", "valid_to"})
FLAGS: Final = frozenset({"frozen_documents"})
