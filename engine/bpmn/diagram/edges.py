"""Flows and associations: lines with their heads, dashes and labels."""

from collections.abc import Sequence
from itertools import pairwise

from engine.bpmn.diagram.geometry import Edge, Point
from engine.bpmn.diagram.picture import Picture, boxed, draw_lines
from engine.bpmn.diagram.text import wrap
from engine.bpmn.document import Node


def draw_edge(picture: Picture, edge: Edge) -> str:
    """The line with its label."""
    kind = picture.kind(edge.element)
    course = "M" + "L".join(f"{x:g} {y:g}" for x, y in edge.points)
    line = (
        f'<path d="{course}" fill="none" stroke="{picture.palette.ink}" stroke-width="1.5"'
        f' stroke-linejoin="round"{_ends(picture, edge, kind)}/>'
    )
    return line + _edge_label(picture, edge)


def arrowheads(picture: Picture) -> str:
    """The heads of lines, defined once for the picture."""
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


def _ends(picture: Picture, edge: Edge, kind: str) -> str:
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


def _edge_label(picture: Picture, edge: Edge) -> str:
    name = picture.name(edge.element)
    if not name:
        return ""
    if edge.label is not None:
        return boxed(name, edge.label)
    x, y = _middle(edge.points)
    return draw_lines(wrap(name, 90, 2), x, y - 8, "middle", "bpmn-label")


def _middle(points: Sequence[Point]) -> Point:
    """The middle of the longest leg, where a label has most room."""
    legs = list(pairwise(points))
    (x1, y1), (x2, y2) = max(
        legs, key=lambda leg: abs(leg[0][0] - leg[1][0]) + abs(leg[0][1] - leg[1][1])
    )
    return (x1 + x2) / 2, (y1 + y2) / 2
