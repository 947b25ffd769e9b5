"""Draws one plane of a BPMN file: lanes first, then flows, then shapes, then signs of state."""

import re
from collections.abc import Iterator, Mapping, Sequence

from engine.bpmn.diagram.edges import arrowheads, draw_edge
from engine.bpmn.diagram.geometry import Plane, Shape, read_planes
from engine.bpmn.diagram.palette import PAGE, ElementState, Heat, Palette
from engine.bpmn.diagram.picture import NO_STATE, Picture
from engine.bpmn.diagram.shapes import draw_shape
from engine.bpmn.diagram.text import FONT_SIZE, escape
from engine.bpmn.document import read_document
from engine.bpmn.names import SUB_PROCESSES
from engine.bpmn.xml import Element, read_xml
from engine.errors import InvalidInputError, NotFoundError

_MARGIN = 12
_NOT_AN_ID = re.compile(r"[^A-Za-z0-9-]")


def planes(bpmn_xml: bytes) -> tuple[str, ...]:
    """Ids of what has a picture: the process or its collaboration first, then collapsed
    sub-processes. Raises `InvalidInputError`."""
    return tuple(plane.element for plane in read_planes(_root(bpmn_xml)))


def render_svg(  # noqa: PLR0913 - every argument but the first has a default
    bpmn_xml: bytes,
    *,
    plane: str | None = None,
    states: Mapping[str, ElementState] | None = None,
    title: str = "",
    texts: Mapping[str, str] | None = None,
    links: Mapping[str, str] | None = None,
    language: str = "nb",
    palette: Palette = PAGE,
    heat: Mapping[str, Heat] | None = None,
) -> str:
    """The picture of one plane (the first unless `plane` names another) as an `<svg>` element.

    `states`, `heat` and `links` (href) are keyed by element id, `texts` by `<id>.name` as in the
    file of English texts. Raises `InvalidInputError` where the file cannot be read or drawn,
    `NotFoundError` where it has no such plane.
    """
    root = _root(bpmn_xml)
    document = read_document(root, "diagram")
    drawn = _chosen(read_planes(root), plane)
    picture = Picture(
        document=document,
        plane=drawn,
        states=states or {},
        texts=texts or {},
        links=links or {},
        language=language,
        palette=palette,
        prefix="bpmn-" + _NOT_AN_ID.sub("-", drawn.element),
        elements=document.ids,
        heat=heat or {},
    )
    return _svg(picture, title or picture.name(drawn.element) or "BPMN")


def _root(bpmn_xml: bytes) -> Element:
    root, findings = read_xml(bpmn_xml, "diagram")
    if root is None:
        raise InvalidInputError("; ".join(str(found) for found in findings))
    return root


def _chosen(found: Sequence[Plane], wanted: str | None) -> Plane:
    for plane in found:
        if wanted is None or plane.element == wanted:
            return plane
    raise NotFoundError("diagram", wanted or "")


def _svg(picture: Picture, title: str) -> str:
    box = picture.plane.bounds()
    left, top = box.x - _MARGIN, box.y - _MARGIN
    width, height = box.width + 2 * _MARGIN, box.height + 2 * _MARGIN
    role = "group" if picture.links else "img"
    summary = _summary(picture)
    about = f' aria-describedby="{picture.prefix}-desc"' if summary else ""
    description = f'<desc id="{picture.prefix}-desc">{escape(summary)}</desc>' if summary else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="bpmn" role="{role}"'
        f' aria-label="{escape(title)}"{about}'
        f' viewBox="{left:g} {top:g} {width:g} {height:g}" width="{width:g}" height="{height:g}"'
        f' font-family="Inter, Arial, sans-serif" font-size="{FONT_SIZE}"'
        f' fill="{picture.palette.ink}" stroke="none">'
        f"{description}{arrowheads(picture)}{''.join(_parts(picture))}</svg>"
    )


def _summary(picture: Picture) -> str:
    """Where the tokens are, in words, in the order of the drawing."""
    said = []
    for shape in picture.plane.shapes:
        state = picture.states.get(shape.element, NO_STATE)
        if state.active or state.failed or state.late or state.waiting:
            name = picture.name(shape.element) or shape.element
            said.append(f"{name}: {state.describe(picture.language)}")
    return "; ".join(said)


def _parts(picture: Picture) -> Iterator[str]:
    """All drawn elements, from the bottom to the top."""
    ordered = sorted(picture.plane.shapes, key=lambda shape: _layer(picture, shape))
    below = [shape for shape in ordered if _layer(picture, shape)[0] < 4]
    above = [shape for shape in ordered if _layer(picture, shape)[0] >= 4]
    yield from (_drawn(picture, shape.element, draw_shape(picture, shape)) for shape in below)
    for edge in picture.plane.edges:
        if len(edge.points) > 1:
            yield _drawn(picture, edge.element, draw_edge(picture, edge))
    yield from (_drawn(picture, shape.element, draw_shape(picture, shape)) for shape in above)


def _layer(picture: Picture, shape: Shape) -> tuple[int, float]:
    """Pools, lanes, open sub-processes (large ones first) under flows; boundary events on top."""
    kind = picture.kind(shape.element)
    area = -shape.box.width * shape.box.height
    if kind == "participant":
        return 0, area
    if kind == "lane":
        return 1, area
    if kind in SUB_PROCESSES and shape.expanded:
        return 2, area
    if kind == "group":
        return 3, area
    return (6 if kind == "boundaryEvent" else 5), area


def _drawn(picture: Picture, element_id: str, body: str) -> str:
    """One element with its title and classes, as a link where it has one."""
    state = picture.states.get(element_id, NO_STATE)
    kind = picture.kind(element_id) or "other"
    classes = " ".join(["bpmn-element", f"bpmn-{kind}", *(f"is-{name}" for name in state.names)])
    heat = picture.heat.get(element_id)
    words = (picture.name(element_id), state.describe(picture.language), heat.said if heat else "")
    said = ": ".join(part for part in words if part)
    title = f"<title>{escape(said)}</title>" if said else ""
    group = f'<g class="{classes}" data-element="{escape(element_id)}">{title}{body}</g>'
    href = picture.links.get(element_id)
    return f'<a href="{escape(href)}">{group}</a>' if href else group
