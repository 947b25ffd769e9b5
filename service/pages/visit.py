"""One visit to a page: the reader, the person, the language, and the way to answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from engine.queries.live import stamp_of_teams
from engine.queries.notifications import unread_counts
from engine.queries.view import View
from service.dependencies import Person, Reader, Text
from service.i18n import Translator
from service.pages.rendering import render
from service.security.sessions import SignedIn

NOTHING: Final[Mapping[str, str | int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Visit:
    request: Request
    view: View
    person: SignedIn
    text: Translator

    def show(
        self,
        template: str,
        page: Any,
        *,
        status: int = 200,
        watch: Mapping[str, str | int] = NOTHING,
    ) -> HTMLResponse:
        """Answer with the page; `watch` is what it says of changes while it is open."""
        view = self.view
        unread = unread_counts(view.connection, [view.actor.id], view.today)
        count = unread.get(view.actor.id, 0)
        return render(
            self.request, template, page, self.person, status=status, unread=count, watch=watch
        )

    def my_teams(self) -> Mapping[str, str | int]:
        """To hear of changes in any procurement in whose team the reader is."""
        return {"stamp": stamp_of_teams(self.view.connection, self.view.actor.id)}


def changes_of(procurement: str, stamp: int) -> Mapping[str, str | int]:
    """To hear of changes in a procurement since the version `stamp` of its row."""
    return {"procurement": procurement, "stamp": stamp}


async def get_visit(request: Request, view: Reader, person: Person, text: Text) -> Visit:
    return Visit(request, view, person, text)


Here = Annotated[Visit, Depends(get_visit)]
