"""My tasks: what to do, narrowed as the reader likes it, and found again as it was left."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from engine.commands.filters import RememberView, RemoveFilter, SaveFilter
from engine.errors import EngineError, InvalidInputError
from engine.queries.filters import (
    SavedFilter,
    SharedWith,
    looked_at_last,
    may_share,
    saved_filters,
)
from engine.queries.first_page import FirstPage, first_page
from engine.queries.my_tasks import WAITING, TaskListName
from engine.queries.tally import Count, Tally, tally
from engine.queries.task_filter import TaskFilter
from engine.queries.view import View
from engine.queries.worklist import PAGE, Place, TaskRow, list_tasks
from service.cursors import read_cursor, write_cursor
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.i18n import Translator
from service.pages.posting import Sent
from service.pages.rendering import go
from service.pages.visit import Here, Visit

router = APIRouter(include_in_schema=False)

TO_DO: Final = "to-do"
"""Everything I can do something about, the first of each list."""
LISTED_TO_DO: Final = (TaskListName.MINE, TaskListName.SECOND, TaskListName.ROLES)
FIRST: Final = 20
"""So many tasks of each list are shown where several are."""


@dataclass(frozen=True, slots=True)
class State:
    """What the page shows: a list's name or `TO_DO`, the filter, and where the page begins."""

    which: str = TO_DO
    wanted: TaskFilter = TaskFilter()  # noqa: RUF009 - frozen, so that it can be shared
    after: str = ""

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "State":
        """From an address, or from what was kept; what cannot be used counts as not there."""
        which = str(plain.get("list") or "")
        known = which if which in set(TaskListName) else TO_DO
        return cls(known, TaskFilter.from_plain(plain), str(plain.get("after") or "")[:400])

    def as_plain(self) -> dict[str, str]:
        found = {"list": self.which, **self.wanted.as_plain()}
        return {**found, "after": self.after} if self.after else found

    @property
    def place(self) -> Place | None:
        """Where the page begins; the beginning for a word that is no cursor."""
        try:
            return read_cursor(self.after) if self.after else None
        except InvalidInputError:
            return None

    def href(self, **changes: Any) -> str:
        """The address of this page with other values; a change leads to the first page."""
        return f"/tasks?{urlencode(replace(self, **{'after': '', **changes}).as_plain())}"


@dataclass(frozen=True, slots=True)
class Tab:
    """A list one can turn to; `count` is None where it is not counted."""

    which: str
    href: str
    count: Count | None
    current: bool


@dataclass(frozen=True, slots=True)
class Section:
    """Rows of one list. `all_href` leads to the whole list where only its first rows stand here,
    `next_href` to the next page, "" where there is none."""

    which: TaskListName
    rows: tuple[TaskRow, ...]
    count: Count | None
    all_href: str = ""
    next_href: str = ""


@dataclass(frozen=True, slots=True)
class SavedHere:
    """A saved filter as the page offers it."""

    filter: SavedFilter
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Team:
    id: str
    name: str


Options = list[tuple[str, str]]
"""What a select offers: values with what they are called."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the lists can be narrowed by; what is chosen is always among it."""

    tally: Tally
    wanted: TaskFilter

    def procurements(self, text: Translator) -> Options:
        found = [(each.value, each.name) for each in self.tally.procurements]
        return _with(self.wanted.procurement, found, text("filter.gone"))

    def phases(self, text: Translator) -> Options:
        found = [(each.value, each.name) for each in self.tally.phases]
        return _with(self.wanted.phase, found, text.or_key("phase", self.wanted.phase))

    def procedures(self, text: Translator) -> Options:
        return self._named("procedure", self.tally.procedures, self.wanted.procedure, text)

    def roles(self, text: Translator) -> Options:
        return self._named("role", self.tally.roles, self.wanted.role, text)

    def _named(
        self, prefix: str, values: Collection[str], chosen: str, text: Translator
    ) -> Options:
        found = [(each, text.or_key(prefix, each)) for each in values if each]
        return _with(chosen, found, text.or_key(prefix, chosen))


def _with(chosen: str, options: Options, name: str) -> Options:
    values = {value for value, _ in options}
    added = [(chosen, name)] if chosen and chosen not in values else []
    return sorted([*options, *added], key=lambda option: option[1].lower())


@dataclass(frozen=True, slots=True)
class WorklistPage:
    """`may_share`: with the whole organisation; `team` is the procurement whose team a filter can
    be shared with, where it is of one. `problem` is what saving was refused for; `bulk_done` tells
    that what was chosen has just been acted on, and is chosen no more."""

    state: State
    tabs: tuple[Tab, ...]
    sections: tuple[Section, ...]
    tally: Tally
    saved: tuple[SavedHere, ...]
    may_share: bool
    team: Team | None
    problem: Explanation | None
    bulk_done: bool = False

    @property
    def waiting(self) -> Count:
        """What I can do something about."""
        counts = [self.tally.counts[which] for which in LISTED_TO_DO]
        return Count(
            sum(each.number for each in counts),
            sum(each.late for each in counts),
            any(each.more for each in counts),
        )

    @property
    def first_href(self) -> str:
        """The first page, where this is a later one."""
        return self.state.href() if self.state.after else ""

    @property
    def unfiltered_href(self) -> str:
        return self.state.href(wanted=TaskFilter())

    @property
    def choices(self) -> Choices:
        return Choices(self.tally, self.state.wanted)

    @property
    def acts(self) -> tuple[str, ...]:
        """What can be done with several of these tasks at once."""
        has_rows = any(section.rows for section in self.sections)
        return BULK_ACTS if has_rows and self.state.which != TaskListName.DONE else ()


