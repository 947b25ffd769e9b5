"""Letters that have left the outbox."""

from dataclasses import dataclass

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.model.events import LetterDispatched
from engine.store import records


@dataclass(frozen=True, slots=True)
class MarkDispatched:
    procurement: str
    letter: str


def mark_dispatched(command: MarkDispatched, session: Session) -> Answer:
    """On record once, however often a letter was handed over."""
    act = Act.open(session, command.procurement)
    act.allow(Action.FIRE, act.target(), kind="procurement", key=act.id)
    if records.is_queued(session.work.connection, act.id, command.letter):
        act.record(LetterDispatched(command.letter))
    return {"procurement": act.id}
