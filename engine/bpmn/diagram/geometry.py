"""The drawn part of a BPMN file (DI): where each shape, edge and label of a plane lies."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.document import local_name, namespace, reference
from engine.bpmn.names import BPMNDI, DC, DI
from engine.bpmn.xml import Element
from engine.errors import InvalidInputError


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in diagram units (px)."""

    x: float
    y: float
    width: float
    height: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height


Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shape:
    element: str
    box: Box
    label: Box | None
    expanded: bool
    horizontal: bool


@dataclass(frozen=True, slots=True)
class Edge:
    element: str
    points: tuple[Point, ...]
    label: Box | None


@dataclass(frozen=True, slots=True)
class Plane:
    """One picture: that of the process (or its collaboration) or of a collapsed sub-process."""

    element: str
    shapes: tuple[Shape, ...]
    edges: tuple[Edge, ...]

    def bounds(self) -> Box:
        """The rectangle that holds everything."""
        boxes = [shape.box for shape in self.shapes]
        boxes += [shape.label for shape in self.shapes if shape.label]
        boxes += [edge.label for edge in self.edges if edge.label]
        boxes += [Box(x, y, 0, 0) for edge in self.edges for x, y in edge.points]
        if not boxes:
            return Box(0, 0, 0, 0)
        left, top = min(box.x for box in boxes), min(box.y for box in boxes)
        right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
        return Box(left, top, right - left, bottom - top)


def read_planes(root: Element) -> tuple[Plane, ...]:
    """Every plane of the file, in its order. Raises `InvalidInputError` for a place that is no
    number."""
    return tuple(_plane(plane) for plane in root.iter(f"{{{BPMNDI}}}BPMNPlane"))


def _plane(plane: Element) -> Plane:
    return Plane(
        element=reference(plane.get("bpmnElement")),
        shapes=tuple(_shapes(plane)),
        edges=tuple(
            Edge(
                reference(edge.get("bpmnElement")),
                tuple(
                    (_number(point, "x"), _number(point, "y"))
                    for point in edge.iterchildren(f"{{{DI}}}waypoint")
                ),
                _label(edge),
            )
            for edge in plane.iterchildren(f"{{{BPMNDI}}}BPMNEdge")
        ),
    )


def _shapes(plane: Element) -> Iterator[Shape]:
    for shape in plane.iterchildren(f"{{{BPMNDI}}}BPMNShape"):
        box = _bounds(shape)
        if box is None:
            continue
        yield Shape(
            element=reference(shape.get("bpmnElement")),
            box=box,
            label=_label(shape),
            expanded=shape.get("isExpanded") == "true",
            horizontal=shape.get("isHorizontal", "true") == "true",
        )


def _label(drawn: Element) -> Box | None:
    for label in drawn.iterchildren(f"{{{BPMNDI}}}BPMNLabel"):
        return _bounds(label)
    return None


def _bounds(holder: Element) -> Box | None:
    for bounds in holder:
        if namespace(bounds) == DC and local_name(bounds) == "Bounds":
            x, y, width, height = (_number(bounds, n) for n in ("x", "y", "width", "height"))
            return Box(x, y, width, height)
    return None


def _number(element: Element, name: str) -> float:
    text = element.get(name, "")
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or abs(number) > 1_000_000:
        raise InvalidInputError(
            f'Line {element.sourceline} of the diagram: {name}="{text}" is no place in a'
            " picture. Lay the model out again in a BPMN tool.",
            line=element.sourceline or 0,
            attribute=name,
        )
    return number