BULK_ACTS: Final = ("claim", "release", "assign", "delegate", "comment")
_SAYS: Final = frozenset({"list", "after", *TaskFilter.__slots__})


@router.get("/tasks")
def my_tasks(here: Here, bus: Bus) -> HTMLResponse:
    """As the address says; where it says nothing, as the reader left it."""
    kept = looked_at_last(here.view)
    asked = here.request.query_params
    if _SAYS.isdisjoint(asked):
        page = worklist_page(here.view, State.from_plain(kept or {}))
        done = asked.get("done", "").startswith("bulk-")
        return _show(here, replace(page, bulk_done=done))
    state = State.from_plain(asked)
    page = worklist_page(here.view, state)
    if page.state.as_plain() != kept:
        bus.handle(RememberView(page.state.as_plain()), here.person.actor)
    return _show(here, page)


def _show(here: Visit, page: WorklistPage) -> HTMLResponse:
    status = page.problem.status if page.problem else 200
    return here.show("tasks/list.html", page, status=status, watch=here.my_teams())


def worklist_page(view: View, state: State, problem: Explanation | None = None) -> WorklistPage:
    state, looked = _look(view, state)
    return WorklistPage(
        state=state,
        tabs=tuple(_tabs(state, looked.tally)),
        sections=tuple(_sections(state, looked)),
        tally=looked.tally,
        saved=tuple(_saved(view, state)),
        may_share=may_share(view),
        team=_team(state, looked.tally),
        problem=problem,
    )


def _look(view: View, state: State) -> tuple[State, FirstPage]:
    """What is there, and the state as it could be met: a page that is empty by now is the first
    one."""
    place = state.place
    if place is not None and state.which != TO_DO:
        which = TaskListName(state.which)
        part = list_tasks(view, which, state.wanted, after=place, limit=PAGE)
        if part.rows:
            return state, FirstPage(tally(view, state.wanted), {which: part})
    state = replace(state, after="")
    many = state.which == TO_DO
    limits = dict.fromkeys(LISTED_TO_DO, FIRST) if many else {TaskListName(state.which): PAGE}
    return state, first_page(view, state.wanted, limits)


def _sections(state: State, looked: FirstPage) -> Iterator[Section]:
    """Of several lists, one that most people never have anything on stands only where it has."""
    counts = looked.tally.counts
    for which, part in looked.parts.items():
        if state.which != TO_DO:
            following = state.href(after=write_cursor(part.next)) if part.next else ""
            yield Section(which, part.rows, counts.get(which), next_href=following)
        elif part.rows or which is not TaskListName.SECOND:
            href = state.href(which=which.value)
            yield Section(which, part.rows, counts.get(which), all_href=href)


def _tabs(state: State, counted: Tally) -> Iterator[Tab]:
    yield Tab(TO_DO, state.href(which=TO_DO), None, state.which == TO_DO)
    for which in (*WAITING, TaskListName.DONE):
        href = state.href(which=which.value)
        yield Tab(which.value, href, counted.counts.get(which), state.which == which)


def _saved(view: View, state: State) -> Iterator[SavedHere]:
    for each in saved_filters(view):
        kept = State.from_plain(each.content)
        yield SavedHere(each, kept.href(), kept == replace(state, after=""))


def _team(state: State, counted: Tally) -> Team | None:
    key = state.wanted.procurement
    found = (Team(key, each.name) for each in counted.procurements if each.value == key)
    return next(found, None)


@router.post("/tasks/filters")
def save_filter(here: Here, bus: Bus, sent: Sent) -> Response:
    """Keep the filter that the page shows under a name."""
    state = State.from_plain(dict(sent.pairs))
    share = sent["share"]
    team = share.removeprefix("team:") if share.startswith("team:") else ""
    organisation = here.person.actor.organisation if share == "organisation" else ""
    try:
        content = replace(state, after="").as_plain()
        bus.handle(
            SaveFilter(sent["name"], content, organisation, team),
            here.person.actor,
            request=sent.request,
        )
    except EngineError as error:
        page = worklist_page(here.view, state, explain(error, here.text))
        return _show(here, page)
    return go("/tasks", done="filter-saved")


@router.post("/tasks/filters/{key}/remove")
def remove_filter(key: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """What was one's own can be saved again by one button: as it was, and shared as it was."""
    saved = (each for each in saved_filters(here.view) if each.id == key and each.mine)
    undo = [{"undo": urlencode(_as_posted(each))} for each in saved]
    bus.handle(RemoveFilter(key), here.person.actor, request=sent.request)
    return go("/tasks", done="filter-removed", **(undo[0] if undo else {}))


def _as_posted(kept: SavedFilter) -> dict[str, str]:
    """The fields that save it."""
    share = {
        SharedWith.NOBODY: "",
        SharedWith.ORGANISATION: "organisation",
        SharedWith.TEAM: f"team:{kept.procurement}",
    }[kept.shared_with]
    return {**State.from_plain(kept.content).as_plain(), "name": kept.name, "share": share}
