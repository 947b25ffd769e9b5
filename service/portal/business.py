"""What a supplier says of itself as a business: how large, how new, new to the buyer."""

from fastapi import APIRouter
from fastapi.responses import Response

from engine.commands.businesses import DescribeBusiness
from engine.errors import EngineError
from service.dependencies import Bus, Everything, Limits
from service.pages.rendering import go
from service.portal.home import show_again
from service.portal.visit import Here, Sent

router = APIRouter(include_in_schema=False)


@router.post("/portal/business")
def describe(here: Here, bus: Bus, sent: Sent, parts: Everything, limits: Limits) -> Response:
    place = here.place
    command = DescribeBusiness(
        place.procurement, place.scope, sent["size"], sent["startup"], sent["newcomer"]
    )
    try:
        limits.writing.pass_one(here.guest.actor.id, parts.clock.now())
        bus.handle(command, here.guest.actor, request=sent.request)
    except EngineError as error:
        return show_again(here, sent, error)
    return go("/portal", done="described")
