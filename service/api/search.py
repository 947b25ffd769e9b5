"""One question over procurements, tasks, documents, models and what is said in them."""

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field

from engine.queries.search import Hit, search
from engine.search.entries import Found
from engine.search.question import LONGEST
from service.api.routing import make_router
from service.api.shapes import Told
from service.dependencies import Reader
from service.pages.search import LAST_PAGE, address_of

router = make_router("search")


class Piece(Told):
    """A piece of text; `found` when it is what was asked for. Put together they are the text."""

    text: str
    found: bool


class HitTold(Told):
    """A thing that was found. `procurement` is "" for models; `task` is the task it belongs to, or
    is; `address` the page on which it is looked at, or the file; `status` a task's or a
    procurement's."""

    kind: Found
    id: str
    title: list[Piece]
    text: list[Piece] = Field(description="Its neighbourhood, or the beginning of the text.")
    procurement: str
    reference: str
    procurement_title: str
    supplier: str
    task: str
    status: str
    at: datetime
    address: str


class SearchTold(Told):
    """A page of what was found, the likeliest first. `counts` are by kind and over all pages; at
    most the newest 1000 are counted and ordered, and `more` says that there are others."""

    asked: str
    total: int
    more: bool
    counts: dict[Found, int]
    page: int
    pages: int
    items: list[HitTold]


@router.get("/search")
def find(
    view: Reader,
    q: Annotated[
        str,
        Query(
            max_length=LONGEST,
            description="Words, all of which must be found; a phrase in quotation marks. Words are"
            " compared by their Norwegian stems, and three letters or more also stand for words"
            " that begin with them.",
        ),
    ],
    kind: Annotated[Found | None, Query(description="Of this kind alone.")] = None,
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
) -> SearchTold:
    """What you may see of it, 20 to a page."""
    found = search(view, q, kind, page)
    return SearchTold(
        asked=found.asked,
        total=found.total,
        more=found.more,
        counts=dict(found.counts),
        page=found.page,
        pages=found.pages,
        items=[_told(hit) for hit in found.hits],
    )


def _told(hit: Hit) -> HitTold:
    return HitTold(
        kind=hit.kind,
        id=hit.id,
        title=[Piece.model_validate(each) for each in hit.title],
        text=[Piece.model_validate(each) for each in hit.text],
        procurement=hit.procurement,
        reference=hit.reference,
        procurement_title=hit.procurement_title,
        supplier=hit.supplier,
        task=hit.task,
        status=hit.status,
        at=hit.at,
        address=address_of(hit),
    )
