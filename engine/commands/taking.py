"""Putting down a question as it came, whoever takes it: portal, message or lead."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from engine.commands.act import Act
from engine.model import events as e
from engine.store import dialogue


def take(  # noqa: PLR0913 - a question is all of these
    act: Act,
    key: str,
    *,
    scope: str,
    asked_by: str,
    text: str,
    asked_at: datetime,
    channel: str,
    late_why: Mapping[str, Any] | None = None,
    driven: bool = False,
) -> None:
    """Put a question down."""
    connection = act.session.work.connection
    here = dialogue.open_round(connection, act.id)
    participant = act.session.actor.id if act.session.actor.participation else ""
    act.record(
        e.QuestionAsked(
            question=key,
            number=len(dialogue.questions_of(connection, act.id)) + 1,
            round=here.id if here else "",
            scope=scope,
            participant=participant,
            asked_by=asked_by,
            text=text,
            asked_at=asked_at.isoformat(),
            channel=channel,
            late_why=dict(late_why or {}),
            driven=driven,
        )
    )
