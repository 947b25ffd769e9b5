"""What the checks of a gate stand on, read from the rows that count."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import orjson
import sqlalchemy as sa

from engine.model.actor import Membership
from engine.model.records import ProcurementRecord
from engine.procurement.facts import (
    ContributionFact,
    DecisionFact,
    Facts,
    MemberFact,
    SubmissionFact,
)
from engine.store import contributions, records


def load_facts(  # noqa: PLR0913 - a gate stands on all of these
    connection: sa.Connection,
    procurement: ProcurementRecord,
    team: Collection[Membership],
    *,
    scope: str,
    variables: Mapping[str, Any],
    draft: Mapping[str, Any] | None,
    rules_at: date,
    now: datetime,
) -> Facts:
    """The facts of a branch: confidential matter of other suppliers stays out of a scoped one."""
    return Facts(
        now=now,
        rules_at=rules_at,
        procedure=procurement.procedure,
        scope=scope,
        variables=variables,
        submissions=tuple(
            SubmissionFact(
                each.form, each.element, _Unread(each.content), each.by, each.at, each.scope
            )
            for each in records.stored_submissions(connection, procurement.id)
            if not scope or each.scope in ("", scope)
        ),
        decisions=tuple(
            DecisionFact(
                each.decision,
                each.option,
                each.reason,
                each.by,
                each.at,
                each.scope,
                each.element,
            )
            for each in records.decisions(connection, procurement.id)
            if not scope or each.scope in ("", scope)
        ),
        members=tuple(
            MemberFact(seat.person, seat.role, seat.deputy_for, seat.valid_from, seat.valid_to)
            for seat in team
        ),
        draft=draft,
        contributions=_contributions(connection, procurement.id),
    )


def _contributions(connection: sa.Connection, procurement: str) -> tuple[ContributionFact, ...]:
    """Those that stand, with the roles of everybody whose words were merged or split into them."""
    found = {each.id: each for each in contributions.all_of(connection, procurement)}
    parents = contributions.parents_of(connection, procurement) if found else {}

    def roles(key: str) -> frozenset[str]:
        own = frozenset({found[key].role} - {""})
        return own.union(*(roles(parent) for parent in parents.get(key, ())))

    return tuple(
        ContributionFact(roles(key), each.used)
        for key, each in found.items()
        if each.status == "open"
    )


class _Unread(Mapping[str, Any]):
    """A submission's content, parsed when a check looks into it: most of them none does."""

    __slots__ = ("_content", "_raw")

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._content: dict[str, Any] | None = None

    def _read(self) -> dict[str, Any]:
        if self._content is None:
            self._content = orjson.loads(self._raw)
        return self._content

    def __getitem__(self, name: str) -> Any:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())
