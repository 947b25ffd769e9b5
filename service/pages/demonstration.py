"""The demonstration's clock, moved forward by anybody: nobody waits a month to see what comes then.

There is no such page unless the demonstration runs, and no way back: records do not go backwards.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, Response

from engine.clock import MovedClock
from engine.errors import InvalidInputError, NotFoundError
from engine.queries.waiting import Coming, coming
from service.dependencies import Everything, Person, Reader
from service.pages.entrance import set_session
from service.pages.moments import typed_moment
from service.pages.posting import Sent
from service.pages.rendering import go, local_path, render
from service.security import sessions
from service.security.sessions import SignedIn
from service.wiring import Parts

router = APIRouter(include_in_schema=False)
SHOWN: Final = 12
FARTHEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class ClockPage:
    """`next` is the page one came from; `refused` what was typed and cannot be moved to."""

    coming: tuple[Coming, ...]
    next: str
    refused: str | None = None


def moved_clock(parts: Everything) -> MovedClock:
    """The clock that can be moved; raises NotFoundError outside the demonstration."""
    if not parts.settings.demo or not isinstance(parts.clock, MovedClock):
        raise NotFoundError("page", "/demonstration")
    return parts.clock


Movable = Annotated[MovedClock, Depends(moved_clock)]


@router.get("/demonstration", dependencies=[Depends(moved_clock)])
def show_clock(
    request: Request,
    person: Person,
    view: Reader,
    next: Annotated[str, Query(max_length=400)] = "/tasks",  # noqa: A002 - the query's name
) -> HTMLResponse:
    page = ClockPage(coming(view, SHOWN), local_path(next))
    return render(request, "demonstration/clock.html", page, person)


@router.post("/demonstration")
def move_clock(
    request: Request, sent: Sent, person: Person, parts: Everything, view: Reader, clock: Movable
) -> Response:
    """Move the clock and stay signed in: the session is not older for it."""
    try:
        move(clock, read_goal(sent["to"]))
    except InvalidInputError:
        page = ClockPage(coming(view, SHOWN), local_path(sent["next"]), sent["to"])
        return render(request, "demonstration/clock.html", page, person, status=422)
    answer = go(local_path(sent["next"]), done="clock-moved")
    renew_session(request, answer, parts, person)
    return answer


def read_goal(typed: str) -> datetime:
    """The moment that was typed, in UTC: the end of the minute, so that what is due in it is due.

    Raises InvalidInputError for what is no moment.
    """
    try:
        return typed_moment(typed) + timedelta(minutes=1)
    except OverflowError as error:
        raise InvalidInputError(
            f"{typed!r} is the last minute there is.", about="clock-outside"
        ) from error


def move(clock: MovedClock, goal: datetime) -> None:
    """Move the clock; raises InvalidInputError for what is past or more than a year ahead."""
    now = clock.now()
    if not now <= goal <= now + FARTHEST:
        raise InvalidInputError(
            f"{goal.isoformat()} is not between now and a year from now.", about="clock-outside"
        )
    clock.forward_to(goal)


def renew_session(request: Request, answer: Response, parts: Parts, person: SignedIn) -> None:
    """Keep the person signed in: on the new clock the session would have ended."""
    if not person.by_token:
        old = request.cookies.get(sessions.cookie_name(parts), "")
        set_session(answer, parts, sessions.sign_in(parts, person.actor.id, instead_of=old))
