"""The ways in and out: the page of them, the demonstration's, and choosing a language."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, Response

from engine.errors import EngineError, NotFoundError
from engine.queries.people import PersonCard, all_persons
from service.dependencies import (
    LANGUAGE_COOKIE,
    Doors,
    Everything,
    Text,
    require_own_request,
)
from service.i18n import LANGUAGES, Translator
from service.pages.posting import read_posted
from service.pages.rendering import go, local_path, render
from service.security import sessions
from service.security.admission import Providers
from service.sign_in import Provider
from service.wiring import Parts

router = APIRouter(include_in_schema=False)
YEAR: Final = 365 * 24 * 3600
Level = Annotated[int, Query(ge=0, le=3)]


@dataclass(frozen=True, slots=True)
class Door:
    """One provider as a button."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class SignInPage:
    """`persons` by organisation; empty outside the demonstration. `next` is where to go then,
    `level` the level that is asked for there, 0 for any."""

    doors: tuple[Door, ...]
    persons: Mapping[str, tuple[PersonCard, ...]]
    next: str
    level: int


@dataclass(frozen=True, slots=True)
class SignedOutPage:
    """`address` is where the provider's own session ends, "" when there is none to end."""

    address: str
    provider: str


@router.get("/")
def start() -> Response:
    return go("/tasks")


@router.get("/sign-in")
def sign_in_page(
    request: Request,
    parts: Everything,
    doors: Doors,
    text: Text,
    next: str = "/tasks",  # noqa: A002 - the query's name
    level: Level = 0,
) -> HTMLResponse:
    page = SignInPage(
        doors=tuple(Door(each.key, name_of(each, text)) for each in doors.reaching(level)),
        persons=_demonstration(parts) if parts.settings.demo else {},
        next=local_path(next),
        level=level,
    )
    return render(request, "entrance/sign_in.html", page)


def name_of(provider: Provider, text: Translator) -> str:
    """What people call the provider."""
    if isinstance(provider.name, str):
        return provider.name
    return text.pick({str(language): name for language, name in provider.name.items()})


def _demonstration(parts: Parts) -> dict[str, tuple[PersonCard, ...]]:
    with parts.store.reader() as connection:
        found = all_persons(connection)
    grouped = groupby(found, key=lambda person: person.organisation_name)
    return {name: tuple(group) for name, group in grouped}


@router.post("/sign-in", dependencies=[Depends(require_own_request)])
def sign_in(
    request: Request,
    parts: Everything,
    person: str = Form(max_length=64),
    next: str = Form("/tasks", max_length=400),  # noqa: A002 - the field's name
) -> Response:
    """Open a session as a demonstration person; there is no such way in elsewhere."""
    if not parts.settings.demo:
        raise NotFoundError("page", "/sign-in")
    old = request.cookies.get(sessions.cookie_name(parts), "")
    answer = go(local_path(next))
    set_session(answer, parts, sessions.sign_in(parts, person, instead_of=old))
    return answer


def set_session(answer: Response, parts: Parts, value: str) -> None:
    """Give the browser its session: for this host alone, unseen by scripts and other sites."""
    answer.set_cookie(
        sessions.cookie_name(parts),
        value,
        httponly=True,
        samesite="lax",
        secure=parts.settings.is_https,
        path="/",
    )


@router.post("/sign-out", dependencies=[Depends(read_posted)])
def sign_out(request: Request, parts: Everything, doors: Doors, text: Text) -> Response:
    """End the session here, then lead on to the provider, which may have one of its own."""
    name = sessions.cookie_name(parts)
    ended = sessions.sign_out(parts, request.cookies.get(name, ""))
    page = _onward(parts, doors, text, ended) if ended else None
    answer = (
        render(request, "entrance/signed_out.html", page)
        if page and page.address
        else go("/signed-out" if page else "/sign-in")
    )
    answer.delete_cookie(name, path="/", secure=parts.settings.is_https, httponly=True)
    return answer


def _onward(
    parts: Parts, doors: Providers, text: Translator, ended: sessions.Ended
) -> SignedOutPage | None:
    """Browsers do not let a form lead to another site (our own rule), so the page leads there.

    A provider that does not answer keeps nobody signed in here.
    """
    openid = doors.by_key.get(ended.provider)
    if openid is None:
        return None
    try:
        address = openid.logout_address(f"{parts.settings.base_url}/signed-out", ended.id_token)
    except EngineError:
        address = ""
    return SignedOutPage(address, name_of(openid.provider, text))


@router.get("/signed-out")
def signed_out(request: Request) -> HTMLResponse:
    """Where a provider leads back to after signing out there."""
    return render(request, "entrance/signed_out.html", SignedOutPage("", ""))


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
