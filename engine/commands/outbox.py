"""Letters that have left the outbox."""

from dataclasses import dataclass

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.model.events import LetterDispatched


@dataclass(frozen=True, slots=True)
class MarkDispatched:
    procurement: str
    letter: str


def mark_dispatched(command: MarkDispatched, session: Session) -> Answer:
    act = Act.open(session, command.procurement)
    act.allow(Action.FIRE, act.target(), kind="letter", key=command.letter)
    act.record(LetterDispatched(command.letter))
    return {"procurement": act.id}
