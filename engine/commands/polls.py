"""Votes, rankings and surveys among employees and citizens: opened, answered, closed, concluded."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Final
from uuid import uuid4

from engine.commands.act import Act
from engine.commands.contributing import (
    answering,
    checked,
    contribute,
    moderate,
    require_outcome,
    standing,
)
from engine.commands.environment import Answer, Session
from engine.commands.telling import tell_participants
from engine.errors import InvalidInputError, NotFoundError, RejectedError
from engine.model import events as e
from engine.model.contribution import CONTRIBUTORS, LEVELS, POLLS
from engine.model.mails import MailKind
from engine.model.records import PollRecord
from engine.procurement.polls import Question, questions_of, require_answers, require_questions
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
        raise InvalidInputError(f"A poll is one of {', '.join(POLLS)}.", kind=command.kind)
    if command.level not in LEVELS:
        raise InvalidInputError(
            f"The influence is one of {', '.join(LEVELS)}.", level=command.level
        )
    if not 1 <= command.days <= LONGEST_DAYS:
        raise InvalidInputError(
            f"A poll is open from one to {LONGEST_DAYS} days.", days=command.days
        )
    if strange := sorted(set(command.roles) - set(CONTRIBUTORS)):
        raise InvalidInputError(
            f"{strange[0]} is nobody who can be asked. Use: {', '.join(CONTRIBUTORS)}.",
            role=strange[0],
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
class CastBallot:
    """`answers` is question → numbers of the chosen options, from 0, in order. `role`, `group` and
    `on_behalf` are for members, who answer for themselves or for somebody who cannot."""

    procurement: str
    poll: str
    answers: dict[str, tuple[int, ...]]
    role: str = ""
    group: str = ""
    on_behalf: str = ""


def cast_ballot(command: CastBallot, session: Session) -> Answer:
    """Each has one ballot, and may change it until the poll closes."""
    act = contribute(session, command.procurement)
    poll = _find(act, command.poll)
    if not poll.is_open(act.now):
        raise RejectedError(
            f"«{poll.title}» is closed; answers count until {poll.closes_at.isoformat()}.",
            poll=poll.id,
            closed_at=(poll.closed_at or poll.closes_at).isoformat(),
        )
    behalf = command.on_behalf.strip()
    role, group = standing(session, command.role, command.group, behalf)
    if poll.roles and role not in poll.roles:
        raise RejectedError(
            f"«{poll.title}» asks others: {', '.join(poll.roles)}.", poll=poll.id, role=role
        )
    require_answers(poll.kind, questions_of(poll.questions), command.answers)
    own = sha256(f"{poll.id}:{session.actor.id}".encode()).hexdigest()[:32]
    ballot = uuid4().hex if behalf else own
    again = rows.find_ballot(session.work.connection, ballot) is not None
    answers = {key: list(chosen) for key, chosen in command.answers.items() if chosen}
    act.record(e.BallotCast(ballot, poll.id, role, group, behalf, answers, again))
    return {"procurement": act.id, "ballot": ballot, "again": again}


@dataclass(frozen=True, slots=True)
class ClosePoll:
    procurement: str
    poll: str
    reason: str


def close_poll(command: ClosePoll, session: Session) -> Answer:
    """Close it before its time; a closed one stays closed."""
    act = moderate(session, command.procurement, command.reason)
    poll = _find(act, command.poll)
    if poll.is_open(act.now):
        act.record(e.PollClosed(poll.id))
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
    poll = _find(act, command.poll)
    if poll.is_open(act.now):
        raise RejectedError(
            f"«{poll.title}» is still open. Close it first, or wait until it closes.",
            poll=poll.id,
            closes_at=poll.closes_at.isoformat(),
        )
    require_outcome(act, command.used, command.reason)
    answer = checked(command.answer)
    act.record(e.PollConcluded(poll.id, command.used, answer, command.reason.strip()))
    ballots = rows.ballots_of(session.work.connection, act.id)
    voters = [each.by for each in ballots if each.poll == poll.id]
    tell_participants(act, MailKind.CONCLUDED, voters)
    return {"procurement": act.id}


def _find(act: Act, key: str) -> PollRecord:
    found = rows.find(act.session.work.connection, key)
    if found is None or found.procurement != act.id:
        raise NotFoundError("poll", key)
    return found
