"""One visit to the portal: who came, what they may see, and the way to answer."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from engine.model.actor import Participation
from engine.queries.view import View
from service.dependencies import Everything, Guest, GuestReader, Text, place_of
from service.i18n import Translator
from service.pages.posting import Posted, read_form
from service.pages.rendering import render
from service.security.sessions import SignedIn


@dataclass(frozen=True, slots=True)
class Stay:
    request: Request
    view: View
    guest: SignedIn
    text: Translator

    @property
    def place(self) -> Participation:
        return place_of(self.guest)

    def show(self, template: str, page: Any, *, status: int = 200) -> HTMLResponse:
        return render(self.request, template, page, self.guest, status=status)


async def get_stay(request: Request, view: GuestReader, guest: Guest, text: Text) -> Stay:
    return Stay(request, view, guest, text)


Here = Annotated[Stay, Depends(get_stay)]


async def read_sent(request: Request, guest: Guest, parts: Everything) -> AsyncIterator[Posted]:
    async for posted in read_form(request, guest, parts):
        yield posted


Sent = Annotated[Posted, Depends(read_sent)]
