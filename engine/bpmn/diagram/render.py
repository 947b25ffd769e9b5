"""Draws one plane of a BPMN file: lanes first, then flows, then shapes, then signs of state."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from engine.bpmn.diagram.geometry import Box, Edge, Plane, Point, Shape, read_planes
from engine.bpmn.diagram.palette import PAGE, SIGNS, ElementState, Palette
from engine.bpmn.diagram.symbols import (
    TASK_ICONS,
    event_symbol,
    gateway_symbol,
    marker_row,
)
from engine.bpmn.diagram.text import FONT_SIZE, LINE_HEIGHT, escape, width_of, wrap
from engine.bpmn.document import Document, Node, bpmn_children, local_name, read_document
from engine.bpmn.names import ACTIVITIES, EVENTS, GATEWAYS, SUB_PROCESSES
from engine.bpmn.xml import Element, read_xml
from engine.errors import InvalidInputError, NotFoundError

_MARGIN = 12
_BAND = 30
_NO_STATE = ElementState()
_NOT_AN_ID = re.compile(r"[^A-Za-z0-9-]")


@dataclass(frozen=True, slots=True)
class _Picture:
    """Everything the drawing functions need to know."""

    document: Document
    plane: Plane
    states: Mapping[str, ElementState]
    texts: Mapping[str, str]
    links: Mapping[str, str]
    language: str
    palette: Palette
    prefix: str
    elements: Mapping[str, Element] = field(default_factory=dict)

    def name(self, element_id: str) -> str:
        element = self.elements.get(element_id)
        own = "" if element is None else element.get("name", "")
        return self.texts.get(f"{element_id}.name", own)

    def kind(self, element_id: str) -> str:
        element = self.elements.get(element_id)
        return "" if element is None else local_name(element)

    def node(self, element_id: str) -> Node | None:
        return self.document.nodes.get(element_id)


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
) -> str:
    """The picture of one plane (the first unless `plane` names another) as an `<svg>` element.

    `states` and `links` (href) are keyed by element id, `texts` by `<id>.name` as in the file of
    English texts. Raises `InvalidInputError` where the file cannot be read or drawn,
    `NotFoundError` where it has no such plane.
    """
    root = _root(bpmn_xml)
    document = read_document(root, "diagram")
    drawn = _chosen(read_planes(root), plane)
    picture = _Picture(
        document=document,
        plane=drawn,
        states=states or {},
        texts=texts or {},
        links=links or {},
        language=language,
        palette=palette,
        prefix="bpmn-" + _NOT_AN_ID.sub("-", drawn.element),
        elements=document.ids,
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


def _svg(picture: _Picture, title: str) -> str:
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
        f"{description}{_arrowheads(picture)}{''.join(_parts(picture))}</svg>"
    )


def _summary(picture: _Picture) -> str:
    """Where the tokens are, in words, in the order of the drawing."""
    said = []
    for shape in picture.plane.shapes:
        state = picture.states.get(shape.element, _NO_STATE)
        if state.active or state.failed or state.late or state.waiting:
            name = picture.name(shape.element) or shape.element
            said.append(f"{name}: {state.describe(picture.language)}")
    return "; ".join(said)


def _arrowheads(picture: _Picture) -> str:
    ink, prefix = picture.palette.ink, picture.prefix
    common = 'viewBox="0 0 10 10" markerWidth="8" markerHeight="8" orient="auto"'
    surface = picture.palette.surface
    return (
        f'<defs><marker id="{prefix}-arrow" refX="9.5" refY="5" {common}>'
        f'<path d="M0 1l10 4l-10 4z" fill="{ink}"/></marker>'
        f'<marker id="{prefix}-open" refX="9.5" refY="5" {common}>'
        f'<path d="M1 1l8.5 4l-8.5 4z" fill="{surface}" stroke="{ink}"/></marker>'
        f'<marker id="{prefix}-slash" refX="-4" refY="5" {common}>'
        f'<path d="M1 9l4-8" stroke="{ink}" stroke-width="1.5"/></marker></defs>'
    )


def _parts(picture: _Picture) -> Iterator[str]:
    """All drawn elements, from the bottom to the top."""
    ordered = sorted(picture.plane.shapes, key=lambda shape: _layer(picture, shape))
    below = [shape for shape in ordered if _layer(picture, shape)[0] < 4]
    above = [shape for shape in ordered if _layer(picture, shape)[0] >= 4]
    yield from (_shape(picture, shape) for shape in below)
    yield from (_edge(picture, edge) for edge in picture.plane.edges)
    yield from (_shape(picture, shape) for shape in above)


def _layer(picture: _Picture, shape: Shape) -> tuple[int, float]:
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


def _shape(picture: _Picture, shape: Shape) -> str:
    kind = picture.kind(shape.element)
    if kind in ("participant", "lane"):
        body = _band(picture, shape)
    elif kind in EVENTS:
        body = _event(picture, shape)
    elif kind in GATEWAYS:
        body = _gateway(picture, shape)
    elif kind in ACTIVITIES:
        body = _activity(picture, shape)
    elif kind == "textAnnotation":
        body = _annotation(picture, shape)
    else:
        body = _other(picture, shape)
    return _group(picture, shape.element, kind, body + _sign(picture, shape))


def _group(picture: _Picture, element_id: str, kind: str, body: str) -> str:
    """One element with its title and classes, as a link where it has one."""
    state = picture.states.get(element_id, _NO_STATE)
    classes = " ".join(["bpmn-element", f"bpmn-{kind}", *(f"is-{name}" for name in state.names)])
    said = ": ".join(
        part for part in (picture.name(element_id), state.describe(picture.language)) if part
    )
    title = f"<title>{escape(said)}</title>" if said else ""
    group = f'<g class="{classes}" data-element="{escape(element_id)}">{title}{body}</g>'
    href = picture.links.get(element_id)
    return f'<a href="{escape(href)}">{group}</a>' if href else group


def _stroke(picture: _Picture, element_id: str, width: float) -> str:
    """Line of a shape: the ink, or the colour of its gravest state and heavier."""
    state = picture.states.get(element_id, _NO_STATE)
    if not state.names:
        return f'stroke="{picture.palette.ink}" stroke-width="{width:g}"'
    heavier = width + (1.5 if state.names[0] != "done" else 0.5)
    return f'stroke="{picture.palette.states[state.names[0]]}" stroke-width="{heavier:g}"'


def _tint(picture: _Picture, element_id: str, outline: str) -> str:
    """A light wash of the state's colour over the shape `outline` (an element without its end)."""
    state = picture.states.get(element_id, _NO_STATE)
    if not state.names:
        return ""
    colour = picture.palette.states[state.names[0]]
    return f'{outline} class="bpmn-tint" fill="{colour}" fill-opacity="0.12"/>'


