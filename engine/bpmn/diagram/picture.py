"""What all drawn parts share: the picture under way, lines by state, paths and text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from engine.bpmn.diagram.geometry import Box, Plane
from engine.bpmn.diagram.palette import ElementState, Heat, Palette
from engine.bpmn.diagram.text import FONT_SIZE, LINE_HEIGHT, escape, wrap
from engine.bpmn.document import Document, Node, local_name
from engine.bpmn.xml import Element

NO_STATE = ElementState()
_COLDEST, _WARMEST = 0.08, 0.6  # the name stays readable on the warmest


@dataclass(frozen=True, slots=True)
class Picture:
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
    heat: Mapping[str, Heat] = field(default_factory=dict)

    def name(self, element_id: str) -> str:
        element = self.elements.get(element_id)
        own = "" if element is None else element.get("name", "")
        return self.texts.get(f"{element_id}.name", own)

    def kind(self, element_id: str) -> str:
        element = self.elements.get(element_id)
        return "" if element is None else local_name(element)

    def node(self, element_id: str) -> Node | None:
        return self.document.nodes.get(element_id)


def stroke(picture: Picture, element_id: str, width: float) -> str:
    """Line of a shape: the ink, or the colour of its gravest state and heavier."""
    state = picture.states.get(element_id, NO_STATE)
    if not state.names:
        return f'stroke="{picture.palette.ink}" stroke-width="{width:g}"'
    heavier = width + (1.5 if state.names[0] != "done" else 0.5)
    return f'stroke="{picture.palette.states[state.names[0]]}" stroke-width="{heavier:g}"'


def tint(picture: Picture, element_id: str, outline: str) -> str:
    """A wash over the shape `outline` (an element without its end): of the state's colour, or the
    stronger the warmer it is."""
    heat = picture.heat.get(element_id)
    if heat is not None:
        opacity = _COLDEST + (_WARMEST - _COLDEST) * heat.share
        colour = picture.palette.heat
        return f'{outline} class="bpmn-heat" fill="{colour}" fill-opacity="{opacity:.2f}"/>'
    state = picture.states.get(element_id, NO_STATE)
    if not state.names:
        return ""
    colour = picture.palette.states[state.names[0]]
    return f'{outline} class="bpmn-tint" fill="{colour}" fill-opacity="0.12"/>'


def rect(box: Box, radius: float = 0, inset: float = 0) -> str:
    return (
        f'<rect x="{box.x + inset:g}" y="{box.y + inset:g}" width="{box.width - 2 * inset:g}"'
        f' height="{box.height - 2 * inset:g}" rx="{radius:g}"'
    )


def draw_path(picture: Picture, path: str, *, filled: bool, width: float = 1.2) -> str:
    ink = picture.palette.ink
    if filled:
        return f'<path d="{path}" fill="{ink}"/>'
    return (
        f'<path d="{path}" fill="none" stroke="{ink}" stroke-width="{width:g}"'
        ' stroke-linejoin="round"/>'
    )


def boxed(name: str, box: Box) -> str:
    """A label in its place. A tool may have measured another font: it may grow downwards."""
    lines = wrap(name, max(box.width + 6, 40), 4)
    middle = box.y + max(box.height, len(lines) * LINE_HEIGHT) / 2
    return draw_lines(lines, box.x + box.width / 2, middle, "middle", "bpmn-label")


def draw_lines(
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
