"""Counting records for figures: nothing of it enters a record."""

from dataclasses import dataclass
from typing import Final

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.store import usage

AT_ONCE: Final = 5000


@dataclass(frozen=True, slots=True)
class CountUse:
    """Count the entries of a record that have come since it was counted last."""

    procurement: str


def count_use(command: CountUse, session: Session) -> Answer:
    """At most `AT_ONCE` entries; `left` tells whether there are more."""
    act = Act.open(session, command.procurement)
    act.allow(Action.FIRE, act.target(), kind="procurement", key=act.id)
    connection = session.work.connection
    seq, counting = usage.counted_so_far(connection, act.id)
    end, entries = usage.entries_after(connection, act.id, seq, AT_ONCE)
    if end > seq:
        counting.take(entries)
        usage.keep(session.work, act.id, end, counting, session.now)
    return {"counted": end - seq, "left": end < act.procurement.audit_seq}
