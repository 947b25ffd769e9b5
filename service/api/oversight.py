"""Impartiality of the team, and who has looked at what is confidential."""

from datetime import datetime
from typing import Annotated

from fastapi import Query

from engine.queries.impartiality import impartiality_page
from engine.queries.looks import looks_page
from service.api.routing import make_router
from service.api.shapes import IdInPath, Told
from service.dependencies import Reader

router = make_router("oversight")


class Declarer(Told):
    """`stands` is asked, cleared or barred; empty where nobody asks for a declaration."""

    name: str
    role: str
    stands: str
    is_me: bool


class TaintTold(Told):
    """`kind` is task, decision, comment or file; `id` the task it belongs to; `supplier` is whose
    matter it was, empty for that of none. A comment that was withdrawn has no `title`."""

    kind: str
    title: str
    at: datetime
    id: str
    supplier: str


class LookTold(Told):
    """`what` is the address that was read; `rule` what allowed it."""

    by: str
    what: str
    supplier: str
    sealed_for: str
    rule: str
    via: str
    at: datetime


class TaintedTold(Told):
    name: str
    taints: list[TaintTold]
    looks: list[LookTold]


class ImpartialityTold(Told):
    """`version` counts changes of the list of suppliers; declarations count against the newest."""

    version: int
    suppliers: list[str]
    declarers: list[Declarer]
    mine: str
    tainted: list[TaintedTold]


class Looks(Told):
    """The newest first; `older` is what `until` is for the next page."""

    looks: list[LookTold]
    older: datetime | None


@router.get("/procurements/{procurement}/impartiality")
def show_impartiality(procurement: IdInPath, view: Reader) -> ImpartialityTold:
    """Who has declared impartiality against the suppliers known now, and what to look at again
    because somebody was found to have a conflict of interest."""
    return ImpartialityTold.model_validate(impartiality_page(view, procurement))


@router.get("/procurements/{procurement}/looks")
def list_looks(
    procurement: IdInPath,
    view: Reader,
    until: Annotated[datetime | None, Query(description="The newest to show.")] = None,
) -> Looks:
    """Who has seen what is confidential, for the lead, auditors and data protection officers."""
    return Looks.model_validate(looks_page(view, procurement, until))
