"""What acts on contributions, discussion and polls share: who may, whose words, how long."""

from typing import Final

from engine.access.policy import Action
from engine.access.rules import Target
from engine.commands.act import Act
from engine.commands.environment import Session
from engine.errors import (
    InvalidInputError,
    ReasonMissingError,
    TextLengthError,
)
from engine.model.contribution import CODE, CONTRIBUTORS, OUTCOMES

LONGEST: Final = 8000


def everybody(act: Act) -> Target:
    """The procurement as a whole, where participants may come too."""
    return act.target(procurement=act.id)


def contribute(session: Session, procurement: str) -> Act:
    """Open the act of somebody who gives something; raises NotRunningError."""
    act = Act.open(session, procurement)
    act.allow(Action.CONTRIBUTE, everybody(act), kind="procurement", key=act.id)
    act.require_going_on()
    return act


def moderate(session: Session, procurement: str, reason: str) -> Act:
    """Open the act of somebody who orders what was given, which always has a reason."""
    act = answering(session, procurement)
    if not reason.strip():
        raise ReasonMissingError(
            "This needs a written reason: it goes into the record.", procurement=procurement
        )
    act.reason = reason
    return act


def answering(session: Session, procurement: str) -> Act:
    """Open the act of somebody who answers what was given."""
    act = Act.open(session, procurement)
    act.allow(Action.MODERATE, everybody(act), kind="procurement", key=act.id)
    return act


def standing(session: Session, role: str, group: str, on_behalf: str = "") -> tuple[str, str]:
    """Role and group of the one whose words these are: a participant's own are those of the
    invitation, members name them."""
    place = session.actor.participation
    if place is None:
        if role not in CONTRIBUTORS:
            raise InvalidInputError(
                f"Say whose words these are: {', '.join(CONTRIBUTORS)}.",
                role=role,
                about="one-of",
                choices=", ".join(CONTRIBUTORS),
            )
        return role, group.strip()
    if on_behalf or group or role:
        raise InvalidInputError(
            "You speak for yourself here, as the group you were invited with.", about="for-yourself"
        )
    return place.role, place.group


def checked(text: str, longest: int = LONGEST) -> str:
    """The text without space around it; raises InvalidInputError for none or too much."""
    text = text.strip()
    if not text or len(text) > longest:
        raise TextLengthError(len(text), longest)
    return text


def required_clause(clause: str, *, hidden: bool) -> str:
    """The clause that hides it, "" where it is not to be hidden; raises InvalidInputError."""
    if not hidden:
        return ""
    if clause not in CODE:
        raise InvalidInputError(
            f"Name the clause of the code it breaks: {', '.join(CODE)}.",
            clause=clause,
            about="one-of",
            choices=", ".join(CODE),
        )
    return clause


def require_outcome(act: Act, used: str, reason: str) -> None:
    """Raises ReasonMissingError for anything but yes without a reason."""
    if used not in OUTCOMES:
        raise InvalidInputError(
            f"The outcome is one of {', '.join(OUTCOMES)}.",
            used=used,
            about="one-of",
            choices=", ".join(OUTCOMES),
        )
    if used != "yes" and not reason.strip():
        raise ReasonMissingError(
            "Say why it was not used, or only partly: the one who gave it is told.",
            procurement=act.id,
        )