def _rect(box: Box, radius: float = 0, inset: float = 0) -> str:
    return (
        f'<rect x="{box.x + inset:g}" y="{box.y + inset:g}" width="{box.width - 2 * inset:g}"'
        f' height="{box.height - 2 * inset:g}" rx="{radius:g}"'
    )


def _band(picture: _Picture, shape: Shape) -> str:
    """A pool or lane with its name along the left (or upper) edge."""
    box, ink = shape.box, picture.palette.ink
    frame = f'{_rect(box)} fill="none" stroke="{ink}" stroke-opacity="0.6"/>'
    name = picture.name(shape.element)
    if not shape.horizontal:
        lines = wrap(name, box.width - 8, 2)
        return frame + _lines(lines, box.x + box.width / 2, box.y + _BAND / 2, "middle")
    lines = wrap(name, box.height - 8, 2)
    x, y = box.x + _BAND / 2, box.y + box.height / 2
    turned = _lines(lines, x, y, "middle")
    divider = (
        f'<path d="M{box.x + _BAND:g} {box.y:g}v{box.height:g}" stroke="{ink}"'
        ' stroke-opacity="0.6"/>'
    )
    return f'{frame}{divider}<g transform="rotate(-90 {x:g} {y:g})">{turned}</g>'


def _activity(picture: _Picture, shape: Shape) -> str:
    box, key = shape.box, shape.element
    kind, node = picture.kind(key), picture.node(key)
    width = 4 if kind == "callActivity" else 1.5
    outline = _rect(box, 8)
    dashed = ' stroke-dasharray="6 4"' if _by_event(node) else ""
    opened = kind in SUB_PROCESSES and shape.expanded
    surface = f'fill="{picture.palette.surface}"' + (' fill-opacity="0.5"' if opened else "")
    parts = [
        f"{outline} {surface} {_stroke(picture, key, width)}{dashed}/>",
        "" if opened else _tint(picture, key, outline),
        _icon(picture, kind, box),
    ]
    markers = _markers(picture, shape)
    if markers:
        path = marker_row(markers, (box.x + box.width / 2, box.bottom - 10))
        parts.append(_path(picture, path, filled=False))
    if opened:
        lines = wrap(picture.name(key), box.width - 20, 1)
        parts.append(_lines(lines, box.x + box.width / 2, box.y + 14, "middle"))
    else:
        parts.append(_inside(picture, key, box, bool(markers)))
    return "".join(parts)


