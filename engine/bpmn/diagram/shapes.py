"""Shapes by kind: lanes, activities, events, gateways, annotations, and the signs of state."""

from engine.bpmn.diagram.geometry import Box, Shape
from engine.bpmn.diagram.palette import SIGNS
from engine.bpmn.diagram.picture import (
    NO_STATE,
    Picture,
    boxed,
    draw_lines,
    draw_path,
    rect,
    stroke,
    tint,
)
from engine.bpmn.diagram.symbols import TASK_ICONS, event_symbol, gateway_symbol, marker_row
from engine.bpmn.diagram.text import LINE_HEIGHT, escape, width_of, wrap
from engine.bpmn.document import Node, bpmn_children, local_name
from engine.bpmn.names import ACTIVITIES, EVENTS, GATEWAYS, SUB_PROCESSES

_BAND = 30
"""Width of the strip that bears the name of a pool or lane."""


def draw_shape(picture: Picture, shape: Shape) -> str:
    """The shape with its name and the signs of its state."""
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
    return body + _sign(picture, shape) + _temperature(picture, shape)


def _band(picture: Picture, shape: Shape) -> str:
    """A pool or lane with its name along the left (or upper) edge."""
    box, ink = shape.box, picture.palette.ink
    frame = f'{rect(box)} fill="none" stroke="{ink}" stroke-opacity="0.6"/>'
    name = picture.name(shape.element)
    if not shape.horizontal:
        lines = wrap(name, box.width - 8, 2)
        return frame + draw_lines(lines, box.x + box.width / 2, box.y + _BAND / 2, "middle")
    lines = wrap(name, box.height - 8, 2)
    x, y = box.x + _BAND / 2, box.y + box.height / 2
    turned = draw_lines(lines, x, y, "middle")
    divider = (
        f'<path d="M{box.x + _BAND:g} {box.y:g}v{box.height:g}" stroke="{ink}"'
        ' stroke-opacity="0.6"/>'
    )
    return f'{frame}{divider}<g transform="rotate(-90 {x:g} {y:g})">{turned}</g>'


def _activity(picture: Picture, shape: Shape) -> str:
    box, key = shape.box, shape.element
    kind, node = picture.kind(key), picture.node(key)
    width = 4 if kind == "callActivity" else 1.5
    outline = rect(box, 8)
    dashed = ' stroke-dasharray="6 4"' if _by_event(node) else ""
    opened = kind in SUB_PROCESSES and shape.expanded
    surface = f'fill="{picture.palette.surface}"' + (' fill-opacity="0.5"' if opened else "")
    parts = [
        f"{outline} {surface} {stroke(picture, key, width)}{dashed}/>",
        "" if opened else tint(picture, key, outline),
        _icon(picture, kind, box),
    ]
    markers = _markers(picture, shape)
    if markers:
        path = marker_row(markers, (box.x + box.width / 2, box.bottom - 10))
        parts.append(draw_path(picture, path, filled=False))
    if opened:
        lines = wrap(picture.name(key), box.width - 20, 1)
        parts.append(draw_lines(lines, box.x + box.width / 2, box.y + 14, "middle"))
    else:
        parts.append(_inside(picture, key, box, bool(markers)))
    return "".join(parts)


