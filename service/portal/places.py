"""Somebody's places in several procurements: seen in a list, entered one at a time."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.queries.places import places_page
from service.dependencies import Everything
from service.pages.rendering import go
from service.portal.visit import Here, Sent
from service.security import guests

router = APIRouter(include_in_schema=False)


@router.get("/portal/places")
def show_places(here: Here, parts: Everything) -> HTMLResponse:
    found = guests.places(parts, here.request.cookies.get(guests.cookie_name(parts), ""))
    return here.show("portal/places.html", places_page(here.view, found))


@router.post("/portal/places")
def change_place(here: Here, sent: Sent, parts: Everything) -> Response:
    cookie = here.request.cookies.get(guests.cookie_name(parts), "")
    arrived = guests.change_place(parts, cookie, sent["place"])
    answer = go("/portal", done="place-changed")
    guests.set_stay(answer, parts, arrived)
    return answer
