"""Suppliers as businesses: how large, how new, new to the buyer; with source and time."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from engine.commands.businesses import DescribeBusiness
from engine.queries.businesses import businesses_page
from service.api.routing import ACT_PROBLEMS, PortalRoute, RequestId, make_router
from service.api.shapes import Asked, IdInPath, KeyInPath, KeyOrNone, ProcurementDone, Told
from service.dependencies import Bus, Everything, Guest, Limits, Person, Reader, place_of

router = make_router("businesses")
portal = make_router("businesses", route=PortalRoute)


class KnownTold(Told):
    """`source` is the register, empty for what the business says itself."""

    size: str
    startup: str
    newcomer: str
    source: str
    at: datetime


class BusinessTold(Told):
    """`known` is null where nobody has said anything; `by` the member who looked it up."""

    scope: str
    name: str
    known: KnownTold | None
    by: str


class BusinessesTold(Told):
    businesses: list[BusinessTold]
    may_describe: bool


class OwnDescription(Asked):
    """`size` is micro, small, medium or large (under 10, 50, 250 people; more); `startup` and
    `newcomer` yes or no. Empty is unknown."""

    size: KeyOrNone = ""
    startup: KeyOrNone = ""
    newcomer: KeyOrNone = ""


class Description(OwnDescription):
    """`source` is where it stands: the register and its day."""

    source: Annotated[str, Field(min_length=1, max_length=300)]


@router.get("/procurements/{procurement}/businesses")
def list_businesses(procurement: IdInPath, view: Reader) -> BusinessesTold:
    """The suppliers you may know of, and what is known of each."""
    return BusinessesTold.model_validate(businesses_page(view, procurement))


@router.put("/procurements/{procurement}/businesses/{scope}", responses=ACT_PROBLEMS)
def describe_business(
    procurement: IdInPath,
    scope: KeyInPath,
    asked: Description,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Write down what a register says of it, in the place of what was known."""
    command = DescribeBusiness(procurement, scope, **dict(asked))
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@portal.put("/portal/business", responses=ACT_PROBLEMS)
def describe_own(
    asked: OwnDescription,
    bus: Bus,
    guest: Guest,
    parts: Everything,
    limits: Limits,
    request: RequestId,
) -> ProcurementDone:
    """Say it of your own business."""
    limits.writing.pass_one(guest.actor.id, parts.clock.now())
    place = place_of(guest)
    command = DescribeBusiness(place.procurement, place.scope, **dict(asked))
    return ProcurementDone.model_validate(bus.handle(command, guest.actor, request=request))
