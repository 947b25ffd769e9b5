"""Reading XML that somebody else wrote: no document type, no entities, no network, and caps.

A file that cannot be read safely gives findings, never an exception and never a half-read tree.
Elements keep their source lines (`element.sourceline`).
"""

from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

from engine.bpmn.lint.rules import finding
from engine.finding import Finding

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 60
MAX_NODES = 20_000
_CHUNK = 32 * 1024

Element: TypeAlias = Any
"""An lxml element. The stubs of lxml describe `sourceline` and attribute names wrongly."""


class _RefusedError(Exception):
    def __init__(self, rule: str, line: int, detail: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.line = line
        self.detail = detail


def read_xml(data: bytes, file: str) -> tuple[Element | None, tuple[Finding, ...]]:
    """The root element of `data`, or None and the findings that say why it was refused."""
    try:
        return _parse(data), ()
    except _RefusedError as refused:
        return None, (finding(refused.rule, file, refused.line, detail=refused.detail),)


def _parse(data: bytes) -> Element:
    if not data.strip():
        raise _RefusedError("xml-not-well-formed", 0, "the file is empty")
    if len(data) > MAX_BYTES:
        raise _RefusedError("file-too-large", 0, f"{len(data)} bytes, at most {MAX_BYTES}")
    parser = etree.XMLPullParser(
        events=("start", "end", "comment", "pi"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
    )
    guard = _Guard()
    try:
        for begin in range(0, len(data), _CHUNK):
            parser.feed(data[begin : begin + _CHUNK])
            guard.watch(parser.read_events())
        root = parser.close()
        guard.watch(parser.read_events())
    except etree.XMLSyntaxError as error:
        guard.watch(parser.read_events())
        line = error.lineno or 0
        raise _RefusedError("xml-not-well-formed", line, str(error.msg)) from error
    return root


class _Guard:
    """Counts while the tree grows, so that a hostile file is dropped before it is whole."""

    def __init__(self) -> None:
        self._depth = 0
        self._nodes = 0

    def watch(self, events: Iterator[Any]) -> None:
        for event, element in events:
            self._nodes += event != "end"
            if self._nodes > MAX_NODES:
                detail = f"more than {MAX_NODES} nodes"
                raise _RefusedError("file-too-large", element.sourceline or 0, detail)
            if event == "start":
                self._enter(element)
            elif event == "end":
                self._depth -= 1

    def _enter(self, element: Element) -> None:
        self._depth += 1
        if self._depth == 1 and element.getroottree().docinfo.internalDTD is not None:
            raise _RefusedError("xml-doctype", element.sourceline or 0, "")
        if self._depth > MAX_DEPTH:
            detail = f"deeper than {MAX_DEPTH} levels"
            raise _RefusedError("xml-too-deep", element.sourceline or 0, detail)
