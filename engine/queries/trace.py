"""The trace from what people said, through requirement, criterion and test, to what they got."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.access.policy import Action
from engine.model.contribution import TRACED
from engine.queries.contributions import children_of, ends_of, everybody, see_contributions
from engine.queries.view import Seen, View
from engine.store import contributions as rows
from engine.store import records

SOURCE: Final = "source"
_OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the trace, of one of the kinds of `TRACED`, or a `SOURCE`: what people said that
    was merged or split into others."""

    kind: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """`id` is "" where the link follows from merging or splitting, which nobody can take away."""

    id: str
    source: Node
    target: Node


@dataclass(frozen=True, slots=True)
class TracePage:
    """Everything that can be traced, kind by kind, and what came of what. `loose` are
    contributions that were used, and lead nowhere yet. `kinds` are those that people lay links
    between."""

    procurement: str
    reference: str
    title: str
    nodes: Mapping[str, tuple[Node, ...]]
    links: tuple[Link, ...]
    loose: tuple[Node, ...]
    may_moderate: bool
    kinds: tuple[str, ...] = TRACED

    @property
    def columns(self) -> tuple[str, ...]:
        """The kinds there is something of that leads somewhere, in order."""
        linked = {node.kind for link in self.links for node in (link.source, link.target)}
        return tuple(kind for kind in (SOURCE, *self.kinds) if kind in linked)

    @property
    def may_link(self) -> bool:
        """Whether there is something to lay a link from, and something to lay it to."""
        ends = self.kinds[:-1], self.kinds[1:]
        return all(any(self.nodes[kind] for kind in end) for end in ends)


def trace_page(view: View, key: str) -> TracePage:
    """Raises NotFoundError for those who may not see the procurement.

    Participants see what stands in the documents once these are published, not before.
    """
    seen = see_contributions(view, key)
    kinds = _visible_kinds(seen)
    nodes = {kind: tuple(_nodes(seen, kind)) for kind in (SOURCE, *kinds)}
    known = {(each.kind, each.id): each for found in nodes.values() for each in found}
    links = (
        *_made(seen, known),
        *(
            Link(
                each.id,
                _node(known, each.source_kind, each.source),
                _node(known, each.target_kind, each.target),
            )
            for each in rows.links_of(view.connection, key)
            if {each.source_kind, each.target_kind} <= set(kinds)
        ),
    )
    used = {each.id for each in rows.all_of(view.connection, key) if each.used in ("yes", "partly")}
    linked = {each.source.id for each in links if each.source.kind == "contribution"}
    return TracePage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        nodes=nodes,
        links=links,
        loose=tuple(
            each for each in nodes["contribution"] if each.id in used and each.id not in linked
        ),
        may_moderate=seen.may(Action.MODERATE, everybody(seen)),
    )


def _visible_kinds(seen: Seen) -> tuple[str, ...]:
    if seen.row.frozen_documents or seen.view.actor.participation is None:
        return TRACED
    return ("contribution", "benefit")


def _made(seen: Seen, known: Mapping[tuple[str, str], Node]) -> Iterator[Link]:
    """From what people said to what stands of it, however often it was merged and split."""
    children = children_of(rows.parents_of(seen.view.connection, seen.row.id))
    for each in rows.all_of(seen.view.connection, seen.row.id):
        source = known.get((SOURCE, each.id))
        for end in ends_of(each.id, children) if source else ():
            target = known.get(("contribution", end))
            if source and target:
                yield Link("", source, target)


def _node(known: Mapping[tuple[str, str], Node], kind: str, key: str) -> Node:
    """The node as it stands now, or by its name alone where the forms no longer have it; a
    contribution that is hidden has none."""
    name = "" if kind == "contribution" else key
    return known.get((kind, key)) or known.get((SOURCE, key)) or Node(kind, key, name)


def way_from(page: TracePage, start: Node, *, forwards: bool) -> tuple[Node, ...]:
    """Everything that came of a node, or that it came of, the nearest first."""
    found: list[Node] = []
    todo = [start]
    while todo:
        here = todo.pop(0)
        for link in page.links:
            near, far = (link.source, link.target) if forwards else (link.target, link.source)
            if near == here and far not in found:
                found.append(far)
                todo.append(far)
    return tuple(found)


def _nodes(seen: Seen, kind: str) -> Iterator[Node]:
    if kind in (SOURCE, "contribution"):
        for each in rows.all_of(seen.view.connection, seen.row.id):
            stands = each.status == _OPEN
            said = stands or bool(each.role)
            if stands is (kind != SOURCE) and said and not each.hidden_by:
                yield Node(kind, each.id, each.text)
        return
    form, lists, name, words = _WHERE[kind]
    found = records.submissions_of(seen.view.connection, seen.row.id, form)
    content = found[-1].content if found else {}
    for row in (row for each in lists for row in content.get(each, ())):
        if row.get(name):
            yield Node(kind, str(row[name]), " ".join(str(row.get(each, "")) for each in words))


# Where the other kinds stand: form, lists, the field that names a row, and those that say it.
_WHERE: Final[Mapping[str, tuple[str, tuple[str, ...], str, tuple[str, ...]]]] = {
    "requirement": (
        "procurement-documents",
        ("minimum_requirements", "other_requirements"),
        "id",
        ("id", "text"),
    ),
    "criterion": ("procurement-documents", ("award_criteria",), "criterion", ("criterion",)),
    "test": ("procurement-documents", ("performance_levels",), "metric", ("metric",)),
    "benefit": ("need", ("effects",), "indicator", ("effect", "indicator")),
}
