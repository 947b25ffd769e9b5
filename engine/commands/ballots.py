"""Secret ballots: on record is who answered and, apart from that, what was answered.

An answer is sealed into the poll's box without name and moment. When the poll has closed the box is
opened, and its content goes on record in the order of marks that only those who answered can tell
for their own. Nothing joins a ballot to a person, so a ballot once cast cannot be changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final
from uuid import uuid4

import orjson

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.contributing import contribute, standing
from engine.commands.environment import Answer, Session
from engine.errors import (
    AnsweredError,
    InvalidInputError,
    NotFoundError,
    PollClosedError,
    RejectedError,
)
from engine.model import events as e
from engine.model.records import PollRecord, SealedBallotRecord
from engine.procurement.polls import (
    RECEIPT_LENGTH,
    mark_of,
    questions_of,
    require_answers,
)
from engine.procurement.voices import FEWEST
from engine.store import polls as rows
from engine.vault.sealing import Sealer, opened

_PADDED: Final = 4096
"""Sealed ballots are as long as each other, whatever was answered: a multiple of this."""


@dataclass(frozen=True, slots=True)
class CastBallot:
    """`answers` is question → numbers of the chosen options, from 0, in order. `receipt` is known
    to the one who answers alone, who finds the ballot by it when it has been counted. `role`,
    `group` and `on_behalf` are for members, who answer for themselves or for somebody who cannot.
    """

    procurement: str
    poll: str
    answers: dict[str, tuple[int, ...]]
    receipt: str
    role: str = ""
    group: str = ""
    on_behalf: str = ""


def cast_ballot(command: CastBallot, session: Session) -> Answer:
    """Each has one ballot, once."""
    act = contribute(session, command.procurement)
    poll = find(act, command.poll)
    if not poll.is_open(act.now):
        raise PollClosedError(
            f"«{poll.title}» is closed; answers count until {poll.closes_at.isoformat()}.",
            poll=poll.id,
            title=poll.title,
            closed_at=(poll.closed_at or poll.closes_at).isoformat(),
        )
    behalf = command.on_behalf.strip()
    role, group = standing(session, command.role, command.group, behalf)
    if poll.roles and role not in poll.roles:
        raise RejectedError(
            f"«{poll.title}» asks others: {', '.join(poll.roles)}.",
            poll=poll.id,
            role=role,
            about="asks-others",
            poll_title=poll.title,
        )
    require_answers(poll.kind, questions_of(poll.questions), command.answers)
    if len(command.receipt) < RECEIPT_LENGTH:
        raise InvalidInputError(
            f"The receipt has at least {RECEIPT_LENGTH} characters that nobody can guess.",
            shortest=RECEIPT_LENGTH,
            about="receipt-short",
        )
    act.record(e.BallotReceived(_voter(act, poll, behalf), poll.id, role, group, behalf))
    _put_into_box(act, poll, command)
    return {"procurement": act.id, "poll": poll.id}


def _voter(act: Act, poll: PollRecord, behalf: str) -> str:
    """The id of the one who answers; raises RejectedError for who has answered before."""
    if behalf:
        return uuid4().hex
    own = sha256(f"{poll.id}:{act.session.actor.id}".encode()).hexdigest()[:32]
    if rows.find_voter(act.session.work.connection, own) is not None:
        raise AnsweredError(
            f"You have answered «{poll.title}». Nobody can tell which answer is yours, so it cannot"
            " be changed.",
            poll=poll.id,
            title=poll.title,
        )
    return own


def _put_into_box(act: Act, poll: PollRecord, command: CastBallot) -> None:
    content = orjson.dumps(
        {
            question: [mark_of(command.receipt, poll.id, question), list(chosen)]
            for question, chosen in command.answers.items()
            if chosen
        }
    )
    content = content.ljust(-(-len(content) // _PADDED) * _PADDED)
    key = uuid4().hex
    keys = act.session.environment.vaults.contents
    sealer = Sealer(keys.public(_box(poll)), _label(poll, key))
    sealed = b"".join(sealer.chunks([content]))
    ballot = SealedBallotRecord(key, act.id, poll.id, sealer.header, sealed)
    rows.put_into_box(act.session.work, ballot)


def _box(poll: PollRecord) -> str:
    """The name of the key that opens the poll's box."""
    return f"poll-{poll.id}"


def _label(poll: PollRecord, key: str) -> str:
    return f"ballot:{poll.id}:{key}"


@dataclass(frozen=True, slots=True)
class CountBallots:
    procurement: str
    poll: str


def count_ballots(command: CountBallots, session: Session) -> Answer:
    """Open the box of a poll that has closed; `counted` tells whether it was not before."""
    act = Act.open(session, command.procurement)
    act.allow(Action.FIRE, act.target(), kind="procurement", key=act.id)
    poll = find(act, command.poll)
    due = not poll.is_open(act.now) and poll.counted_at is None
    if due:
        count(act, poll)
    return {"procurement": act.id, "counted": due}


def count(act: Act, poll: PollRecord) -> None:
    """Put on record what was answered, question by question in the order of the marks, and empty
    the box. Fewer than five answers, to the poll or to a question of it, are destroyed: they could
    point at persons."""
    work = act.session.work
    box = rows.box_of(work.connection, poll.id)
    shown: dict[str, list[list[object]]] = {}
    if len(box) >= FEWEST:
        private = act.session.environment.vaults.contents.private(_box(poll))
        for sealed in box:
            for question, answer in _opened(private, poll, sealed).items():
                shown.setdefault(question, []).append(list(answer))
    ordered = {
        question: sorted(answers, key=_by_mark)
        for question, answers in shown.items()
        if len(answers) >= FEWEST
    }
    act.record(e.BallotsCounted(poll.id, dict(sorted(ordered.items()))))
    for sealed in box:
        rows.take_from_box(work, sealed.id)


def _opened(
    private: bytes, poll: PollRecord, sealed: SealedBallotRecord
) -> Mapping[str, Sequence[object]]:
    parts = opened(private, _label(poll, sealed.id), sealed.header, [sealed.content])
    found: dict[str, list[object]] = orjson.loads(b"".join(parts))
    return found


def _by_mark(answer: Sequence[object]) -> str:
    return str(answer[0])


def find(act: Act, key: str) -> PollRecord:
    """The poll of this procurement; raises NotFoundError."""
    found = rows.find(act.session.work.connection, key)
    if found is None or found.procurement != act.id:
        raise NotFoundError("poll", key)
    return found
