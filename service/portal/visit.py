"""One visit to the portal: who came, what they may see, and the way to answer."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, cast

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from starlette.concurrency import run_in_threadpool

from engine.model.actor import Participation
from engine.queries.view import View
from service.dependencies import Everything, Text, parts_of
from service.i18n import Translator
from service.pages.posting import Posted, read_form
from service.pages.rendering import render
from service.security import guests
from service.security.guests import InvitationNeededError
from service.security.sessions import SignedIn


def guest_of(request: Request) -> SignedIn:
    """Who came, looked up once for each request; raises InvitationNeededError."""
    if not hasattr(request.state, "guest"):
        parts = parts_of(request)
        request.state.guest = guests.who(parts, request.cookies.get(guests.cookie_name(parts)))
    return cast(SignedIn, request.state.guest)


async def get_guest(request: Request) -> SignedIn:
    return await run_in_threadpool(guest_of, request)


Guest = Annotated[SignedIn, Depends(get_guest)]


def get_view(parts: Everything, guest: Guest, text: Text) -> Iterator[View]:
    with parts.store.reader() as connection:
        now = parts.clock.now()
        yield View(connection, parts.definitions, guest.actor, now, text.language)


Reader = Annotated[View, Depends(get_view, scope="function")]


@dataclass(frozen=True, slots=True)
class Stay:
    request: Request
    view: View
    guest: SignedIn
    text: Translator

    @property
    def place(self) -> Participation:
        place = self.guest.actor.participation
        if place is None:
            raise InvitationNeededError("Use the invitation you were sent.")
        return place

    def show(self, template: str, page: Any, *, status: int = 200) -> HTMLResponse:
        return render(self.request, template, page, self.guest, status=status)


async def get_stay(request: Request, view: Reader, guest: Guest, text: Text) -> Stay:
    return Stay(request, view, guest, text)


Here = Annotated[Stay, Depends(get_stay)]


async def read_sent(request: Request, guest: Guest, parts: Everything) -> AsyncIterator[Posted]:
    async for posted in read_form(request, guest, parts):
        yield posted


Sent = Annotated[Posted, Depends(read_sent)]
