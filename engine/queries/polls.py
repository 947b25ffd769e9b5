"""Polls as people see them: what is asked, one's own answer, and what all said once it is over."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.access.policy import Action
from engine.model.contribution import CONTRIBUTORS, LEVELS, OUTCOMES, POLLS, QUESTIONS
from engine.model.records import PollRecord, VoterRecord
from engine.procurement.polls import Question, Tally, mark_of, questions_of, tally
from engine.procurement.voices import FEWEST, kept_back, total_of
from engine.queries.contributions import everybody, may_contribute, see_contributions
from engine.queries.view import Seen, View
from engine.store import polls as rows


@dataclass(frozen=True, slots=True)
class PollView:
    """`cast` tells whether the reader has answered; what, nobody can tell. `results` are shown once
    the poll is counted and at least five have answered, with the `ballots` they were counted from:
    question → mark and chosen options. `answered` is how many have, by group and in all, None where
    that is too few to show. `asked` tells whether the reader is among those who are asked."""

    id: str
    kind: str
    title: str
    text: str
    questions: tuple[Question, ...]
    roles: tuple[str, ...]
    level: str
    phase: str
    at: datetime
    closes_at: datetime
    open: bool
    asked: bool
    cast: bool
    counted: bool
    answered: int | None
    groups: tuple[tuple[str, int | None], ...]
    results: tuple[Tally, ...]
    ballots: Mapping[str, Sequence[tuple[str, Sequence[int]]]]
    used: str
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class PollsPage:
    """The newest first. `waiting` are closed ones that nobody has said what came of."""

    procurement: str
    reference: str
    title: str
    polls: tuple[PollView, ...]
    waiting: int
    may_contribute: bool
    may_moderate: bool
    may_ask: bool
    kinds: tuple[str, ...] = POLLS
    questions: tuple[str, ...] = QUESTIONS
    levels: tuple[str, ...] = LEVELS
    roles: tuple[str, ...] = CONTRIBUTORS
    outcomes: tuple[str, ...] = OUTCOMES


def polls_page(view: View, key: str) -> PollsPage:
    """Raises NotFoundError for those who may not see the procurement, and for suppliers."""
    seen = see_contributions(view, key)
    voters = rows.voters_of(view.connection, key)
    answered = {each.poll for each in voters}
    polls = tuple(
        _poll(seen, each, [one for one in voters if one.poll == each.id])
        for each in reversed(rows.polls_of(view.connection, key))
    )
    moderates = seen.may(Action.MODERATE, everybody(seen))
    return PollsPage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        polls=polls,
        waiting=sum(1 for each in polls if not each.open and not each.used and each.id in answered),
        may_contribute=may_contribute(seen),
        may_moderate=moderates,
        may_ask=moderates and seen.row.status == "running",
    )


def answers_of(poll: PollView, receipt: str) -> dict[str, Sequence[int]]:
    """What the ballot of this receipt was counted as, question by question; nothing where none of
    the counted ones is its own."""
    found: dict[str, Sequence[int]] = {}
    for question, ballots in poll.ballots.items():
        mark = mark_of(receipt, poll.id, question)
        for each, chosen in ballots:
            if each == mark:
                found[question] = chosen
    return found


def _poll(seen: Seen, poll: PollRecord, voters: Sequence[VoterRecord]) -> PollView:
    actor = seen.view.actor
    is_open = poll.is_open(seen.view.now)
    place = actor.participation
    questions = questions_of(poll.questions)
    groups = Counter(each.role for each in voters)
    shown = poll.counted_at is not None and len(voters) >= FEWEST
    return PollView(
        id=poll.id,
        kind=poll.kind,
        title=poll.title,
        text=poll.text,
        questions=questions,
        roles=tuple(poll.roles),
        level=poll.level,
        phase=poll.phase,
        at=poll.at,
        closes_at=poll.closed_at or poll.closes_at,
        open=is_open,
        asked=place is None or not poll.roles or place.role in poll.roles,
        cast=any(each.by == actor.id and not each.on_behalf for each in voters),
        counted=poll.counted_at is not None,
        answered=total_of(groups),
        groups=tuple(sorted(kept_back(groups).items())) if shown else (),
        results=tuple(_tally(poll, each) for each in questions if each.id in poll.ballots)
        if shown
        else (),
        ballots=poll.ballots,
        used=poll.used,
        answer=poll.answer,
        reason=poll.reason,
    )


def _tally(poll: PollRecord, question: Question) -> Tally:
    return tally(question, (chosen for _, chosen in poll.ballots[question.id]))
