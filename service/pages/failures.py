"""The page that says, in one clear message, why there is no other page."""

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from engine.errors import EngineError
from service.dependencies import signed_in_or_none, translator_of
from service.errors import Explanation, explain
from service.pages.rendering import render
from service.security.guests import InvitationNeededError
from service.security.sessions import SignInNeededError


@dataclass(frozen=True, slots=True)
class FailurePage:
    problem: Explanation


def answer(request: Request, error: EngineError) -> Response:
    """Who must sign in is led there, and back afterwards; others read what is wrong."""
    if isinstance(error, InvitationNeededError) and request.method in {"GET", "HEAD"}:
        return RedirectResponse("/join", status_code=303)
    if isinstance(error, SignInNeededError) and request.method in {"GET", "HEAD"}:
        address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/sign-in?{urlencode({'next': address})}", status_code=303)
    problem = explain(error, translator_of(request))
    page = FailurePage(problem)
    return render(request, "failure.html", page, signed_in_or_none(request), status=problem.status)
