"""One visit to a page: the reader, the person, the language, and the way to answer."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from engine.queries.notifications import unread_counts
from engine.queries.view import View
from service.dependencies import Person, Reader, Text
from service.i18n import Translator
from service.pages.rendering import render
from service.security.sessions import SignedIn


@dataclass(frozen=True, slots=True)
class Visit:
    request: Request
    view: View
    person: SignedIn
    text: Translator

    def show(self, template: str, page: Any, *, status: int = 200) -> HTMLResponse:
        """Answer with the page."""
        view = self.view
        unread = unread_counts(view.connection, [view.actor.id], view.today)
        count = unread.get(view.actor.id, 0)
        return render(self.request, template, page, self.person, status=status, unread=count)


async def get_visit(request: Request, view: Reader, person: Person, text: Text) -> Visit:
    return Visit(request, view, person, text)


Here = Annotated[Visit, Depends(get_visit)]