def _inside(picture: _Picture, key: str, box: Box, has_markers: bool) -> str:
    """The name of an activity, wrapped into it."""
    room = box.height - (22 if has_markers else 8)
    lines = wrap(picture.name(key), box.width - 10, max(1, int(room // LINE_HEIGHT)))
    middle = box.y + box.height / 2 - (6 if has_markers else 0)
    return _lines(lines, box.x + box.width / 2, middle, "middle")


def _by_event(node: Node | None) -> bool:
    return node is not None and node.element.get("triggeredByEvent") == "true"


def _icon(picture: _Picture, kind: str, box: Box) -> str:
    path, filled = TASK_ICONS.get(kind, ("", False))
    if not path:
        return ""
    drawn = _path(picture, path, filled=filled)
    return f'<g transform="translate({box.x + 5:g} {box.y + 5:g})">{drawn}</g>'


def _markers(picture: _Picture, shape: Shape) -> tuple[str, ...]:
    node = picture.node(shape.element)
    if node is None:
        return ()
    found = []
    for each in bpmn_children(
        node.element, "multiInstanceLoopCharacteristics", "standardLoopCharacteristics"
    ):
        several = local_name(each) == "multiInstanceLoopCharacteristics"
        sequential = each.get("isSequential") in ("true", "1")
        found.append(("sequential" if sequential else "parallel") if several else "loop")
    if node.kind in SUB_PROCESSES and not shape.expanded:
        found.append("sub-process")
    return tuple(found)


def _event(picture: _Picture, shape: Shape) -> str:
    box, key = shape.box, shape.element
    node = picture.node(key)
    x, y = box.centre
    radius = box.width / 2
    kind = picture.kind(key)
    outline = f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}"'
    inner = f'<circle cx="{x:g}" cy="{y:g}" r="{radius - 3:g}"'
    dashed = "" if node is None or node.interrupting else ' stroke-dasharray="4 3"'
    thick = 3.5 if kind == "endEvent" else 1.5
    parts = [
        f'{outline} fill="{picture.palette.surface}" {_stroke(picture, key, thick)}{dashed}/>',
        _tint(picture, key, outline),
    ]
    if kind not in ("startEvent", "endEvent"):
        parts.append(f'{inner} fill="none" stroke="{picture.palette.ink}"{dashed}/>')
    if node is not None:
        thrown = kind in ("endEvent", "intermediateThrowEvent")
        path, filled = event_symbol(node.event, (x, y), thrown=thrown)
        parts.append(_path(picture, path, filled=filled) if path else "")
    return "".join(parts) + _label(picture, shape)


def _gateway(picture: _Picture, shape: Shape) -> str:
    box, key = shape.box, shape.element
    x, y = box.centre
    outline = (
        f'<path d="M{x:g} {box.y:g}L{box.right:g} {y:g}L{x:g} {box.bottom:g}L{box.x:g} {y:g}z"'
    )
    path, filled = gateway_symbol(picture.kind(key), (x, y))
    heavy = 3.0 if picture.kind(key) in ("exclusiveGateway", "parallelGateway") else 1.5
    symbol = _path(picture, path, filled=filled, width=heavy) if path else ""
    return (
        f'{outline} fill="{picture.palette.surface}" {_stroke(picture, key, 1.5)}/>'
        f"{_tint(picture, key, outline)}{symbol}{_label(picture, shape)}"
    )


def _annotation(picture: _Picture, shape: Shape) -> str:
    box = shape.box
    element = picture.elements[shape.element]
    written = "".join(
        str(text) for each in bpmn_children(element, "text") for text in each.itertext()
    )
    said = picture.texts.get(f"{shape.element}.text", " ".join(written.split()))
    lines = wrap(said, box.width - 10, max(1, int(box.height // LINE_HEIGHT)))
    bracket = f"M{box.x + 10:g} {box.y:g}h-10v{box.height:g}h10"
    top = box.y + len(lines) * LINE_HEIGHT / 2 + 2
    return _path(picture, bracket, filled=False) + _lines(lines, box.x + 6, top, "start")


def _other(picture: _Picture, shape: Shape) -> str:
    """A group, a data object or anything else that is only drawn."""
    frame = f'{_rect(shape.box, 8)} fill="none" stroke="{picture.palette.ink}"'
    return f'{frame} stroke-dasharray="8 4 2 4"/>' + _label(picture, shape)


def _path(picture: _Picture, path: str, *, filled: bool, width: float = 1.2) -> str:
    ink = picture.palette.ink
    if filled:
        return f'<path d="{path}" fill="{ink}"/>'
    return (
        f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="{width:g}"'
        ' stroke-linejoin="round"/>'
    )


def _label(picture: _Picture, shape: Shape) -> str:
    """The name of an event or gateway: where the diagram says, else below it."""
    name = picture.name(shape.element)
    if not name:
        return ""
    if shape.label is not None:
        return _boxed(name, shape.label)
    lines = wrap(name, 100, 3)
    middle = shape.box.bottom + 4 + len(lines) * LINE_HEIGHT / 2
    return _lines(lines, shape.box.x + shape.box.width / 2, middle, "middle", "bpmn-label")


def _boxed(name: str, box: Box) -> str:
    """A label in its place. A tool may have measured another font: it may grow downwards."""
    lines = wrap(name, max(box.width + 6, 40), 4)
    middle = box.y + max(box.height, len(lines) * LINE_HEIGHT) / 2
    return _lines(lines, box.x + box.width / 2, middle, "middle", "bpmn-label")


def _lines(
    lines: Sequence[str], x: float, middle: float, anchor: str, css: str = "bpmn-name"
) -> str:
    """Lines of text whose block is centred on `middle`."""
    if not lines:
        return ""
    first = middle - (len(lines) - 1) * LINE_HEIGHT / 2 + FONT_SIZE * 0.35
    spans = "".join(
        f'<tspan x="{x:g}" y="{first + number * LINE_HEIGHT:g}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return f'<text class="{css}" text-anchor="{anchor}">{spans}</text>'


def _edge(picture: _Picture, edge: Edge) -> str:
    kind = picture.kind(edge.element)
    if len(edge.points) < 2:
        return ""
    path = "M" + "L".join(f"{x:g} {y:g}" for x, y in edge.points)
    line = (
        f'<path d="{path}" fill="none" stroke="{picture.palette.ink}" stroke-width="1.5"'
        f' stroke-linejoin="round"{_ends(picture, edge, kind)}/>'
    )
    return _group(picture, edge.element, kind or "edge", line + _edge_label(picture, edge))


def _ends(picture: _Picture, edge: Edge, kind: str) -> str:
    """Arrowheads and dashes by kind of edge."""
    prefix = picture.prefix
    if kind == "messageFlow":
        return f' stroke-dasharray="8 5" marker-end="url(#{prefix}-open)"'
    if kind != "sequenceFlow":
        return ' stroke-dasharray="1 4" stroke-linecap="round"'
    flow = picture.document.flows.get(edge.element)
    source = picture.node(flow.source) if flow else None
    start = f' marker-start="url(#{prefix}-slash)"' if _is_default(source, edge) else ""
    return f'{start} marker-end="url(#{prefix}-arrow)"'


def _is_default(source: Node | None, edge: Edge) -> bool:
    return source is not None and source.default == edge.element


def _edge_label(picture: _Picture, edge: Edge) -> str:
    name = picture.name(edge.element)
    if not name:
        return ""
    if edge.label is not None:
        return _boxed(name, edge.label)
    x, y = _middle(edge.points)
    return _lines(wrap(name, 90, 2), x, y - 8, "middle", "bpmn-label")


def _middle(points: Sequence[Point]) -> Point:
    """The middle of the longest leg, where a label has most room."""
    legs = list(pairwise(points))
    (x1, y1), (x2, y2) = max(
        legs, key=lambda leg: abs(leg[0][0] - leg[1][0]) + abs(leg[0][1] - leg[1][1])
    )
    return (x1 + x2) / 2, (y1 + y2) / 2


def _sign(picture: _Picture, shape: Shape) -> str:
    """The sign of the gravest states on the upper right corner, and the number of tokens."""
    state = picture.states.get(shape.element, _NO_STATE)
    x, parts = shape.box.right, []
    for name in reversed(state.names):
        sign = str(state.active) if name == "active" else SIGNS[name]
        size = max(18.0, width_of(sign) + 10)
        x -= size + 1
        parts.append(
            f'<g class="bpmn-sign is-{name}">'
            f'<rect x="{x + 6:g}" y="{shape.box.y - 9:g}" width="{size:g}" height="18" rx="9"'
            f' fill="{picture.palette.states[name]}" stroke="{picture.palette.surface}"/>'
            f'<text x="{x + 6 + size / 2:g}" y="{shape.box.y + 4:g}" text-anchor="middle"'
            f' fill="#ffffff" font-weight="700">{sign}</text></g>'
        )
    return "".join(parts)
