"""Coming back to the portal through a provider of OpenID Connect instead of a new invitation."""

from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from service.dependencies import Doors, Everything, Text
from service.pages.entrance import Door, name_of
from service.pages.rendering import render
from service.security import admission, attempts, guests
from service.security.guests import InvitationNeededError
from service.security.sessions import SignedIn

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`inside` tells that somebody is in, and would tie the provider to her or his place."""

    doors: tuple[Door, ...]
    inside: bool


@router.get("/join/sign-in/ways")
def show_ways(request: Request, parts: Everything, doors: Doors, text: Text) -> HTMLResponse:
    """The providers by which one may come back."""
    guest: SignedIn | None = None
    with suppress(InvitationNeededError):
        guest = guests.who(parts, request.cookies.get(guests.cookie_name(parts)))
    known = tuple(Door(each.key, name_of(each, text)) for each in doors.reaching(0))
    page = SignInPage(known, guest is not None)
    return render(request, "portal/sign_in.html", page, guest)


@router.get("/join/sign-in/{key}")
def begin(key: str, parts: Everything, doors: Doors) -> Response:
    """Lead to the provider; its answer comes where every answer of it does."""
    address, attempt = admission.begin(doors.get(key), "/portal", 0, guest=True)
    answer = RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
    attempts.keep(answer, parts, attempt)
    return answer
