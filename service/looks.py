"""Putting on record who has seen what is confidential, once the answer has been made."""

from engine.queries.view import View
from engine.store import looks
from engine.store.looks import LookRecord
from service.wiring import Parts

LONGEST = 200


def record_looks(parts: Parts, view: View, what: str) -> None:
    """A transaction of its own after the read; none where nothing confidential was shown. `what` is
    the address that was read."""
    if not view.looks:
        return
    actor, now = view.actor, parts.clock.now()
    found = [
        LookRecord(procurement, actor.id, what[:LONGEST], scope, rule, actor.via, now)
        for (procurement, scope), rule in view.looks.items()
    ]
    with parts.store.unit_of_work() as work:
        looks.add(work, found)
