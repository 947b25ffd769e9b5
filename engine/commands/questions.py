"""Questions of suppliers: asked in the portal or taken down, answered for all or refused.

Where the process waits for questions it handles them, each in tasks of its own; elsewhere, such as
in a round, the lead answers here. Either way the answer goes to all at one moment.
"""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from engine.commands import messages, sharing
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.own_place import of_supplier
from engine.commands.taking import take
from engine.commands.telling import tell_suppliers
from engine.errors import (
    InvalidInputError,
    NotFoundError,
    NotTakingPartError,
    ReasonMissingError,
    RejectedError,
)
from engine.model import events as e
from engine.model.dialogue import QuestionRecord, QuestionState
from engine.model.mails import MailKind
from engine.store import dialogue, records

MESSAGE: Final = "question-received"
MOST_PAIRS: Final = 50


@dataclass(frozen=True, slots=True)
class AskQuestion:
    procurement: str
    text: str


def ask_question(command: AskQuestion, session: Session) -> Answer:
    """A supplier's participant asks; the moment is the server's. Who asked is shown to nobody but
    those who handle it."""
    act, scope = of_supplier(session, command.procurement)
    text = sharing.checked(command.text)
    standing = {each.key: each for each in records.suppliers(act.session.work.connection, act.id)}
    known = standing.get(scope)
    if known is not None and not known.stands:
        raise NotTakingPartError("You no longer take part; questions are not taken any more.")
    asked_by = f"{known.name if known else session.actor.name} ({scope})".strip()
    waits = messages.waiting_for(act, MESSAGE)
    if waits is None:
        key = uuid4().hex
        take(
            act, key, scope=scope, asked_by=asked_by, text=text, asked_at=act.now, channel="portal"
        )
        return {"procurement": act.id, "question": key}
    content = {"asked_by": asked_by, "asked_at": act.now.isoformat(), "question": text}
    key = messages.deliver(act, waits, MESSAGE, content)
    return {"procurement": act.id, "question": key}


@dataclass(frozen=True, slots=True)
class AnswerQuestion:
    """`pairs` are (question, answer), written so that nobody sees who asked."""

    procurement: str
    question: str
    pairs: tuple[tuple[str, str], ...]


def answer_question(command: AnswerQuestion, session: Session) -> Answer:
    """Not out yet: answers are released together. A later answer takes the place of an earlier."""
    act, found = _own(session, command.procurement, command.question)
    if not 0 < len(command.pairs) <= MOST_PAIRS:
        raise InvalidInputError("Write at least one question and its answer.", about="answer-empty")
    pairs = [
        {"question": sharing.checked(question), "answer": sharing.checked(answer)}
        for question, answer in command.pairs
    ]
    sharing.require_nameless(act, (text for pair in pairs for text in pair.values()))
    act.record(e.QuestionAnswered(found.id, found.scope, pairs))
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class RefuseQuestion:
    procurement: str
    question: str
    reason: str


def refuse_question(command: RefuseQuestion, session: Session) -> Answer:
    """Who asked is told why."""
    act, found = _own(session, command.procurement, command.question)
    if not command.reason.strip():
        raise ReasonMissingError("Say why: the one who asked is told.", procurement=act.id)
    act.reason = command.reason
    act.record(e.QuestionRefused(found.id, found.scope, command.reason.strip()))
    tell_suppliers(act, MailKind.ANSWERED, [found.scope])
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class ReleaseAnswers:
    """All answers that are ready, in one batch."""

    procurement: str


def release_answers(command: ReleaseAnswers, session: Session) -> Answer:
    act = sharing.arrange(session, command.procurement, "")
    ready = [
        each.id
        for each in dialogue.questions_of(session.work.connection, act.id)
        if each.state == QuestionState.ANSWERED and not each.driven
    ]
    if not ready:
        raise RejectedError(
            "No answer waits to be released.", procurement=act.id, about="no-answer-waits"
        )
    return {"procurement": act.id, "release": sharing.release_answers(act, ready)}


def _own(session: Session, procurement: str, key: str) -> tuple[Act, QuestionRecord]:
    """A question that no task of the process handles and that is not settled."""
    questions = dialogue.questions_of(session.work.connection, procurement)
    found = next((each for each in questions if each.id == key), None)
    act = sharing.arrange(session, procurement, found.scope if found else "")
    if found is None:
        raise NotFoundError("question", key)
    if found.driven:
        raise RejectedError(
            "This question has tasks of its own: answer it there.",
            question=key,
            about="question-has-tasks",
        )
    if found.state not in (QuestionState.ASKED, QuestionState.ANSWERED):
        raise RejectedError(
            "This question is settled already.", question=key, about="question-settled"
        )
    return act, found