def _inside(picture: Picture, key: str, box: Box, has_markers: bool) -> str:
    """The name of an activity, wrapped into it."""
    room = box.height - (22 if has_markers else 8)
    lines = wrap(picture.name(key), box.width - 10, max(1, int(room // LINE_HEIGHT)))
    middle = box.y + box.height / 2 - (6 if has_markers else 0)
    return draw_lines(lines, box.x + box.width / 2, middle, "middle")


def _by_event(node: Node | None) -> bool:
    return node is not None and node.element.get("triggeredByEvent") == "true"


def _icon(picture: Picture, kind: str, box: Box) -> str:
    path, filled = TASK_ICONS.get(kind, ("", False))
    if not path:
        return ""
    drawn = draw_path(picture, path, filled=filled)
    return f'<g transform="translate({box.x + 5:g} {box.y + 5:g})">{drawn}</g>'


def _markers(picture: Picture, shape: Shape) -> tuple[str, ...]:
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


def _event(picture: Picture, shape: Shape) -> str:
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
        f'{outline} fill="{picture.palette.surface}" {stroke(picture, key, thick)}{dashed}/>',
        tint(picture, key, outline),
    ]
    if kind not in ("startEvent", "endEvent"):
        parts.append(f'{inner} fill="none" stroke="{picture.palette.ink}"{dashed}/>')
    if node is not None:
        thrown = kind in ("endEvent", "intermediateThrowEvent")
        path, filled = event_symbol(node.event, (x, y), thrown=thrown)
        parts.append(draw_path(picture, path, filled=filled) if path else "")
    return "".join(parts) + _label(picture, shape)


def _gateway(picture: Picture, shape: Shape) -> str:
    box, key = shape.box, shape.element
    x, y = box.centre
    outline = (
        f'<path d="M{x:g} {box.y:g}L{box.right:g} {y:g}L{x:g} {box.bottom:g}L{box.x:g} {y:g}z"'
    )
    path, filled = gateway_symbol(picture.kind(key), (x, y))
    heavy = 3.0 if picture.kind(key) in ("exclusiveGateway", "parallelGateway") else 1.5
    symbol = draw_path(picture, path, filled=filled, width=heavy) if path else ""
    return (
        f'{outline} fill="{picture.palette.surface}" {stroke(picture, key, 1.5)}/>'
        f"{tint(picture, key, outline)}{symbol}{_label(picture, shape)}"
    )


def _annotation(picture: Picture, shape: Shape) -> str:
    box = shape.box
    element = picture.elements[shape.element]
    written = "".join(
        str(text) for each in bpmn_children(element, "text") for text in each.itertext()
    )
    said = picture.texts.get(f"{shape.element}.text", " ".join(written.split()))
    lines = wrap(said, box.width - 10, max(1, int(box.height // LINE_HEIGHT)))
    bracket = f"M{box.x + 10:g} {box.y:g}h-10v{box.height:g}h10"
    top = box.y + len(lines) * LINE_HEIGHT / 2 + 2
    return draw_path(picture, bracket, filled=False) + draw_lines(lines, box.x + 6, top, "start")


def _other(picture: Picture, shape: Shape) -> str:
    """A group, a data object or anything else that is only drawn."""
    frame = f'{rect(shape.box, 8)} fill="none" stroke="{picture.palette.ink}"'
    return f'{frame} stroke-dasharray="8 4 2 4"/>' + _label(picture, shape)


def _label(picture: Picture, shape: Shape) -> str:
    """The name of an event or gateway: where the diagram says, else below it."""
    name = picture.name(shape.element)
    if not name:
        return ""
    if shape.label is not None:
        return boxed(name, shape.label)
    lines = wrap(name, 100, 3)
    middle = shape.box.bottom + 4 + len(lines) * LINE_HEIGHT / 2
    return draw_lines(lines, shape.box.x + shape.box.width / 2, middle, "middle", "bpmn-label")


def _sign(picture: Picture, shape: Shape) -> str:
    """The sign of the gravest states on the upper right corner, and the number of tokens."""
    state = picture.states.get(shape.element, NO_STATE)
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


def _temperature(picture: Picture, shape: Shape) -> str:
    """How warm the element is, in figures on its upper edge: colour never says it alone."""
    heat = picture.heat.get(shape.element)
    if heat is None or not heat.label:
        return ""
    width = width_of(heat.label) + 10
    right = shape.box.right + 8
    return (
        '<g class="bpmn-temperature">'
        f'<rect x="{right - width:g}" y="{shape.box.y - 10:g}" width="{width:g}" height="18" rx="9"'
        f' fill="{picture.palette.surface}" stroke="{picture.palette.heat}"/>'
        f'<text x="{right - width / 2:g}" y="{shape.box.y + 3:g}" text-anchor="middle"'
        f' font-weight="600">{escape(heat.label)}</text></g>'
    )
