"""One box over everything that the reader may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from engine.queries.search import MOST, Hit, Results, search
from engine.search.entries import Found
from engine.search.question import LONGEST
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)
LAST_PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A thing that was found and where it is looked at."""

    hit: Hit
    address: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    found: Results
    lines: tuple[Line, ...]
    kinds: tuple[Found, ...] = tuple(Found)
    most: int = MOST

    def query(self, **values: object) -> Mapping[str, object]:
        """The question with another kind or page; the first page and all kinds go unsaid."""
        asked = {"q": self.found.asked, "kind": self.found.kind or "", "page": 1, **values}
        usual = {"kind": "", "page": 1}
        return {name: value for name, value in asked.items() if usual.get(name) != value}


def address_of(hit: Hit) -> str:
    """The page on which the thing is looked at, or the file itself."""
    if hit.kind is Found.MODEL:
        return f"/processes/versions/{hit.id}"
    if hit.kind is Found.SHARED:
        return f"/knowledge/{hit.id}"
    if hit.kind is Found.CONTRIBUTION:
        return f"/procurements/{hit.procurement}/contributions?at={hit.id}#c-{hit.id}"
    if hit.is_file:
        return f"/attachments/{hit.id}"
    return f"/tasks/{hit.task}" if hit.task else f"/procurements/{hit.procurement}"


@router.get("/search")
def show_search(
    here: Here,
    q: Annotated[str, Query(max_length=4000)] = "",
    kind: Annotated[str, Query(max_length=40)] = "",
    page: Annotated[int, Query(ge=1, le=LAST_PAGE)] = 1,
) -> HTMLResponse:
    """Of one kind where that is chosen; a kind that there is not is all of them."""
    wanted = Found(kind) if kind in tuple(Found) else None
    found = search(here.view, q[:LONGEST], wanted, page)
    lines = tuple(Line(hit, address_of(hit)) for hit in found.hits)
    return here.show("search/search.html", SearchPage(found, lines))
