"""Votes, rankings and surveys among employees and citizens: opened, closed, concluded."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final
from uuid import uuid4

from engine.commands.ballots import count, find
from engine.commands.contributing import answering, checked, moderate, require_outcome
from engine.commands.environment import Answer, Session
from engine.commands.telling import tell_contributors
from engine.errors import InvalidInputError, RejectedError
from engine.model import events as e
from engine.model.contribution import CONTRIBUTORS, LEVELS, POLLS
from engine.model.mails import MailKind
from engine.model.notifications import Occasion
from engine.procurement.polls import Question, require_questions
from engine.store import polls as rows

LONGEST_DAYS: Final = 365
LONGEST_TITLE: Final = 300


@dataclass(frozen=True, slots=True)
class Asked:
    """One question; a scale has no options."""

    kind: str
    text: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenPoll:
    """`roles` are those who are asked, empty for everybody who may contribute; it is open for
    `days` days of 24 hours."""

    procurement: str
    kind: str
    title: str
    text: str
    questions: tuple[Asked, ...]
    level: str
    days: int
    roles: tuple[str, ...] = ()


def open_poll(command: OpenPoll, session: Session) -> Answer:
    act = answering(session, command.procurement)
    act.require_running()
    if command.kind not in POLLS:
        raise InvalidInputError(
            f"A poll is one of {', '.join(POLLS)}.",
            kind=command.kind,
            about="one-of",
            choices=", ".join(POLLS),
        )
    if command.level not in LEVELS:
        raise InvalidInputError(
            f"The influence is one of {', '.join(LEVELS)}.",
            level=command.level,
            about="one-of",
            choices=", ".join(LEVELS),
        )
    if not 1 <= command.days <= LONGEST_DAYS:
        raise InvalidInputError(
            f"A poll is open from one to {LONGEST_DAYS} days.",
            days=command.days,
            about="poll-days",
            longest=LONGEST_DAYS,
        )
    if strange := sorted(set(command.roles) - set(CONTRIBUTORS)):
        raise InvalidInputError(
            f"{strange[0]} is nobody who can be asked. Use: {', '.join(CONTRIBUTORS)}.",
            role=strange[0],
            about="one-of",
            choices=", ".join(CONTRIBUTORS),
        )
    questions = tuple(
        Question(f"q{number}", each.kind, each.text.strip(), _options(each))
        for number, each in enumerate(command.questions, start=1)
    )
    require_questions(command.kind, questions)
    event = e.PollOpened(
        poll=uuid4().hex,
        kind=command.kind,
        title=checked(command.title, LONGEST_TITLE),
        text=command.text.strip()[:8000],
        questions=[asdict(each) | {"options": list(each.options)} for each in questions],
        roles=list(command.roles),
        level=command.level,
        phase=act.phase,
        closes_at=(act.now + timedelta(days=command.days)).isoformat(),
    )
    act.record(event)
    return {"procurement": act.id, "poll": event.poll}


def _options(asked: Asked) -> tuple[str, ...]:
    return tuple(each.strip() for each in asked.options)


@dataclass(frozen=True, slots=True)
class ClosePoll:
    procurement: str
    poll: str
    reason: str


def close_poll(command: ClosePoll, session: Session) -> Answer:
    """Close it before its time; a closed one stays closed."""
    act = moderate(session, command.procurement, command.reason)
    poll = find(act, command.poll)
    if poll.is_open(act.now):
        act.record(e.PollClosed(poll.id))
        count(act, poll)
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class ConcludePoll:
    """`answer` is what those who took part are told; `reason` why it was not followed in full."""

    procurement: str
    poll: str
    used: str
    answer: str
    reason: str = ""


def conclude_poll(command: ConcludePoll, session: Session) -> Answer:
    """Say what came of it, once it has closed."""
    act = answering(session, command.procurement)
    poll = find(act, command.poll)
    if poll.is_open(act.now):
        raise RejectedError(
            f"«{poll.title}» is still open. Close it first, or wait until it closes.",
            poll=poll.id,
            closes_at=poll.closes_at.isoformat(),
            about="poll-open",
            poll_title=poll.title,
        )
    if poll.counted_at is None:
        count(act, poll)
    require_outcome(act, command.used, command.reason)
    answer = checked(command.answer)
    act.record(e.PollConcluded(poll.id, command.used, answer, command.reason.strip()))
    found = rows.voters_of(session.work.connection, act.id)
    voters = [each.by for each in found if each.poll == poll.id]
    tell_contributors(act, MailKind.CONCLUDED, Occasion.ANSWERED, voters)
    return {"procurement": act.id}
