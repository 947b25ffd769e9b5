"""Impartiality of the team, and who has looked at what is confidential."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from engine.queries.impartiality import impartiality_page
from engine.queries.looks import looks_page
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@router.get("/procurements/{key}/impartiality")
def show_impartiality(key: str, here: Here) -> HTMLResponse:
    return here.show("procurements/impartiality.html", impartiality_page(here.view, key))


@router.get("/procurements/{key}/looks")
def show_looks(
    key: str, here: Here, until: Annotated[datetime | None, Query()] = None
) -> HTMLResponse:
    return here.show("procurements/looks.html", looks_page(here.view, key, until))
