"""What people gave, what it became, and the trace from there to what was got."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from engine.access.policy import Action
from engine.access.rules import Target
from engine.errors import NotFoundError
from engine.model.contribution import CODE, CONTRIBUTORS, KINDS, OUTCOMES, TRACED
from engine.model.records import ContributionRecord
from engine.procurement.voices import Heard, heard_by_group
from engine.queries.view import Seen, View, find_procurement, names_of
from engine.store import contributions as rows
from engine.store import participants, records

_OPEN: Final = "open"


@dataclass(frozen=True, slots=True)
class Source:
    """A contribution that another one was made of."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class ContributionView:
    """`by` is "" where the giver is not to be named; `text` is "" where it is hidden from the
    reader. `parents` are what it was made of, `children` what was made of it."""

    id: str
    kind: str
    phase: str
    role: str
    group: str
    text: str
    by: str
    on_behalf: str
    files: tuple[tuple[str, str], ...]
    at: datetime
    status: str
    hidden_by: str
    used: str
    answer: str
    reason: str
    answered_at: datetime | None
    parents: tuple[Source, ...]
    children: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ContributionsPage:
    """`standing` are those that wait for an answer or have one; `replaced` those that were merged
    or split. `heard` counts by group, small numbers left out."""

    procurement: str
    reference: str
    title: str
    standing: tuple[ContributionView, ...]
    replaced: tuple[ContributionView, ...]
    waiting: int
    heard: tuple[Heard, ...]
    may_contribute: bool
    may_moderate: bool
    kinds: tuple[str, ...] = KINDS
    roles: tuple[str, ...] = CONTRIBUTORS
    outcomes: tuple[str, ...] = OUTCOMES
    code: tuple[str, ...] = CODE


@dataclass(frozen=True, slots=True)
class Node:
    """A place in the trace, of one of the kinds of `TRACED`."""

    kind: str
    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    id: str
    source: Node
    target: Node


@dataclass(frozen=True, slots=True)
class TracePage:
    """Everything that can be traced, kind by kind, and what came of what. `loose` are
    contributions that were used, and lead nowhere yet."""

    procurement: str
    reference: str
    title: str
    nodes: Mapping[str, tuple[Node, ...]]
    links: tuple[Link, ...]
    loose: tuple[Node, ...]
    may_moderate: bool
    kinds: tuple[str, ...] = TRACED


def _see(view: View, key: str) -> Seen:
    """The procurement for members and participants; raises NotFoundError for others."""
    seen = find_procurement(view, key)
    if not any(seen.may(action, _target(seen)) for action in (Action.READ, Action.CONTRIBUTE)):
        raise NotFoundError("procurement", key)
    return seen


def _target(seen: Seen) -> Target:
    return replace(seen.target(), procurement=seen.row.id)


def contributions_page(view: View, key: str) -> ContributionsPage:
    """Raises NotFoundError for those who may not see the procurement."""
    seen = _see(view, key)
    found = rows.all_of(view.connection, key)
    moderates = seen.may(Action.MODERATE, _target(seen))
    views = tuple(_views(seen, found, moderates=moderates))
    standing = tuple(each for each in views if each.status == _OPEN)
    return ContributionsPage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        standing=standing,
        replaced=tuple(each for each in views if each.status != _OPEN),
        waiting=sum(1 for each in standing if not each.used),
        heard=heard_by_group(
            (each.group or each.role, each.on_behalf or each.by) for each in found if each.role
        ),
        may_contribute=seen.may(Action.CONTRIBUTE, _target(seen)),
        may_moderate=moderates,
    )


def _views(
    seen: Seen, found: Sequence[ContributionRecord], *, moderates: bool
) -> Iterator[ContributionView]:
    connection = seen.view.connection
    texts = {each.id: each.text for each in found if moderates or not each.hidden_by}
    parents = rows.parents_of(connection, seen.row.id)
    children: dict[str, list[str]] = {}
    for child, made_of in parents.items():
        for parent in made_of:
            children.setdefault(parent, []).append(child)
    names = _names(seen, found)
    files = {each.id: each.name for each in records.attachments_of(connection, seen.row.id)}
    for each in found:
        own = each.by == seen.view.actor.id
        yield ContributionView(
            id=each.id,
            kind=each.kind,
            phase=each.phase,
            role=each.role,
            group=each.group,
            text=texts.get(each.id, each.text if own else ""),
            by=names.get(each.by, "") if each.named or own else "",
            on_behalf=each.on_behalf,
            files=tuple((key, files[key]) for key in each.files if key in files),
            at=each.at,
            status=each.status,
            hidden_by=each.hidden_by,
            used=each.used,
            answer=each.answer,
            reason=each.reason,
            answered_at=each.answered_at,
            parents=_sources(parents.get(each.id, ()), texts),
            children=_sources(children.get(each.id, ()), texts),
        )


def _sources(keys: Sequence[str], texts: Mapping[str, str]) -> tuple[Source, ...]:
    return tuple(Source(key, texts.get(key, "")) for key in keys)


def _names(seen: Seen, found: Sequence[ContributionRecord]) -> Mapping[str, str]:
    """Of those who gave something under their name, members and participants alike."""
    guests = participants.participants_of(seen.view.connection, seen.row.id)
    return {
        **names_of(seen.view, {each.by for each in found}),
        **{each.id: each.name for each in guests},
    }


def trace_page(view: View, key: str) -> TracePage:
    """Raises NotFoundError for those who may not see the procurement."""
    seen = _see(view, key)
    nodes = {kind: tuple(_nodes(seen, kind)) for kind in TRACED}
    known = {(each.kind, each.id): each for found in nodes.values() for each in found}
    links = tuple(
        Link(
            each.id,
            _node(known, each.source_kind, each.source),
            _node(known, each.target_kind, each.target),
        )
        for each in rows.links_of(view.connection, key)
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
        may_moderate=seen.may(Action.MODERATE, _target(seen)),
    )


def _node(known: Mapping[tuple[str, str], Node], kind: str, key: str) -> Node:
    """The node as it stands now, or by its name alone where the forms no longer have it."""
    return known.get((kind, key), Node(kind, key, key))


def ends_of(page: TracePage, start: Node, *, forwards: bool) -> tuple[Node, ...]:
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
    if kind == "contribution":
        for each in rows.all_of(seen.view.connection, seen.row.id):
            if each.status == _OPEN and not each.hidden_by:
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
