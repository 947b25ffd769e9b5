"""What an endpoint may ask for.

FastAPI sends every dependency that is not `async` to a thread and back; where it has nothing to
wait for, that way costs more than what it does.
"""

from collections.abc import Iterator
from typing import Annotated, cast

from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from engine.access.policy import Action, require_scope
from engine.commands.bus import CommandBus
from engine.model.actor import Participation
from engine.queries.view import View
from service.i18n import Translator, choose_language
from service.looks import record_looks
from service.security import guests, origin, sessions, tokens
from service.security.admission import Providers
from service.security.floods import Floods
from service.security.sessions import SignedIn
from service.wiring import Parts

LANGUAGE_COOKIE = "language"
TOKEN_HEADER = "x-csrf-token"  # noqa: S105 - a header's name
API = "/api/"


def parts_of(request: Request) -> Parts:
    return cast(Parts, request.app.state.parts)


def translator_of(request: Request) -> Translator:
    """In the language that the reader chose, or else the browser asks for."""
    language = choose_language(
        request.cookies.get(LANGUAGE_COOKIE), request.headers.get("accept-language")
    )
    return Translator(language, request.app.state.texts[language])


def signed_in_of(request: Request) -> SignedIn:
    """Who asks, looked up once for each request; raises SignInNeededError."""
    if not hasattr(request.state, "signed_in"):
        request.state.signed_in = _look_up(request)
    return cast(SignedIn, request.state.signed_in)


def signed_in_or_none(request: Request) -> SignedIn | None:
    """Who asks, on pages that are for anybody."""
    try:
        return signed_in_of(request)
    except sessions.SignInNeededError:
        return None


def _look_up(request: Request) -> SignedIn:
    """By the header of a program, which is for the API alone, or else by the cookie."""
    parts = parts_of(request)
    header = request.headers.get("authorization")
    if header is not None and request.url.path.startswith(API):
        return tokens.who(parts, header)
    return sessions.who(parts, request.cookies.get(sessions.cookie_name(parts)))


async def get_parts(request: Request) -> Parts:
    return parts_of(request)


async def get_providers(request: Request) -> Providers:
    return cast(Providers, request.app.state.providers)


async def get_bus(request: Request) -> CommandBus:
    return parts_of(request).bus


async def get_translator(request: Request) -> Translator:
    return translator_of(request)


async def get_signed_in(request: Request) -> SignedIn:
    if not hasattr(request.state, "signed_in"):
        await run_in_threadpool(signed_in_of, request)
    return signed_in_of(request)


def guest_of(request: Request) -> SignedIn:
    """Who came from outside, looked up once for each request; raises InvitationNeededError."""
    if not hasattr(request.state, "guest"):
        parts = parts_of(request)
        request.state.guest = guests.who(parts, request.cookies.get(guests.cookie_name(parts)))
    return cast(SignedIn, request.state.guest)


async def get_guest(request: Request) -> SignedIn:
    return await run_in_threadpool(guest_of, request)


async def get_floods(request: Request) -> Floods:
    return cast(Floods, request.app.state.floods)


Person = Annotated[SignedIn, Depends(get_signed_in)]
Guest = Annotated[SignedIn, Depends(get_guest)]
Text = Annotated[Translator, Depends(get_translator)]
Bus = Annotated[CommandBus, Depends(get_bus)]
Everything = Annotated[Parts, Depends(get_parts)]
Limits = Annotated[Floods, Depends(get_floods)]
Doors = Annotated[Providers, Depends(get_providers)]


def get_view(request: Request, parts: Everything, text: Text) -> Iterator[View]:
    """A reader of one state of the database, closed when the answer has been made."""
    person = signed_in_of(request)
    require_scope(Action.READ, person.actor)
    with parts.store.reader() as connection:
        view = View(
            connection,
            parts.definitions,
            person.actor,
            parts.clock.now(),
            text.language,
            parts.bus.environment.registers,
            parts.bus.environment.vaults,
        )
        yield view
    record_looks(parts, view, request.url.path)


Reader = Annotated[View, Depends(get_view, scope="function")]


def get_guest_view(request: Request, parts: Everything, guest: Guest, text: Text) -> Iterator[View]:
    with parts.store.reader() as connection:
        now = parts.clock.now()
        view = View(
            connection,
            parts.definitions,
            guest.actor,
            now,
            text.language,
            vaults=parts.bus.environment.vaults,
        )
        yield view
    record_looks(parts, view, request.url.path)


GuestReader = Annotated[View, Depends(get_guest_view, scope="function")]


def get_public_view(parts: Everything, text: Text) -> Iterator[View]:
    """A reader who is nobody: for what is public."""
    with parts.store.reader() as connection:
        now = parts.clock.now()
        yield View(connection, parts.definitions, guests.NOBODY, now, text.language)


PublicReader = Annotated[View, Depends(get_public_view, scope="function")]


def require_own_request(request: Request) -> None:
    """Unsafe methods come from our own pages; raises ForgedRequestError."""
    if request.method not in origin.SAFE_METHODS:
        origin.require_same_origin(request.headers, parts_of(request).settings.origin)


def require_header_token(request: Request) -> None:
    """The API's token stands in a header, which no form of another site can send; nor can it send
    the header that an API token comes in."""
    if request.method not in origin.SAFE_METHODS:
        signed_in = signed_in_of(request)
        if signed_in.by_token:
            return
        origin.require_token(signed_in.csrf, request.headers.get(TOKEN_HEADER))


def require_guest_token(request: Request) -> None:
    """The token of the stay stands in a header, which no form of another site can send."""
    if request.method not in origin.SAFE_METHODS:
        origin.require_token(guest_of(request).csrf, request.headers.get(TOKEN_HEADER))


def place_of(guest: SignedIn) -> Participation:
    """Where somebody from outside takes part."""
    place = guest.actor.participation
    if place is None:
        raise guests.InvitationNeededError("Use the invitation you were sent.")
    return place


def limit_tries(request: Request, parts: Everything, limits: Limits) -> None:
    """Raises TooManyError for an address that tries too often."""
    address = request.client.host if request.client else ""
    limits.joining.pass_one(address, parts.clock.now())
