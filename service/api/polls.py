"""Votes, rankings and surveys among employees and citizens."""

from datetime import datetime
from typing import Annotated, Final

from pydantic import Field, field_validator

from engine.commands.ballots import CastBallot
from engine.commands.polls import Asked as AskedQuestion
from engine.commands.polls import ClosePoll, ConcludePoll, OpenPoll
from engine.queries.polls import polls_page
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import (
    Asked,
    IdInPath,
    Key,
    KeyOrNone,
    Line,
    ProcurementDone,
    Prose,
    Reason,
    Reasoned,
    Told,
)
from service.dependencies import Bus, Person, Reader

router = make_router("polls")

ALL: Final = "/procurements/{procurement}/polls"
ONE: Final = ALL + "/{poll}"
Receipt = Annotated[str, Field(min_length=16, max_length=100, pattern=r"^[A-Za-z0-9-]+$")]
Chosen = Annotated[tuple[Annotated[int, Field(ge=0, le=99)], ...], Field(max_length=30)]


class QuestionTold(Told):
    """`kind` is one, several, rank or scale (1 to 5, without options)."""

    id: str
    kind: str
    text: str
    options: list[str]


class TallyTold(Told):
    """`counts` by option in order (or 1 to 5): how many chose it, or put it first in a ranking.
    `points` are a ranking's (Borda), `mean` a scale's, null without answers."""

    question: QuestionTold
    answered: int
    counts: list[int]
    points: list[int]
    mean: float | None

    @field_validator("mean", mode="before")
    @classmethod
    def _as_number(cls, value: object) -> object:
        return None if value is None else float(value)  # type: ignore[arg-type]


class Poll(Told):
    """`cast` tells whether you have answered; what, nobody can tell. Once counted, `results` are
    there if at least five have answered, with the `ballots` they were counted from: question →
    pairs of mark and chosen options. Yours is the mark that is the SHA-256 of your receipt without
    dashes, the poll and the question with colons between. `answered` and `groups` leave out what
    could point at persons."""

    id: str
    kind: str
    title: str
    text: str
    questions: list[QuestionTold]
    roles: list[str]
    level: str
    phase: str
    at: datetime
    closes_at: datetime
    open: bool
    asked: bool
    cast: bool
    counted: bool
    answered: int | None
    groups: list[tuple[str, int | None]]
    results: list[TallyTold]
    ballots: dict[str, list[tuple[str, list[int]]]]
    used: str
    answer: str
    reason: str


class Polls(Told):
    """`waiting` have closed, and nobody has said what came of them."""

    polls: list[Poll]
    waiting: int


class NewQuestion(Asked):
    kind: Key
    text: Line
    options: Annotated[tuple[Line, ...], Field(max_length=30)] = ()


class NewPoll(Asked):
    """`kind` is vote, ranking or survey; `level` inform, consult, involve, cocreate or decide.
    `roles` are those who are asked, empty for everybody who may contribute."""

    kind: Key
    title: Line
    text: Prose = ""
    questions: Annotated[tuple[NewQuestion, ...], Field(min_length=1, max_length=20)]
    level: Key
    days: Annotated[int, Field(ge=1, le=365)]
    roles: Annotated[tuple[Key, ...], Field(max_length=20)] = ()


class NewBallot(Asked):
    """`answers`: question → numbers of the chosen options, from 0; for a ranking all, in order.
    That you answered is recorded, and apart from it what was answered, without name and moment.
    `receipt` is a code of at least 16 letters and digits, drawn for this ballot and told to nobody:
    by it you find the ballot once it has been counted."""

    answers: Annotated[dict[Key, Chosen], Field(max_length=20)]
    receipt: Receipt
    role: Key
    group: KeyOrNone = ""
    on_behalf: Annotated[str, Field(max_length=400)] = ""


class Conclusion(Asked):
    used: Key
    answer: Prose
    reason: Reason = ""


class PollDone(ProcurementDone):
    poll: str


class BallotDone(ProcurementDone):
    """The answer is in the box of this poll."""

    poll: str


@router.get(ALL)
def list_polls(procurement: IdInPath, view: Reader) -> Polls:
    """What people were asked, and what all said once it is over."""
    return Polls.model_validate(polls_page(view, procurement))


@router.post(ALL, status_code=201, responses=ACT_PROBLEMS)
def open_poll(
    procurement: IdInPath, asked: NewPoll, bus: Bus, person: Person, request: RequestId
) -> PollDone:
    """Ask employees and citizens."""
    questions = tuple(AskedQuestion(each.kind, each.text, each.options) for each in asked.questions)
    values = {**dict(asked), "questions": questions}
    command = OpenPoll(procurement, **values)
    return PollDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(ONE + "/ballots", status_code=201, responses=ACT_PROBLEMS)
def cast_ballot(
    procurement: IdInPath,
    poll: IdInPath,
    asked: NewBallot,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> BallotDone:
    """Answer, for oneself, once, or for somebody who cannot."""
    command = CastBallot(procurement, poll, **dict(asked))
    return BallotDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(ONE + "/close", responses=ACT_PROBLEMS)
def close_poll(
    procurement: IdInPath,
    poll: IdInPath,
    asked: Reasoned,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Close it before its time."""
    command = ClosePoll(procurement, poll, asked.reason)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(ONE + "/conclude", responses=ACT_PROBLEMS)
def conclude_poll(
    procurement: IdInPath,
    poll: IdInPath,
    asked: Conclusion,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Say what came of it; anything but yes has a reason."""
    command = ConcludePoll(procurement, poll, **dict(asked))
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))
