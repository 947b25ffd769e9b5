"""Asking employees and citizens, answering for them, and saying what came of it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.ballots import CastBallot
from engine.commands.polls import Asked, ClosePoll, ConcludePoll, OpenPoll
from engine.errors import AnswerMissingError, EngineError, InvalidInputError, NotFoundError
from engine.procurement.polls import Question
from engine.queries.polls import PollsPage, PollView, polls_page
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.posting import Posted, Sent, no_such_act
from service.pages.rendering import go
from service.pages.visit import Here
from service.security.invitations import fresh_receipt

router = APIRouter(include_in_schema=False)

DAYS: Final = 14


@dataclass(frozen=True, slots=True)
class Shown:
    found: PollsPage
    typed: Mapping[str, str]
    problem: Explanation | None
    days: int = DAYS
    receipt: str = field(default_factory=fresh_receipt)


@router.get("/procurements/{key}/polls")
def show_polls(key: str, here: Here) -> HTMLResponse:
    return here.show("contributions/polls.html", Shown(polls_page(here.view, key), {}, None))


@router.post("/procurements/{key}/polls/{act}")
def act_on_polls(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Open, answer for oneself or another, close, or conclude."""
    try:
        bus.handle(_command(key, act, here, sent), here.person.actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = Shown(polls_page(here.view, key), dict(sent.pairs), problem)
        return here.show("contributions/polls.html", page, status=problem.status)
    return go(f"/procurements/{key}/polls", done=f"poll-{act}")


def _command(key: str, act: str, here: Here, sent: Posted) -> Any:
    poll, reason = sent["poll"], sent["_reason"].strip()
    commands: dict[str, Callable[[], Any]] = {
        "open": lambda: _opened(key, sent),
        "cast": lambda: CastBallot(
            key,
            poll,
            answers_in(sent, asked_in(polls_page(here.view, key), poll)),
            sent["receipt"],
            sent["role"],
            sent["group"],
            sent["on_behalf"],
        ),
        "close": lambda: ClosePoll(key, poll, reason),
        "conclude": lambda: ConcludePoll(key, poll, sent["used"], sent["answer"], reason),
    }
    if act not in commands:
        raise no_such_act(act)
    return commands[act]()


def _opened(key: str, sent: Posted) -> OpenPoll:
    kind = sent["kind"]
    days = sent["days"].strip()
    if not days.isdecimal():
        raise InvalidInputError(
            f"Write a whole number of days, not «{days}».",
            field="days",
            about="no-whole-days",
            days=days,
        )
    return OpenPoll(
        procurement=key,
        kind=kind,
        title=sent["title"],
        text=sent["text"],
        questions=tuple(written_questions(kind, sent["questions"], sent["several"] == "true")),
        level=sent["level"],
        days=int(days[:6]),
        roles=sent.every("roles"),
    )


def written_questions(kind: str, text: str, several: bool) -> Iterator[Asked]:
    """Questions as people write them: one on a line, its options below it, each after a dash.

    A question without options asks for a number from 1 to 5.
    """
    asked: list[tuple[str, list[str]]] = []
    for line in (each.strip() for each in text.splitlines()):
        if line.startswith(("-", "–", "*", "•")) and asked:
            asked[-1][1].append(line[1:].strip())
        elif line:
            asked.append((line, []))
    for question, options in asked:
        if kind == "ranking":
            yield Asked("rank", question, tuple(options))
        elif not options and kind == "survey":
            yield Asked("scale", question)
        else:
            yield Asked("several" if several else "one", question, tuple(options))


def asked_in(page: PollsPage, poll: str) -> PollView:
    """The poll of a page; raises NotFoundError."""
    for each in page.polls:
        if each.id == poll:
            return each
    raise NotFoundError("poll", poll)


def answers_in(sent: Posted, poll: PollView) -> dict[str, tuple[int, ...]]:
    """What was chosen, question by question; raises InvalidInputError for what is no choice."""
    return {each.id: _chosen(sent, each) for each in poll.questions}


def _chosen(sent: Posted, question: Question) -> tuple[int, ...]:
    if question.kind != "rank":
        return tuple(_whole(each) for each in sent.every(question.id) if each)
    places = [
        (_whole(place), option)
        for option in range(len(question.options))
        if (place := sent[f"{question.id}.{option}"])
    ]
    if len({place for place, _ in places}) < len(places):
        raise AnswerMissingError(
            f"«{question.text}»: give each option a place of its own.", question=question.text
        )
    return tuple(option for _, option in sorted(places))


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal()) or len(text) > 3:
        raise InvalidInputError(
            f"«{text[:20]}» is none of the options.", about="none-of-options", text=text[:20]
        )
    return int(text)
