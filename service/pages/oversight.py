"""Impartiality of the team, and who has looked at what is confidential."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Annotated, Final

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from engine.queries.impartiality import impartiality_page
from engine.queries.looks import LooksPage, LookView, looks_page
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@router.get("/procurements/{key}/impartiality")
def show_impartiality(key: str, here: Here) -> HTMLResponse:
    return here.show("procurements/impartiality.html", impartiality_page(here.view, key))


PLACES: Final[Mapping[str, str]] = {
    "": "tab.overview",
    "acts": "steer.title",
    "suppliers": "tab.suppliers",
    "team": "tab.team",
    "documents": "tab.documents",
    "forms": "tab.documents",
    "decisions": "tab.decisions",
    "timeline": "tab.timeline",
    "log": "tab.log",
    **{
        name: f"{name}.title"
        for name in (
            "contributions",
            "evaluation",
            "impartiality",
            "indicators",
            "involvement",
            "knowledge",
            "market",
            "plan",
            "receipts",
            "rounds",
            "signals",
            "trace",
        )
    },
}
"""What the pages of a procurement are called, by what follows it in their addresses."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One address that somebody read in one minute, with all whose matter stood there."""

    look: LookView
    whose: tuple[LookView, ...]

    @property
    def place(self) -> str:
        """The key of what a person calls the page, "" where the address is of none."""
        match self.look.what.strip("/").split("/"):
            case ["procurements", _] | ["api", "v1", "procurements", _, "where"]:
                return PLACES[""]
            case ["procurements", _, page, *_]:
                return PLACES.get(page, "")
            case ["tasks", _, *_]:
                return "task"
            case ["search"]:
                return "search.title"
            case _:
                return ""


@dataclass(frozen=True, slots=True)
class Sights:
    found: LooksPage
    rows: tuple[Sight, ...]


def _sights(found: LooksPage) -> Sights:
    together = (
        tuple(group)
        for _, group in groupby(found.looks, lambda each: (each.at, each.by, each.what, each.rule))
    )
    return Sights(found, tuple(Sight(each[0], each) for each in together))


@router.get("/procurements/{key}/looks")
def show_looks(
    key: str, here: Here, until: Annotated[datetime | None, Query()] = None
) -> HTMLResponse:
    return here.show("procurements/looks.html", _sights(looks_page(here.view, key, until)))
