"""Announced competitions: public pages for anybody, and asking for access to one."""

from datetime import datetime
from typing import Annotated
from uuid import uuid4

from fastapi import Request
from fastapi.responses import Response
from pydantic import Field

from engine.commands.applications import LONGEST_NUMBER, AskAccess
from engine.queries.competitions import public_competition, public_competitions
from service.api.routing import ACT_PROBLEMS, OpenRoute, RequestId, make_router
from service.api.shapes import Asked, IdInPath, Line, Told
from service.dependencies import Everything, Limits, PublicReader, limit_tries
from service.security import guests
from service.security.invitations import digest_of, secret_of

router = make_router("competitions", route=OpenRoute)


class PublishedCriterionTold(Told):
    """`weight` in per cent, none where criteria are ranked instead."""

    name: str
    weight: float | None


class Competition(Told):
    """What notice and documents say. `until` is when requests, or tenders where anybody may give
    one, are due; `open` whether access can be asked for."""

    procurement: str
    reference: str
    title: str
    organisation: str
    at: datetime
    description: str
    procedure: str
    address: str
    until: datetime | None
    open: bool
    requirements: list[str]
    qualification: list[str]
    selection: list[PublishedCriterionTold]
    criteria: list[PublishedCriterionTold]


class Competitions(Told):
    items: list[Competition]


class NewApplication(Asked):
    """`number` is the organisation number, its check digit right, or what a firm abroad is known
    by. Nobody of the buyer's sees any of it before what you hand in is opened."""

    organisation: Line
    number: Annotated[str, Field(min_length=1, max_length=LONGEST_NUMBER)]
    contact: Line
    email: Line


@router.get("/competitions")
def list_competitions(view: PublicReader) -> Competitions:
    """Every competition that access can be asked for, for anybody."""
    found = public_competitions(view)
    return Competitions(items=[Competition.model_validate(each) for each in found])


@router.get("/competitions/{procurement}")
def show_competition(procurement: IdInPath, view: PublicReader) -> Competition:
    """One of them, for anybody, also after its deadline."""
    return Competition.model_validate(public_competition(view, procurement))


@router.post("/competitions/{procurement}/applications", status_code=204, responses=ACT_PROBLEMS)
def ask_access(
    procurement: IdInPath,
    asked: NewApplication,
    http: Request,
    parts: Everything,
    limits: Limits,
    request: RequestId,
) -> Response:
    """Ask for access: a mail brings a link that works once; use it at `POST /portal/stay`. The
    answer is the same whether or not the address asked before."""
    limit_tries(http, parts, limits)
    invitation = uuid4().hex
    digest = digest_of(secret_of(parts.settings, invitation))
    command = AskAccess(procurement, **dict(asked), invitation=invitation, digest=digest)
    parts.bus.handle(command, guests.NOBODY, request=request)
    return Response(status_code=204)
