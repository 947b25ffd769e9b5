"""The clock of the demonstration; elsewhere there is nothing here."""

from datetime import datetime

from fastapi import Request, Response

from engine.clock import utc
from service.api.routing import ACT_PROBLEMS, make_router
from service.api.shapes import Asked, Moment, Told
from service.dependencies import Everything, Person
from service.pages.demonstration import Movable, move, renew_session

router = make_router("demonstration")


class ClockTold(Told):
    now: datetime


class ClockAsked(Asked):
    """`to` lies between now and a year from now."""

    to: Moment


@router.get("/demonstration/clock")
def show_clock(clock: Movable) -> ClockTold:
    """What the clock of the demonstration says."""
    return ClockTold(now=clock.now())


@router.post("/demonstration/clock", status_code=204, responses=ACT_PROBLEMS)
def move_clock(
    asked: ClockAsked, request: Request, parts: Everything, person: Person, clock: Movable
) -> Response:
    """Move the clock forward for everybody; what fell due happens within seconds. Sets a new
    session cookie, since on the new clock the old one has ended."""
    move(clock, utc(asked.to))
    answer = Response(status_code=204)
    renew_session(request, answer, parts, person)
    return answer
