"""The accessibility statement: what standard the pages keep to, how that is tried, and where to
complain. Anybody reads it, signed in or not."""

from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from service.dependencies import Everything, signed_in_or_none
from service.pages.rendering import render

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class StatementPage:
    """`contact` is the address of whoever runs the platform, "" where none is set."""

    contact: str


@router.get("/accessibility")
def show_statement(request: Request, parts: Everything) -> HTMLResponse:
    page = StatementPage(parts.settings.contact)
    return render(request, "accessibility/statement.html", page, signed_in_or_none(request))
