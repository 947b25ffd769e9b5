"""Who was involved before the competition, and what is done about it."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from engine.queries.involvement import involvement_page
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@router.get("/procurements/{key}/involvement")
def show_involvement(key: str, here: Here) -> HTMLResponse:
    return here.show("procurements/involvement.html", involvement_page(here.view, key))
