"""Signing in and out, and choosing a language."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from engine.errors import NotFoundError
from engine.queries.people import PersonCard, all_persons
from service.dependencies import (
    LANGUAGE_COOKIE,
    Everything,
    require_own_request,
)
from service.i18n import LANGUAGES
from service.pages.posting import read_posted
from service.pages.rendering import go, render
from service.security import sessions

router = APIRouter(include_in_schema=False)
YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`persons` by organisation; empty outside the demonstration. `next` is where to go then."""

    persons: Mapping[str, tuple[PersonCard, ...]]
    next: str


def local_path(address: str) -> str:
    """The address when it is a page of ours, else the start page: nobody is sent elsewhere."""
    parts = urlsplit(address)
    inside = not parts.scheme and not parts.netloc and parts.path.startswith("/")
    return address if inside and not address.startswith(("//", "/\\")) else "/tasks"


@router.get("/")
def start() -> Response:
    return go("/tasks")


@router.get("/sign-in")
def sign_in_page(request: Request, parts: Everything, next: str = "/tasks") -> HTMLResponse:  # noqa: A002 - the query's name
    persons: dict[str, tuple[PersonCard, ...]] = {}
    if parts.settings.demo:
        with parts.store.reader() as connection:
            found = all_persons(connection)
        for name, group in groupby(found, key=lambda person: person.organisation_name):
            persons[name] = tuple(group)
    return render(request, "entrance/sign_in.html", SignInPage(persons, local_path(next)))


@router.post("/sign-in", dependencies=[Depends(require_own_request)])
def sign_in(
    parts: Everything,
    person: str = Form(max_length=64),
    next: str = Form("/tasks", max_length=400),  # noqa: A002 - the field's name
) -> Response:
    """Open a session as a demonstration person; there is no such way in elsewhere."""
    if not parts.settings.demo:
        raise NotFoundError("page", "/sign-in")
    answer = go(local_path(next))
    answer.set_cookie(
        sessions.cookie_name(parts),
        sessions.sign_in(parts, person),
        httponly=True,
        samesite="lax",
        secure=parts.settings.is_https,
        path="/",
    )
    return answer


@router.post("/sign-out", dependencies=[Depends(read_posted)])
def sign_out(request: Request, parts: Everything) -> Response:
    name = sessions.cookie_name(parts)
    sessions.sign_out(parts, request.cookies.get(name, ""))
    answer = go("/sign-in")
    answer.delete_cookie(name, path="/", secure=parts.settings.is_https, httponly=True)
    return answer


@router.post("/language", dependencies=[Depends(require_own_request)])
def choose_language(
    parts: Everything,
    language: str = Form(max_length=5),
    next: str = Form("/", max_length=400),  # noqa: A002 - the field's name
) -> Response:
    answer = go(local_path(next))
    if language in LANGUAGES:
        answer.set_cookie(
            LANGUAGE_COOKIE,
            language,
            max_age=YEAR,
            httponly=True,
            samesite="lax",
            secure=parts.settings.is_https,
        )
    return answer
