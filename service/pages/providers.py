"""Signing in through a provider of OpenID Connect: to it, back from it, and its word that it is
over."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from engine.errors import EngineError, ForbiddenError
from service.dependencies import Doors, Everything
from service.pages.entrance import Level, set_session
from service.pages.rendering import go, local_path
from service.security import admission, attempts, guests, sessions
from service.security.openid import OpenId
from service.wiring import Parts

router = APIRouter(include_in_schema=False)
Short = Annotated[str, Field(max_length=4000)]


class Reply(BaseModel):
    """What the provider sends the browser back with."""

    state: Short = ""
    code: Short = ""
    error: Short = ""
    iss: Short = ""


class SignInCancelledError(ForbiddenError):
    """The provider says that the person did not sign in; `details['error']` is its word for it."""

    code = "sign-in-cancelled"


@router.get("/sign-in/{key}")
def begin(
    key: str,
    parts: Everything,
    doors: Doors,
    next: str = "/tasks",  # noqa: A002 - the query's name
    level: Level = 0,
) -> Response:
    """Lead to the provider. Nothing is stored here: the browser keeps what it must bring back."""
    address, attempt = admission.begin(doors.get(key), local_path(next), level)
    answer = RedirectResponse(address, status_code=HTTPStatus.SEE_OTHER)
    attempts.keep(answer, parts, attempt)
    return answer


@router.get("/sign-in/{key}/callback")
def come_back(
    key: str,
    request: Request,
    parts: Everything,
    doors: Doors,
    reply: Annotated[Reply, Query()],
) -> Response:
    """The provider's answer, which counts once, in the browser that asked for it."""
    openid = doors.get(key)
    name = attempts.cookie_name(parts, reply.state)
    attempt = attempts.resume(parts, key, reply.state, request.cookies.get(name))
    request.state.leads_to = attempt.next
    if reply.error:
        raise SignInCancelledError(
            f"{key} did not sign you in ({reply.error[:80]}). Try again, or in another way.",
            provider=key,
            error=reply.error[:80],
        )
    openid.check_issuer(reply.iss)
    if attempt.guest:
        return _to_portal(request, parts, openid, reply, attempt)
    old = request.cookies.get(sessions.cookie_name(parts), "")
    value = admission.complete(parts, openid, reply.code, attempt, instead_of=old)
    answer = RedirectResponse(attempt.next, status_code=HTTPStatus.SEE_OTHER)
    answer.delete_cookie(name, path="/", secure=parts.settings.is_https, httponly=True)
    set_session(answer, parts, value)
    return answer


def _to_portal(
    request: Request, parts: Parts, openid: OpenId, reply: Reply, attempt: attempts.Attempt
) -> Response:
    """Somebody from outside, who becomes no person of any organisation."""
    subject = admission.identify(parts, openid, reply.code, attempt)
    cookie = request.cookies.get(guests.cookie_name(parts))
    arrived: guests.Arrived | None = None
    try:
        arrived = guests.come_back(parts, openid.provider.key, subject, cookie)
    except guests.InvitationNeededError:
        answer = RedirectResponse("/join?unknown=true", status_code=HTTPStatus.SEE_OTHER)
    else:
        several = arrived is not None and len(guests.places(parts, arrived.cookie)) > 1
        done = "joined" if arrived else "identified"
        answer = go("/portal/places" if several else "/portal", done=done)
    name = attempts.cookie_name(parts, attempt.state)
    answer.delete_cookie(name, path="/", secure=parts.settings.is_https, httponly=True)
    if arrived:
        guests.set_stay(answer, parts, arrived)
    return answer


@router.post("/sign-in/{key}/logout")
def end_from_there(
    key: str,
    parts: Everything,
    doors: Doors,
    logout_token: Annotated[str, Form(max_length=20_000)],
) -> Response:
    """The provider itself says that its session is over (Back-Channel Logout): its signature, not
    a session of ours, lets it in."""
    try:
        admission.end_sessions(parts, doors.get(key), logout_token)
    except EngineError as error:
        content = {"error": "invalid_request", "error_description": str(error)}
        return JSONResponse(content, HTTPStatus.BAD_REQUEST)
    return Response(status_code=HTTPStatus.OK)
