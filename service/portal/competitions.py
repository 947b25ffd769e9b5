"""The open pages of announced competitions, and asking for access to one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import uuid4

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from engine.commands.applications import LONGEST_LINE, LONGEST_NUMBER, AskAccess
from engine.errors import EngineError
from engine.queries.competitions import PublicCompetition, public_competition, public_competitions
from service.dependencies import (
    Everything,
    PublicReader,
    Text,
    limit_tries,
    require_own_request,
)
from service.errors import Explanation, explain
from service.pages.posting import Typed
from service.pages.rendering import go, render
from service.security import guests
from service.security.invitations import digest_of, secret_of

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """`typed` is what was sent with an act that was refused for `problem`."""

    found: PublicCompetition
    typed: Mapping[str, str]
    problem: Explanation | None


@router.get("/competitions")
def show_competitions(request: Request, view: PublicReader) -> HTMLResponse:
    return render(request, "portal/competitions.html", public_competitions(view))


@router.get("/competitions/{key}")
def show_competition(key: str, request: Request, view: PublicReader) -> HTMLResponse:
    page = Shown(public_competition(view, key), {}, None)
    return render(request, "portal/competition.html", page)


@router.post(
    "/competitions/{key}", dependencies=[Depends(require_own_request), Depends(limit_tries)]
)
def ask_access(  # noqa: PLR0913, PLR0917 - the fields of the form
    key: str,
    request: Request,
    view: PublicReader,
    parts: Everything,
    text: Text,
    organisation: Annotated[Typed, Form(max_length=LONGEST_LINE)] = "",
    number: Annotated[Typed, Form(max_length=LONGEST_NUMBER)] = "",
    contact: Annotated[Typed, Form(max_length=LONGEST_LINE)] = "",
    email: Annotated[Typed, Form(max_length=LONGEST_LINE)] = "",
) -> Response:
    """The link in goes to the address; nobody comes in before it is used."""
    typed = {"organisation": organisation, "number": number, "contact": contact, "email": email}
    invitation = uuid4().hex
    digest = digest_of(secret_of(parts.settings, invitation))
    try:
        parts.bus.handle(
            AskAccess(key, **typed, invitation=invitation, digest=digest), guests.NOBODY
        )
    except EngineError as error:
        problem = explain(error, text)
        page = Shown(public_competition(view, key), typed, problem)
        return render(request, "portal/competition.html", page, status=problem.status)
    return go(f"/competitions/{key}", done="access-asked")
