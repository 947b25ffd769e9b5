"""Figures beside the record: what has been counted of it, and how far."""

from datetime import datetime, timedelta
from typing import Any, Final

import orjson
import sqlalchemy as sa

from engine.procurement.usage import COUNTED_TYPES, CountedEntry, Counting
from engine.store.prepared import Prepared
from engine.store.schema import audit_event, counted, element_use, phase_spell, procurement
from engine.store.unit_of_work import UnitOfWork

_COUNTED: Final = Prepared(
    sa.select(counted.c.seq, counted.c.pending).where(
        counted.c.procurement == sa.bindparam("procurement")
    )
)
_USES: Final = Prepared(
    sa.select(
        element_use.c.element, element_use.c.scope, element_use.c.times, element_use.c.seconds
    ).where(element_use.c.procurement == sa.bindparam("procurement"))
)
_SPELLS: Final = Prepared(
    sa.select(phase_spell.c.seq).where(phase_spell.c.procurement == sa.bindparam("procurement"))
)
_LAST: Final = Prepared(
    sa.select(sa.func.max(audit_event.c.seq)).where(
        audit_event.c.chain == sa.bindparam("procurement"),
        audit_event.c.seq > sa.bindparam("after"),
        audit_event.c.seq <= sa.bindparam("up_to"),
    )
)


def counted_so_far(connection: sa.Connection, key: str) -> tuple[int, Counting]:
    """The last entry that was counted, and what was left pending then."""
    row = _COUNTED.first(connection, {"procurement": key})
    return (0, Counting()) if row is None else (row[0], Counting(dict(row[1])))


def entries_after(
    connection: sa.Connection, key: str, seq: int, most: int
) -> tuple[int, list[CountedEntry]]:
    """The next `most` entries of the record, as far as they are counted, and the last of them."""
    last = _LAST.first(connection, {"procurement": key, "after": seq, "up_to": seq + most})
    end = last[0] if last and last[0] is not None else seq
    query = (
        sa.select(audit_event.c.seq, audit_event.c.at, audit_event.c.type, audit_event.c.body)
        .where(
            audit_event.c.chain == key,
            audit_event.c.seq > seq,
            audit_event.c.seq <= end,
            audit_event.c.type.in_(COUNTED_TYPES),
        )
        .order_by(audit_event.c.seq)
    )
    rows = connection.execute(query)
    return end, [
        CountedEntry(
            row.seq, datetime.fromisoformat(row.at), row.type, orjson.loads(row.body)["data"]
        )
        for row in rows
    ]


def keep(work: UnitOfWork, key: str, seq: int, counting: Counting, at: datetime) -> None:
    """Add what was counted, and remember that it goes to entry `seq`."""
    connection, writer = work.connection, work.writer
    values: dict[str, Any] = {"procurement": key}
    known = {row[:2]: row[2:] for row in _USES.all(connection, values)}
    for (element, scope), uses in counting.uses.items():
        times, seconds = known.get((element, scope), (0, 0))
        sums = {"times": times + uses.times, "seconds": seconds + _seconds(uses.waited)}
        place = {"procurement": key, "element": element, "scope": scope}
        if (element, scope) in known:
            writer.update(element_use, place, **sums)
        else:
            writer.insert(element_use, **place, **sums)
    begun = set(_SPELLS.column(connection, values))
    for spell in counting.spells.values():
        ended = {"left_at": spell.left, "held": _seconds(spell.held)}
        stay: dict[str, Any] = {"procurement": key, "seq": spell.seq}
        if spell.seq in begun:
            writer.update(phase_spell, stay, **ended)
        else:
            start = {"phase": spell.phase, "entered_at": spell.entered}
            writer.insert(phase_spell, **stay, **start, **ended)
    writer.delete(counted, procurement=key)
    writer.insert(counted, procurement=key, seq=seq, at=at, pending=counting.pending)


def uncounted(connection: sa.Connection, most: int) -> list[str]:
    """Procurements whose record has entries that were not counted, at most so many."""
    query = (
        sa.select(procurement.c.id)
        .outerjoin(counted, counted.c.procurement == procurement.c.id)
        .where(procurement.c.audit_seq > sa.func.coalesce(counted.c.seq, 0))
        .limit(most)
    )
    return list(connection.scalars(query))


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())
