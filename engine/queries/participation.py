"""The plan for who takes part (F-02), held beside what has come of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from engine.model.contribution import PLANNED
from engine.procurement.reading import entries, said
from engine.procurement.voices import FEWEST
from engine.queries.view import Seen
from engine.store import contributions, polls, records

PHASES: Final[Mapping[str, frozenset[str]]] = {
    "need": frozenset({"", "need"}),
    "market": frozenset({"market"}),
    "documents": frozenset({"choice", "documents"}),
    "negotiation": frozenset({"competition", "negotiation"}),
    "evaluation": frozenset({"award", "jury"}),
    "development": frozenset({"development"}),
    "implementation": frozenset({"contract", "purchase"}),
    "benefits": frozenset({"benefits", "closing"}),
}
"""The phases of the plan, and those of the models that they are."""


@dataclass(frozen=True, slots=True)
class PlannedView:
    """One group in one phase. `role` is what the group takes part as; `given` how many
    contributions it has given there, None where that is too few to show; `polls` how many it has
    been asked in. `state` is heard, late or ahead."""

    role: str
    method: str
    phase: str
    level: str
    purpose: str
    by: str
    given: int | None
    polls: int
    state: str


def plan_of(seen: Seen) -> tuple[PlannedView, ...]:
    """The newest plan, in its own order; nothing where participation is waived or not planned."""
    found = records.submissions_of(seen.view.connection, seen.row.id, "participation")
    content: Mapping[str, Any] = found[-1].content if found else {}
    if content.get("waived") is True:
        return ()
    heard = tuple(_heard(seen))
    return tuple(
        _planned(row, heard, seen.view.today)
        for row in entries(content, "activities")
        if said(row, "group") in PLANNED
    )


@dataclass(frozen=True, slots=True)
class _Heard:
    roles: frozenset[str]
    phase: str
    poll: bool


def _heard(seen: Seen) -> Iterator[_Heard]:
    connection = seen.view.connection
    for each in contributions.all_of(connection, seen.row.id):
        if each.role:
            yield _Heard(frozenset({each.role}), each.phase, poll=False)
    voters = polls.voters_of(connection, seen.row.id)
    for poll in polls.polls_of(connection, seen.row.id):
        answered = frozenset(each.role for each in voters if each.poll == poll.id)
        yield _Heard(answered, poll.phase, poll=True)


def _planned(row: Mapping[str, Any], heard: tuple[_Heard, ...], today: date) -> PlannedView:
    role, phase, by = PLANNED[said(row, "group")], said(row, "phase"), said(row, "by")
    phases = PHASES.get(phase, frozenset())
    mine = [each for each in heard if role in each.roles and each.phase in phases]
    given = sum(1 for each in mine if not each.poll)
    late = bool(by) and by < today.isoformat()
    return PlannedView(
        role=role,
        method=said(row, "method"),
        phase=phase,
        level=said(row, "level"),
        purpose=said(row, "purpose"),
        by=by,
        given=given if given == 0 or given >= FEWEST else None,
        polls=len(mine) - given,
        state="heard" if mine else "late" if late else "ahead",
    )
