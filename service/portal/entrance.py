"""Coming in by a link or a code, and leaving."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from engine.errors import EngineError
from engine.queries.portal import Invitation, invitation_page
from service.dependencies import Everything, Text, limit_tries, require_own_request
from service.errors import Explanation, explain
from service.pages.posting import Typed
from service.pages.rendering import go, render
from service.portal.visit import read_sent
from service.security import guests
from service.security.guests import InvitationNeededError
from service.security.invitations import digest_of
from service.wiring import Parts

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class JoinPage:
    """Without an `invitation` the page asks for a code. `over` tells that one who was in comes
    back after the stay has ended, `unknown` that a sign-in is tied to no place."""

    invitation: Invitation | None
    secret: str
    typed: str
    problem: Explanation | None
    over: bool = False
    unknown: bool = False


@router.get("/join")
def ask_for_code(request: Request, parts: Everything, unknown: str = "") -> HTMLResponse:
    page = JoinPage(None, "", "", None, _is_over(request, parts), bool(unknown))
    return render(request, "portal/join.html", page)


def _is_over(request: Request, parts: Parts) -> bool:
    cookie = request.cookies.get(guests.cookie_name(parts))
    try:
        guests.who(parts, cookie)
    except InvitationNeededError:
        return cookie is not None
    return False


@router.post("/join", dependencies=[Depends(require_own_request)])
def take_code(code: Annotated[Typed, Form(max_length=100)] = "") -> Response:
    plain = "".join(each for each in code if each.isalnum() and each.isascii())
    return go(f"/join/{plain}") if plain else go("/join")


@router.post("/join/again", dependencies=[Depends(require_own_request), Depends(limit_tries)])
def ask_back(parts: Everything, email: Annotated[Typed, Form(max_length=300)] = "") -> Response:
    """Mail a link back in to the address, if it is somebody's here; the answer is always the
    same."""
    guests.ask_back(parts, email)
    return go("/join", done="link-sent")


@router.get("/join/{secret}", dependencies=[Depends(limit_tries)])
def show_invitation(secret: str, request: Request, parts: Everything, text: Text) -> HTMLResponse:
    """What the invitation is for. Looking at it uses nothing up: mail scanners look too."""
    return _page(request, parts, text, secret)


@router.post("/join/{secret}", dependencies=[Depends(require_own_request), Depends(limit_tries)])
def come_in(
    secret: str,
    request: Request,
    parts: Everything,
    text: Text,
    name: Annotated[Typed, Form(max_length=120)] = "",
) -> Response:
    try:
        arrived = guests.come_in(parts, secret, name, "")
    except EngineError as error:
        return _page(request, parts, text, secret, error, name)
    answer = go("/portal", done="joined")
    guests.set_stay(answer, parts, arrived)
    return answer


def _page(
    request: Request,
    parts: Parts,
    text: Text,
    secret: str,
    error: EngineError | None = None,
    typed: str = "",
) -> HTMLResponse:
    found: Invitation | None = None
    try:
        with parts.store.reader() as connection:
            now = parts.clock.now()
            found = invitation_page(connection, digest_of(secret), now)
    except EngineError as refusal:
        error = refusal
    problem = explain(error, text) if error else None
    status = problem.status if problem else 200
    page = JoinPage(found, secret, typed, problem)
    return render(request, "portal/join.html", page, status=status)


@router.post("/portal/leave", dependencies=[Depends(read_sent)])
def leave(request: Request, parts: Everything) -> Response:
    answer = go("/join", done="left")
    guests.end_stay(answer, parts, request.cookies.get(guests.cookie_name(parts), ""))
    return answer
