"""Polls as people see them: what is asked, one's own answer, and what all said once it is over."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.access.policy import Action
from engine.model.contribution import CONTRIBUTORS, LEVELS, OUTCOMES, POLLS, QUESTIONS
from engine.model.records import BallotRecord, PollRecord
from engine.procurement.polls import Question, Tally, questions_of, tally
from engine.procurement.voices import FEWEST, kept_back, total_of
from engine.queries.contributions import everybody, see_contributions
from engine.queries.view import Seen, View
from engine.store import polls as rows


@dataclass(frozen=True, slots=True)
class PollView:
    """`mine` is the reader's own answer, None before it. `results` are shown once the poll has
    closed and at least five have answered; `answered` is how many have, by group and in all, None
    where that is too few to show. `asked` tells whether the reader is among those who are asked."""

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
    mine: Mapping[str, Sequence[int]] | None
    answered: int | None
    groups: tuple[tuple[str, int | None], ...]
    results: tuple[Tally, ...]
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
    kinds: tuple[str, ...] = POLLS
    questions: tuple[str, ...] = QUESTIONS
    levels: tuple[str, ...] = LEVELS
    roles: tuple[str, ...] = CONTRIBUTORS
    outcomes: tuple[str, ...] = OUTCOMES


def polls_page(view: View, key: str) -> PollsPage:
    """Raises NotFoundError for those who may not see the procurement, and for suppliers."""
    seen = see_contributions(view, key)
    ballots = rows.ballots_of(view.connection, key)
    answered = {each.poll for each in ballots}
    polls = tuple(
        _poll(seen, each, [one for one in ballots if one.poll == each.id])
        for each in reversed(rows.polls_of(view.connection, key))
    )
    return PollsPage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        polls=polls,
        waiting=sum(1 for each in polls if not each.open and not each.used and each.id in answered),
        may_contribute=seen.may(Action.CONTRIBUTE, everybody(seen)),
        may_moderate=seen.may(Action.MODERATE, everybody(seen)),
    )


def _poll(seen: Seen, poll: PollRecord, ballots: Sequence[BallotRecord]) -> PollView:
    actor = seen.view.actor
    is_open = poll.is_open(seen.view.now)
    place = actor.participation
    questions = questions_of(poll.questions)
    mine = next((each for each in ballots if each.by == actor.id and not each.on_behalf), None)
    groups = Counter(each.role for each in ballots)
    shown = not is_open and len(ballots) >= FEWEST
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
        mine=mine.answers if mine else None,
        answered=total_of(groups),
        groups=tuple(sorted(kept_back(groups).items())) if shown else (),
        results=tuple(tally(each, [one.answers for one in ballots]) for each in questions)
        if shown
        else (),
        used=poll.used,
        answer=poll.answer,
        reason=poll.reason,
    )
