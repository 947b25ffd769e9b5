"""A person's word on the codes of innovation that texts tell of."""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.errors import InvalidInputError, ReasonMissingError
from engine.model.events import SignalJudged
from engine.procurement.signals import CODES, MOST

LONGEST: Final = 400


@dataclass(frozen=True, slots=True)
class JudgeSignal:
    """`passages` are what the person looked at. Nothing is set in any form or notice by this."""

    procurement: str
    code: str
    accepted: bool
    passages: tuple[str, ...] = ()
    reason: str = ""


def judge_signal(command: JudgeSignal, session: Session) -> Answer:
    """A later word takes the place of an earlier one, which stays on record."""
    act = Act.open(session, command.procurement)
    act.allow(Action.JUDGE, act.target(), kind="procurement", key=act.id)
    if command.code not in CODES:
        raise InvalidInputError(
            f"The code is one of {', '.join(CODES)}.",
            code=command.code,
            about="one-of",
            choices=", ".join(CODES),
        )
    if not command.accepted and not command.reason.strip():
        raise ReasonMissingError(
            "Say why the code does not fit: whoever comes after you will ask.", code=command.code
        )
    act.reason = command.reason.strip()
    passages = [each[:LONGEST] for each in command.passages[:MOST]]
    event = SignalJudged(uuid4().hex, command.code, command.accepted, passages)
    act.record(event)
    return {"procurement": act.id, "verdict": event.verdict}
