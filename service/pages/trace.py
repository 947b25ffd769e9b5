"""The trace from contributions to benefits as a picture: a column for each kind, a line for each
link. Lengths are SVG user units."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

from engine.queries.trace import Node, TracePage

COLUMN: Final = 190
BOX: Final = 158
HEAD: Final = 44
GAP: Final = 14
LINE: Final = 16
CHARACTERS: Final = 22
MOST_LINES: Final = 3
SAG: Final = 44


@dataclass(frozen=True, slots=True)
class Box:
    x: float
    y: float
    height: float
    lines: tuple[str, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Curve:
    """An SVG path from the right side of one box to the left side of another."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    width: float
    height: float
    box: int
    columns: tuple[tuple[float, str], ...]
    boxes: tuple[Box, ...]
    curves: tuple[Curve, ...]


def draw_trace(page: TracePage) -> Picture:
    """Nodes that are linked, those of a kind below each other; the loose ones are in the table."""
    linked = {each for link in page.links for each in (link.source, link.target)}
    boxes = tuple(_boxes(page, linked))
    places = {box.node: box for box in boxes}
    bottom = max((box.y + box.height for box in boxes), default=float(HEAD))
    return Picture(
        width=COLUMN * len(page.columns),
        height=bottom + GAP + SAG / 2,
        box=BOX,
        columns=tuple((float(COLUMN * at), kind) for at, kind in enumerate(page.columns)),
        boxes=boxes,
        curves=tuple(
            Curve(
                _path(places[link.source], places[link.target]),
                f"{link.source.text} → {link.target.text}",
            )
            for link in page.links
        ),
    )


def _boxes(page: TracePage, linked: set[Node]) -> Iterator[Box]:
    for at, kind in enumerate(page.columns):
        y = float(HEAD)
        known = page.nodes[kind]
        others = sorted(
            (each for each in linked if each.kind == kind and each not in known),
            key=lambda node: node.id,
        )
        for node in (*known, *others):
            if node not in linked:
                continue
            lines = shortened(node.text)
            height = len(lines) * LINE + GAP
            yield Box(float(COLUMN * at), y, height, lines, node)
            y += height + GAP


def shortened(text: str) -> tuple[str, ...]:
    """What fits in a box; the table has the whole text."""
    lines: Sequence[str] = wrap(text, CHARACTERS) or [""]
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    return (*lines[: MOST_LINES - 1], lines[MOST_LINES - 1][: CHARACTERS - 1].rstrip() + "…")


def _path(source: Box, target: Box) -> str:
    x1, y1 = source.x + BOX, source.y + source.height / 2
    x2, y2 = target.x, target.y + target.height / 2
    middle = (x1 + x2) / 2
    if x2 - x1 > COLUMN:  # past a column: below its boxes, so that none seems to be on the way
        low = max(y1, y2) + SAG
        return f"M{x1:g} {y1:g}C{x1 + SAG:g} {low:g} {x2 - SAG:g} {low:g} {x2:g} {y2:g}"
    return f"M{x1:g} {y1:g}C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
