"""The portfolio: every procurement the reader may read, by phase, value, deadline and risk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.errors import InvalidInputError
from engine.procurement.risk import Level, Reason
from engine.queries.portfolio import (
    Group,
    Mark,
    Overview,
    PortfolioFilter,
    PortfolioPart,
    PortfolioRow,
    Sort,
    Standing,
    overview,
    portfolio,
)
from engine.queries.view import View
from service.cursors import read_mark, write_mark
from service.i18n import Translator
from service.pages.tables import portfolio_sheet, table_file
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)

PATH: Final = "/procurements"
LONGEST: Final = 200
LONGEST_MARK: Final = 400
BAR: Final = 100
"""The length of the longest bar, in units of the picture."""


@dataclass(frozen=True, slots=True)
class State:
    """What the page shows, and where it begins."""

    wanted: PortfolioFilter = PortfolioFilter()  # noqa: RUF009 - frozen, so that it can be shared
    sort: Sort = Sort.RISK
    after: str = ""

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "State":
        """From an address; what cannot be used counts as not there."""

        def said(name: str) -> str:
            return str(plain.get(name) or "")[:LONGEST]

        standing, sort, level = said("standing"), said("sort"), said("level").upper()
        wanted = PortfolioFilter(
            standing=Standing(standing) if standing in set(Standing) else Standing.ACTIVE,
            procedure=said("procedure"),
            phase=said("phase"),
            organisation=said("organisation"),
            level=Level[level] if level in Level.__members__ else None,
            mine=said("mine") == "yes",
            text=said("text"),
        )
        return cls(
            wanted,
            Sort(sort) if sort in set(Sort) else Sort.RISK,
            str(plain.get("after") or "")[:LONGEST_MARK],
        )

    def as_plain(self) -> dict[str, str]:
        wanted = self.wanted
        found = {
            "standing": "" if wanted.standing is Standing.ACTIVE else wanted.standing.value,
            "procedure": wanted.procedure,
            "phase": wanted.phase,
            "organisation": wanted.organisation,
            "level": wanted.level.name.lower() if wanted.level is not None else "",
            "mine": "yes" if wanted.mine else "",
            "text": wanted.text,
            "sort": "" if self.sort is Sort.RISK else self.sort.value,
            "after": self.after,
        }
        return {name: value for name, value in found.items() if value}

    @property
    def mark(self) -> Mark | None:
        """Where the page begins; the beginning for a word that is no mark of this order."""
        try:
            return read_mark(self.after, self.sort) if self.after else None
        except InvalidInputError:
            return None

    def href(self, path: str = PATH, **changes: Any) -> str:
        """The address of this page with other values; a change leads to the first page."""
        query = urlencode(replace(self, **{"after": "", **changes}).as_plain())
        return f"{path}?{query}" if query else path

    @property
    def is_narrowed(self) -> bool:
        return self.wanted != PortfolioFilter()


@dataclass(frozen=True, slots=True)
class Bar:
    """A phase with how many procurements stand in it; lengths are units of the picture, the grave
    part first."""

    group: Group
    href: str
    current: bool
    high: float
    length: float


@dataclass(frozen=True, slots=True)
class PortfolioPage:
    state: State
    rows: tuple[PortfolioRow, ...]
    overview: Overview
    bars: tuple[Bar, ...]
    next_href: str
    may_start: bool

    @property
    def first_href(self) -> str:
        """The first page, where this is a later one."""
        return self.state.href() if self.state.after else ""

    @property
    def unfiltered_href(self) -> str:
        return self.state.href(wanted=PortfolioFilter())

    @property
    def every_href(self) -> str:
        return self.state.href(wanted=PortfolioFilter(Standing.ALL))

    def level_href(self, level: Level) -> str:
        return self.state.href(wanted=replace(self.state.wanted, level=level))

    def sort_href(self, sort: str) -> str:
        return self.state.href(sort=Sort(sort))

    def export_href(self, form: str) -> str:
        return self.state.href(f"{PATH}/export.{form}")

    @property
    def organisations(self) -> list[tuple[str, str]]:
        return [(key, name) for name, key in self.overview.organisations]

    @staticmethod
    def reason(text: Translator, reason: Reason) -> str:
        return text.count(f"risk.{reason.fact}", reason.number)

    @staticmethod
    def named(text: Translator, prefix: str, values: Iterable[str]) -> list[tuple[str, str]]:
        return [(each, text.at(prefix, each)) for each in values]

    def procedures(self, text: Translator) -> list[tuple[str, str]]:
        named = ((each, text.or_key("procedure", each)) for each in self.overview.procedures)
        return sorted(named, key=lambda option: option[1])

    def phases(self) -> list[tuple[str, str]]:
        return [(group.phases[0], group.name) for group in self.overview.groups if group.name]


@router.get("/procurements")
def show_portfolio(here: Here) -> HTMLResponse:
    state = State.from_plain(here.request.query_params)
    part = _part(here.view, state)
    if not part.rows and state.after:
        state = replace(state, after="")
        part = _part(here.view, state)
    found = overview(here.view, state.wanted)
    page = PortfolioPage(
        state=state,
        rows=part.rows,
        overview=found,
        bars=_bars(state, found),
        next_href=state.href(after=write_mark(part.next, state.sort)) if part.next else "",
        may_start=any(grant.role == "procurement-lead" for grant in here.person.actor.grants),
    )
    return here.show("procurements/list.html", page)


def _part(view: View, state: State) -> PortfolioPart:
    return portfolio(view, state.wanted, state.sort, after=state.mark)


def _bars(state: State, found: Overview) -> tuple[Bar, ...]:
    longest = max((group.number for group in found.groups), default=1)
    return tuple(
        Bar(
            group=group,
            href=state.href(wanted=replace(state.wanted, phase=group.phases[0])),
            current=state.wanted.phase in group.phases,
            high=round(BAR * group.by_level[Level.HIGH] / longest, 1),
            length=round(BAR * group.number / longest, 1),
        )
        for group in found.groups
    )


@router.get("/procurements/export.{form}")
def export_portfolio(form: str, here: Here) -> Response:
    """What the page shows, all of it, for a spreadsheet."""
    state = State.from_plain(here.request.query_params)
    sheet = portfolio_sheet(here.view, state.wanted, state.sort, here.text)
    return table_file(sheet, form, here.text("portfolio.file"))
