"""The signs of BPMN as SVG paths, drawn around a centre or from a corner."""

from collections.abc import Mapping
from typing import Final

from engine.bpmn.diagram.geometry import Point

_USER = "M0 15c0-5 2.5-7 6-7s6 2 6 7zM9.5 4.5a3.5 3.5 0 1 1-7 0a3.5 3.5 0 1 1 7 0z"
_HAND = (
    "M1 6l5-4q2-1 2 1l-1.5 1.5h6q1.5 0 1.5 1.2t-1.5 1.3h1q1.3 0 1.3 1.2t-1.3 1.3h-.6q1 0 1 1.1"
    "t-1.2 1.2h-.5q.8 0 .8 1t-1 1H5q-2 0-4-3z"
)
_GEAR = (
    "M6 0h2v2h-2zM6 11h2v2h-2zM0 5.5h2v2h-2zM12 5.5h2v2h-2zM1.5 2.5l1.4-1.4 1.4 1.4"
    "-1.4 1.4zM9.7 10.5l1.4-1.4 1.4 1.4-1.4 1.4zM9.7 2.5l1.4-1.4 1.4 1.4"
    "-1.4 1.4zM1.5 10.5l1.4-1.4 1.4 1.4-1.4 1.4zM11 6.5a4 4 0 1 1-8 0a4 4 0 1 1 8 0z"
    "M8.5 6.5a1.5 1.5 0 1 1-3 0a1.5 1.5 0 1 1 3 0z"
)
_TABLE = "M0 1h15v11H0zM0 4.5h15M0 8.2h15M4.5 4.5v7.5"
_ENVELOPE = "M0 1h15v10H0zM0 1l7.5 6L15 1"
_FULL_ENVELOPE = "M0 1h15L7.5 6.5zM0 2.5V11h15V2.5L7.5 8z"
_SCROLL = "M3 0h9q-4 3 0 6.5t0 6.5H3q4-3.5 0-6.5t0-6.5zM4 3h5M5 6.5h5M5.5 10h5"

TASK_ICONS: Final[Mapping[str, tuple[str, bool]]] = {
    "userTask": (_USER, False),
    "manualTask": (_HAND, False),
    "serviceTask": (_GEAR, False),
    "businessRuleTask": (_TABLE, False),
    "receiveTask": (_ENVELOPE, False),
    "sendTask": (_FULL_ENVELOPE, True),
    "scriptTask": (_SCROLL, False),
}
"""Path from the top left corner of the icon, and whether it is filled."""


def event_symbol(event: str, centre: Point, *, thrown: bool) -> tuple[str, bool]:
    """Path of what an event is about, and whether it is filled (thrown events are)."""
    x, y = centre
    path = _EVENTS.get(event, "")
    filled = (thrown and event != "timer") or event == "terminate"
    return (_moved(path, x, y), filled) if path else ("", False)


_EVENTS: Final[Mapping[str, str]] = {
    "message": "-8 -5.5 h16 v11 h-16 z m0 0 l8 6 l8 -6",
    "timer": "0 -9 a9 9 0 1 1 -0.01 0 z m0 3 v6 l4 2.5",
    "signal": "0 -9 l8.5 14 h-17 z",
    "error": "-7 7 l4.5 -14 l5 8 l4.5 -8 l-4.5 14 l-5 -8 z",
    "escalation": "0 -9 l6.5 16 l-6.5 -6.5 l-6.5 6.5 z",
    "conditional": "-6.5 -8 h13 v16 h-13 z m2.5 4 h8 m-8 4 h8 m-8 4 h8",
    "terminate": "0 -9 a9 9 0 1 1 -0.01 0 z",
    "link": "-8 -3.5 h9 v-4 l7 7.5 l-7 7.5 v-4 h-9 z",
    "cancel": "-7 -4.5 l2.5 -2.5 l4.5 4.5 l4.5 -4.5 l2.5 2.5 l-4.5 4.5 l4.5 4.5"
    " l-2.5 2.5 l-4.5 -4.5 l-4.5 4.5 l-2.5 -2.5 l4.5 -4.5 z",
    "compensation": "-8 0 l8 -6 v12 z m8 0 l8 -6 v12 z",
}
"""Paths whose first point is relative to the centre of the event."""


def gateway_symbol(kind: str, centre: Point) -> tuple[str, bool]:
    """Path inside the diamond, and whether it is filled."""
    x, y = centre
    path, filled = _GATEWAYS.get(kind, ("", False))
    return (_moved(path, x, y), filled) if path else ("", False)


_GATEWAYS: Final[Mapping[str, tuple[str, bool]]] = {
    "exclusiveGateway": ("-7 -9 l14 18 m0 -18 l-14 18", False),
    "parallelGateway": ("0 -11 v22 m-11 -11 h22", False),
    "inclusiveGateway": ("0 -10 a10 10 0 1 1 -0.01 0 z", False),
    "complexGateway": ("0 -10 v20 m-10 -10 h20 m-17 -7 l14 14 m0 -14 l-14 14", False),
    "eventBasedGateway": (
        "0 -12 a12 12 0 1 1 -0.01 0 z m0 3 a9 9 0 1 1 -0.01 0 z m0 3.5 l5.5 4 l-2 6 h-7 l-2 -6 z",
        False,
    ),
}

_MARKERS: Final[Mapping[str, str]] = {
    "sub-process": "-7 -7 h14 v14 h-14 z m7 3 v8 m-4 -4 h8",
    "parallel": "-5 -6 v12 m5 -12 v12 m5 -12 v12",
    "sequential": "-6 -5 h12 m-12 5 h12 m-12 5 h12",
    "loop": "-3 5.5 a6 6 0 1 1 5 0.5 m-5 -0.5 v-4 m0 4 h-4",
}


def marker_row(markers: tuple[str, ...], middle: Point) -> str:
    """The markers of an activity side by side around the middle of its lower edge."""
    x, y = middle
    left = x - 9 * (len(markers) - 1)
    return "".join(
        _moved(_MARKERS[marker], left + 18 * number, y) for number, marker in enumerate(markers)
    )


def _moved(path: str, x: float, y: float) -> str:
    """Put the first point of the path relative to (x, y)."""
    dx, dy, *rest = path.split(" ", 2)
    return f"M{x + float(dx):g} {y + float(dy):g} {' '.join(rest)}"
