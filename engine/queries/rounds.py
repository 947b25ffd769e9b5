"""Rounds of negotiation or dialogue: what was planned, said, handed in and decided in each.

A model has rounds where a process records decision D8 (whether to go on); each round begins with
the first form that people hand in there.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.model.definition import ProcessDefinition, ProcessInfo
from engine.model.records import SubmissionRecord
from engine.queries.decisions import DecisionView, decisions_of
from engine.queries.submissions import SubmissionView, views, visible_submissions
from engine.queries.view import Seen
from engine.store import records

ROUND_DECISION: Final = "D8"
_MINUTES: Final = "meeting-minutes"


@dataclass(frozen=True, slots=True)
class RoundWith:
    """What one supplier said and handed in; `meeting_minutes` is how long the meetings lasted, in
    minutes, None where no meeting says it."""

    key: str
    name: str
    forms: tuple[SubmissionView, ...]
    meetings: int
    meeting_minutes: int | None


@dataclass(frozen=True, slots=True)
class RoundView:
    """`common` are the forms that speak of all suppliers alike."""

    number: int
    process: str
    began_at: datetime
    suppliers: tuple[RoundWith, ...]
    common: tuple[SubmissionView, ...]
    decisions: tuple[DecisionView, ...]


def rounds_of(seen: Seen) -> tuple[RoundView, ...]:
    """Every round that has begun, in order, as far as the reader may see it."""
    definition = seen.view.definition(seen.row.definition)
    found = visible_submissions(seen)
    decided = [each for each in decisions_of(seen) if not each.undone]
    names = {each.key: each.name for each in records.suppliers(seen.view.connection, seen.row.id)}
    rounds: list[RoundView] = []
    for process in definition.processes.values():
        if _has_rounds(process) and (parts := _split(process, found)):
            rounds.extend(_rounds(seen, definition, process, parts, decided, names))
    return tuple(sorted(rounds, key=lambda each: each.began_at))


def _has_rounds(process: ProcessInfo) -> bool:
    return any(
        each.gate is not None and each.gate.decision == ROUND_DECISION
        for each in process.elements.values()
    )


def _split(process: ProcessInfo, found: Iterable[SubmissionRecord]) -> list[list[SubmissionRecord]]:
    """The forms of the process by round; what came before the first one began is in none."""
    mine = {key for key, each in process.elements.items() if each.form}
    begins = next((key for key, each in process.elements.items() if each.form), "")
    rounds: list[list[SubmissionRecord]] = []
    for each in found:
        if each.element not in mine:
            continue
        if each.element == begins:
            rounds.append([])
        if rounds:
            rounds[-1].append(each)
    return rounds


def _rounds(
    seen: Seen,
    definition: ProcessDefinition,
    process: ProcessInfo,
    parts: list[list[SubmissionRecord]],
    decided: Iterable[DecisionView],
    names: Mapping[str, str],
) -> Iterable[RoundView]:
    """The rounds that have begun: one or more `parts`."""
    ends = [*(part[0].seq for part in parts[1:]), seen.row.audit_seq + 1]
    name = definition.text(seen.view.language, process.key, f"{process.key}.name", process.name)
    for number, (part, end) in enumerate(zip(parts, ends, strict=True), start=1):
        shown = views(seen, part)
        yield RoundView(
            number=number,
            process=name,
            began_at=part[0].at,
            suppliers=_by_supplier(part, shown, names),
            common=tuple(
                view for each, view in zip(part, shown, strict=True) if each.scope not in names
            ),
            decisions=tuple(
                each
                for each in decided
                if each.decision == ROUND_DECISION and part[0].seq <= each.seq < end
            ),
        )


def _by_supplier(
    part: list[SubmissionRecord], shown: tuple[SubmissionView, ...], names: Mapping[str, str]
) -> tuple[RoundWith, ...]:
    """`part` and `shown` are the same forms, both in the order they were handed in."""
    forms: dict[str, list[SubmissionView]] = {}
    for each, view in zip(part, shown, strict=True):
        if each.scope in names:
            forms.setdefault(each.scope, []).append(view)
    found = [_with(key, names[key], tuple(forms[key])) for key in forms]
    return tuple(sorted(found, key=lambda each: each.name))


def _with(key: str, name: str, forms: tuple[SubmissionView, ...]) -> RoundWith:
    meetings = [each for each in forms if each.form is not None and each.form.key == _MINUTES]
    lasted = [minutes for each in meetings if (minutes := _lasted(each)) is not None]
    return RoundWith(key, name, forms, len(meetings), sum(lasted) if lasted else None)


def _lasted(minutes: SubmissionView) -> int | None:
    """How long a meeting lasted, in minutes, by its minutes."""
    start, end = minutes.content.get("start"), minutes.content.get("end")
    if not isinstance(start, str) or not isinstance(end, str):
        return None
    try:
        lasted = datetime.fromisoformat(end) - datetime.fromisoformat(start)
    except (ValueError, TypeError):
        return None
    return int(lasted.total_seconds() // 60)
