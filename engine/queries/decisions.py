"""What was decided in a procurement, with the checks as they stood."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.queries.conversation import CommentView, find_comment
from engine.queries.names import element_name, option_name
from engine.queries.view import Seen, names_of
from engine.store.firms import supplier_names
from engine.store.schema import decision, undone


@dataclass(frozen=True, slots=True)
class DecisionView:
    """`checks` as they stood when it was decided; `by` in the order they decided; `undone` when a
    rewind set it aside. One beside the model has no `decision`, `option` or checks: `element` says
    what was decided, and `comment` what it was made of."""

    id: str
    decision: str
    element: str
    option: str
    opens: bool
    reason: str
    by: tuple[str, ...]
    checks: tuple[dict[str, Any], ...]
    supplier: str
    at: datetime
    seq: int
    undone: bool
    comment: CommentView | None


def decisions_of(seen: Seen) -> tuple[DecisionView, ...]:
    """Decisions the reader may see, newest first; those a rewind set aside are marked."""
    query = (
        sa.select(decision, undone.c.record)
        .outerjoin(undone, undone.c.record == decision.c.id)
        .where(decision.c.procurement == seen.row.id)
        .order_by(decision.c.seq.desc())
    )
    rows = [row for row in seen.view.connection.execute(query) if seen.sees(row.scope)]
    names = names_of(seen.view, {person for row in rows for person in row.by})
    suppliers = supplier_names(seen.view.connection, seen.row.id)
    definition = seen.view.definition(seen.row.definition)
    return tuple(
        DecisionView(
            id=row.id,
            decision=row.decision,
            element=row.name or element_name(definition, seen.view.language, row.element),
            option=(
                option_name(definition, seen.view.language, row.element, row.option)
                if row.element
                else ""
            ),
            opens=row.opens,
            reason=row.reason,
            by=tuple(names.get(person, person) for person in row.by),
            checks=tuple(row.checks),
            supplier=suppliers.get(row.scope, row.scope),
            at=row.at,
            seq=row.seq,
            undone=row.record is not None,
            comment=find_comment(seen, row.comment) if row.comment else None,
        )
        for row in rows
    )
