"""Where a procurement stands: tokens and states on its models, and the drawings that show them."""

from typing import Annotated

from fastapi import Query
from fastapi.responses import Response

from engine.errors import NotFoundError
from engine.queries.diagrams import Drawing, drawings_of, standing_of
from engine.queries.overview import OPEN, visible_tasks
from engine.queries.view import View, see_at
from engine.queries.where import where_of
from service.api.routing import AsOf, content, make_router
from service.api.shapes import IdInPath, KeyOrNone, Told
from service.dependencies import Reader

router = make_router("procurements")


class Token(Told):
    name: str
    tokens: int


class Diagram(Told):
    """One drawing of the procurement, and where its tokens are, in words. A collapsed sub-process
    has one of its own."""

    id: str
    process: str
    name: str
    is_root: bool
    places: list[Token]


class StateTold(Told):
    """What an element is at. `state` is the gravest of failed, late, active, waiting and done;
    `said` tells all of them in the reader's language."""

    element: str
    name: str
    state: str
    tokens: int
    said: str


class Call(Told):
    """An activity that opens: the process it runs."""

    element: str
    process: str


class ProcessStanding(Told):
    process: str
    name: str
    states: list[StateTold]
    calls: list[Call]


class Standing(Told):
    """`digest` names the version: `GET /processes/versions/{digest}/model.bpmn` draws it."""

    digest: str
    root: str
    processes: list[ProcessStanding]


@router.get("/procurements/{procurement}/where")
def show_where(procurement: IdInPath, view: Reader, as_of: AsOf = None) -> Standing:
    """Each process of the version with its tokens and states; one that has not begun has none."""
    with see_at(view, procurement, as_of) as seen:
        digest = seen.row.definition
        found = standing_of(seen.view, digest, where_of(seen, visible_tasks(seen, *OPEN)))
    root = view.definition(digest).key
    return Standing.model_validate({"digest": digest, "root": root, "processes": found})


@router.get("/procurements/{procurement}/diagrams")
def list_diagrams(procurement: IdInPath, view: Reader, as_of: AsOf = None) -> list[Diagram]:
    """The drawings there are: the process itself and the blocks that are being run."""
    found = _drawings(view, procurement, as_of)
    return [Diagram.model_validate(each) for each in found]


@router.get(
    "/procurements/{procurement}/diagram.svg",
    response_class=Response,
    responses=content("image/svg+xml"),
)
def show_diagram(
    procurement: IdInPath,
    view: Reader,
    process: Annotated[KeyOrNone, Query(description="Which of the drawings; else the root.")] = "",
    as_of: AsOf = None,
) -> Response:
    """The process as an SVG picture, with its tokens and what has been done."""
    found = (
        each
        for each in _drawings(view, procurement, as_of)
        if each.id == process or (not process and each.is_root)
    )
    drawing = next(found, None)
    if drawing is None:
        raise NotFoundError("diagram", process)
    return Response(drawing.svg, media_type="image/svg+xml")


def _drawings(view: View, procurement: str, as_of: AsOf) -> tuple[Drawing, ...]:
    with see_at(view, procurement, as_of) as seen:
        where = where_of(seen, visible_tasks(seen, *OPEN))
        return drawings_of(seen.view, seen.row.definition, where)
