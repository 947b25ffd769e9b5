"""Suppliers as businesses: what each has stated, and what the lead has looked up."""

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.businesses import DescribeBusiness
from engine.errors import EngineError
from engine.queries.businesses import BusinessesPage, businesses_page
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.posting import Sent
from service.pages.rendering import go
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """`typed` is what was sent with an act that was refused for `problem`."""

    found: BusinessesPage
    typed: Mapping[str, str]
    problem: Explanation | None


@router.get("/procurements/{key}/businesses")
def show_businesses(key: str, here: Here) -> HTMLResponse:
    page = Shown(businesses_page(here.view, key), {}, None)
    return here.show("indicators/businesses.html", page)


@router.post("/procurements/{key}/businesses")
def describe(key: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Write down what a register says of a supplier."""
    command = DescribeBusiness(
        key, sent["scope"], sent["size"], sent["startup"], sent["newcomer"], sent["source"]
    )
    try:
        bus.handle(command, here.person.actor, request=sent.request)
    except EngineError as error:
        problem = explain(error, here.text)
        page = Shown(businesses_page(here.view, key), dict(sent.pairs), problem)
        return here.show("indicators/businesses.html", page, status=problem.status)
    return go(f"/procurements/{key}/businesses", done="described")
