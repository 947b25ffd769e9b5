"""Filters of task lists: saved, shared, and taken away again."""

from typing import Annotated, Any

from fastapi import Response
from pydantic import Field

from engine.commands.filters import LONGEST_NAME, RememberView, RemoveFilter, SaveFilter
from engine.queries.filters import SharedWith, looked_at_last, saved_filters
from engine.queries.my_tasks import TaskListName
from engine.queries.task_filter import LONGEST, Due, TaskFilter
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import Asked, IdInPath, IdOrNone, KeyOrNone, Line, Told
from service.dependencies import Bus, Person, Reader

router = make_router("tasks")


class FilterContent(Asked):
    """What the list shows; "" and null stand for all. Without `list` it is all that waits."""

    list: TaskListName | None = None
    procurement: IdOrNone = ""
    procedure: KeyOrNone = ""
    phase: KeyOrNone = ""
    role: KeyOrNone = ""
    due: Due | None = None
    text: Annotated[str, Field(max_length=LONGEST)] = ""

    def plain(self) -> dict[str, Any]:
        """As pages and commands keep it."""
        found = TaskFilter.from_plain(self.model_dump(mode="json")).as_plain()
        return {**found, "list": self.list.value} if self.list else found


class FilterTold(Told):
    """`content` are the parameters of `GET /tasks`; `by` saved it."""

    id: str
    name: str
    content: dict[str, str]
    shared_with: SharedWith
    by: str
    mine: bool


class NewFilter(Asked):
    """`organisation` shares it with everybody there, `procurement` with that team."""

    name: Annotated[Line, Field(max_length=LONGEST_NAME)]
    content: FilterContent
    organisation: IdOrNone = ""
    procurement: IdOrNone = ""


class FilterDone(Told):
    filter: str


@router.get("/task-filters")
def list_filters(view: Reader) -> list[FilterTold]:
    """Your own filters, those of your organisation and of your teams, by name."""
    return [FilterTold.model_validate(each) for each in saved_filters(view)]


@router.get("/task-filters/last")
def show_last(view: Reader) -> dict[str, str]:
    """What the page of your tasks showed last, to go on from there; empty the first time."""
    return looked_at_last(view) or {}


@router.put("/task-filters/last", status_code=204, responses=ACT_PROBLEMS)
def remember_last(asked: FilterContent, bus: Bus, person: Person, request: RequestId) -> Response:
    """Let the page of your tasks begin with this the next time."""
    bus.handle(RememberView(asked.plain()), person.actor, request=request)
    return Response(status_code=204)


@router.post("/task-filters", status_code=201, responses=ACT_PROBLEMS)
def save_filter(asked: NewFilter, bus: Bus, person: Person, request: RequestId) -> FilterDone:
    """Keep a filter under a name. It holds no right: whoever uses it sees what he or she may."""
    command = SaveFilter(asked.name, asked.content.plain(), asked.organisation, asked.procurement)
    return FilterDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post("/task-filters/{filter}/remove", responses=ACT_PROBLEMS)
def remove_filter(filter: IdInPath, bus: Bus, person: Person, request: RequestId) -> FilterDone:  # noqa: A002 - the name in the address
    """Take away a filter of your own, or one you may share with your organisation."""
    command = RemoveFilter(filter)
    return FilterDone.model_validate(bus.handle(command, person.actor, request=request))
