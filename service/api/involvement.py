"""Who was involved before the competition, and what is done about it."""

from datetime import datetime

from engine.queries.involvement import involvement_page
from service.api.routing import make_router
from service.api.shapes import IdInPath, Told
from service.dependencies import Reader

router = make_router("market")


class WayTold(Told):
    """`kind` is sign-up, input, meeting, adviser or declared."""

    kind: str
    at: datetime
    what: str


class MeasureTold(Told):
    """`kind` is shared, longer-period, both or exclude; empty where `what` alone says it."""

    kind: str
    what: str
    at: datetime


class InvolvedTold(Told):
    """`due` when it had a say and nothing is done about it yet."""

    name: str
    ways: list[WayTold]
    measures: list[MeasureTold]
    due: bool


class InvolvementTold(Told):
    involved: list[InvolvedTold]
    waiting: int


@router.get("/procurements/{procurement}/involvement")
def list_involved(procurement: IdInPath, view: Reader) -> InvolvementTold:
    """Everybody you may know of who gave input, met the buyer, advised or prepared."""
    return InvolvementTold.model_validate(involvement_page(view, procurement))
