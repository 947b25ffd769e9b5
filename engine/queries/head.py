"""What every page of a procurement begins with: what it is, which phase it is in, what is wrong."""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa

from engine.access.policy import Action
from engine.model.actor import Impartiality
from engine.model.definition import ProcessDefinition
from engine.procurement.rule_changes import RuleChange, rule_changes
from engine.queries.definitions import version_told
from engine.queries.diagrams import process_name
from engine.queries.impartiality import may_see_impartiality, standing_of
from engine.queries.names import phase_name
from engine.queries.participants import may_see_participants
from engine.queries.parties import buyers_of
from engine.queries.view import Seen, View
from engine.store import market, records
from engine.store.schema import task


@dataclass(frozen=True, slots=True)
class PhaseView:
    """`state` is done, now or ahead."""

    id: str
    name: str
    state: str


@dataclass(frozen=True, slots=True)
class Head:
    """`together_with` are the other buyers of a joint procurement. `version` is the number of the
    model's version, and `model_of` whose model it is, "" where it is the own organisation's. `late`
    counts open tasks past their date, `failed` what could not be done by itself. `as_of` is the
    moment shown, None for how it stands now. `impartiality` is the reader's own; `market` tells
    that a market dialogue was announced."""

    id: str
    reference: str
    title: str
    organisation: str
    together_with: tuple[str, ...]
    procedure: str
    status: str
    outcome: str
    phase: str
    process: str
    process_name: str
    digest: str
    version: int
    model_of: str
    created_at: datetime
    rules_at: str
    rule_set: str
    rule_changes: tuple[RuleChange, ...]
    phases: tuple[PhaseView, ...]
    late: int
    failed: int
    my_roles: frozenset[str]
    as_of: datetime | None
    may_steer: bool
    may_comment: bool
    impartiality: Impartiality
    may_read_looks: bool
    may_read_record: bool
    may_see_participants: bool
    may_see_impartiality: bool
    market: bool


def head_of(seen: Seen) -> Head:
    row, view = seen.row, seen.view
    definition = view.definition(row.definition)
    number, model_of = version_told(seen)
    lead, *others = buyers_of(seen)
    return Head(
        id=row.id,
        reference=row.reference,
        title=row.title,
        organisation=lead,
        together_with=tuple(others),
        procedure=row.procedure,
        status=row.status,
        outcome=row.outcome,
        phase=row.phase,
        process=definition.key,
        process_name=process_name(view, definition, definition.key),
        digest=row.definition,
        version=number,
        model_of=model_of,
        created_at=row.created_at,
        rules_at=row.rules_at,
        rule_set=row.rule_set,
        rule_changes=_rule_changes(seen),
        phases=_phases(view, definition, row.phase, row.status),
        late=_late(seen),
        failed=len(records.open_incidents(view.connection, row.id)),
        my_roles=seen.my_roles,
        as_of=view.now if seen.is_past else None,
        may_steer=seen.may(Action.STEER, seen.target()),
        may_comment=seen.may(Action.COMMENT, seen.target()),
        impartiality=standing_of(seen.my_seats),
        may_read_looks=seen.may(Action.READ_LOOKS, seen.target()),
        may_read_record=seen.may(Action.READ_RECORD, seen.target()),
        may_see_participants=may_see_participants(seen),
        may_see_impartiality=may_see_impartiality(seen),
        market=not seen.is_past and market.is_announced(view.connection, row.id),
    )


def _rule_changes(seen: Seen) -> tuple[RuleChange, ...]:
    """What has changed in the law since the rules of a running procurement were pinned."""
    row = seen.row
    if not row.rule_set or row.status not in ("running", "suspended"):
        return ()
    return rule_changes(date.fromisoformat(row.rules_at), seen.view.today)


def _phases(
    view: View, definition: ProcessDefinition, now: str, status: str
) -> tuple[PhaseView, ...]:
    phases = definition.root.phases
    at = next((number for number, phase in enumerate(phases) if phase.id == now), -1)
    if status == "ended":
        at = len(phases)
    return tuple(
        PhaseView(
            phase.id,
            phase_name(definition, view.language, phase.id),
            "done" if number < at else "now" if number == at else "ahead",
        )
        for number, phase in enumerate(phases)
    )


def _late(seen: Seen) -> int:
    query = (
        sa.select(task.c.scope, sa.func.count())
        .where(
            task.c.procurement == seen.row.id,
            task.c.status.in_(("open", "approval")),
            task.c.due_at < seen.view.now,
        )
        .group_by(task.c.scope)
    )
    return sum(count for scope, count in seen.view.connection.execute(query) if seen.sees(scope))
