"""What people gave, what was said about it, and what came of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from engine.access.policy import Action
from engine.access.rules import Target
from engine.errors import NotFoundError
from engine.model.contribution import CODE, CONTRIBUTORS, KINDS, OUTCOMES
from engine.model.records import ContributionRecord
from engine.procurement.voices import HeardByGroup, heard_by_group
from engine.queries.conversation import FileContent, stored_file
from engine.queries.participation import PlannedView, plan_of
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
class RemarkView:
    """Said about a contribution. `by` and `text` are "" where they are not for the reader; unless
    `named`, only the reader sees his or her own name."""

    id: str
    role: str
    group: str
    text: str
    by: str
    named: bool
    at: datetime
    hidden_by: str


@dataclass(frozen=True, slots=True)
class Became:
    """What stands today of a contribution that was merged or split, and its outcome."""

    id: str
    text: str
    used: str
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContributionView:
    """`by` is "" where the giver is not to be named; unless `named`, only givers see their own.
    `text` is "" where it is hidden from the reader. `parents` are what it was made of, `children`
    what was made of it, `became` what stands of it now where it does not stand itself; `mine` tells
    that the reader gave it."""

    id: str
    kind: str
    phase: str
    role: str
    group: str
    text: str
    by: str
    named: bool
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
    became: tuple[Became, ...]
    remarks: tuple[RemarkView, ...]
    mine: bool


@dataclass(frozen=True, slots=True)
class ContributionsPage:
    """`standing` are those that wait for an answer or have one; `replaced` those that were merged
    or split. `heard` counts by group, small numbers left out; `plan` is who was to take part."""

    procurement: str
    reference: str
    title: str
    standing: tuple[ContributionView, ...]
    replaced: tuple[ContributionView, ...]
    waiting: int
    heard: HeardByGroup
    plan: tuple[PlannedView, ...]
    may_contribute: bool
    may_moderate: bool
    kinds: tuple[str, ...] = KINDS
    roles: tuple[str, ...] = CONTRIBUTORS
    outcomes: tuple[str, ...] = OUTCOMES
    code: tuple[str, ...] = CODE


def see_contributions(view: View, key: str) -> Seen:
    """The procurement for members and participants; raises NotFoundError for others."""
    seen = find_procurement(view, key)
    if not any(seen.may(action, everybody(seen)) for action in (Action.READ, Action.CONTRIBUTE)):
        raise NotFoundError("procurement", key)
    return seen


def everybody(seen: Seen) -> Target:
    return replace(seen.target(), procurement=seen.row.id)


def may_contribute(seen: Seen) -> bool:
    """Whether the reader can give something now: nothing is given once it rests or is over."""
    return seen.row.goes_on and seen.may(Action.CONTRIBUTE, everybody(seen))


def contributions_page(view: View, key: str) -> ContributionsPage:
    """Raises NotFoundError for those who may not see the procurement."""
    seen = see_contributions(view, key)
    found = rows.all_of(view.connection, key)
    moderates = seen.may(Action.MODERATE, everybody(seen))
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
        plan=plan_of(seen),
        may_contribute=may_contribute(seen),
        may_moderate=moderates,
    )


def _views(
    seen: Seen, found: Sequence[ContributionRecord], *, moderates: bool
) -> Iterator[ContributionView]:
    connection = seen.view.connection
    me = seen.view.actor.id
    texts = {
        each.id: each.text for each in found if moderates or not each.hidden_by or each.by == me
    }
    parents = rows.parents_of(connection, seen.row.id)
    children = children_of(parents)
    names = _names(seen, {each.by for each in found})
    files = {each.id: each.name for each in records.attachments_of(connection, seen.row.id)}
    known = {each.id: each for each in found}
    remarks = _remarks(seen, moderates=moderates)
    for each in found:
        shown = each.id in texts
        yield ContributionView(
            id=each.id,
            kind=each.kind,
            phase=each.phase,
            role=each.role,
            group=each.group,
            text=texts.get(each.id, ""),
            by=names.get(each.by, "") if each.named or each.by == me else "",
            named=each.named,
            on_behalf=each.on_behalf,
            files=tuple((key, files[key]) for key in each.files if key in files and shown),
            at=each.at,
            status=each.status,
            hidden_by=each.hidden_by,
            used=each.used,
            answer=each.answer,
            reason=each.reason,
            answered_at=each.answered_at,
            parents=_sources(parents.get(each.id, ()), texts),
            children=_sources(children.get(each.id, ()), texts),
            became=tuple(
                Became(end.id, texts.get(end.id, ""), end.used, end.answer, end.reason)
                for end in (known[key] for key in ends_of(each.id, children))
                if end.id != each.id
            ),
            remarks=remarks.get(each.id, ()),
            mine=each.by == me,
        )


def children_of(parents: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """What was made of each, the other way round."""
    children: dict[str, list[str]] = {}
    for child, made_of in parents.items():
        for parent in made_of:
            children.setdefault(parent, []).append(child)
    return children


def ends_of(key: str, children: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What stands of a contribution however often it was merged and split, each once."""
    found: dict[str, None] = {}
    todo = [key]
    while todo:
        here = todo.pop(0)
        after = children.get(here, ())
        todo.extend(after)
        if not after:
            found[here] = None
    return tuple(found)


def _remarks(seen: Seen, *, moderates: bool) -> Mapping[str, tuple[RemarkView, ...]]:
    said = rows.remarks_of(seen.view.connection, seen.row.id)
    names = _names(seen, {each.by for each in said})
    me = seen.view.actor.id
    found: dict[str, tuple[RemarkView, ...]] = {}
    for each in said:
        shown = moderates or not each.hidden_by or each.by == me
        view = RemarkView(
            id=each.id,
            role=each.role,
            group=each.group,
            text=each.text if shown else "",
            by=names.get(each.by, "") if each.named or each.by == me else "",
            named=each.named,
            at=each.at,
            hidden_by=each.hidden_by,
        )
        found[each.contribution] = (*found.get(each.contribution, ()), view)
    return found


def _sources(keys: Sequence[str], texts: Mapping[str, str]) -> tuple[Source, ...]:
    return tuple(Source(key, texts.get(key, "")) for key in keys)


def _names(seen: Seen, givers: set[str]) -> Mapping[str, str]:
    """Of those who gave something under their name, members and participants alike."""
    guests = participants.participants_of(seen.view.connection, seen.row.id)
    return {**names_of(seen.view, givers), **{each.id: each.name for each in guests}}


def picture_of(view: View, key: str, attachment: str) -> FileContent:
    """A picture that came with a contribution, for those who may see the contribution; raises
    NotFoundError."""
    page = contributions_page(view, key)
    shown = {file for each in (*page.standing, *page.replaced) for file, _ in each.files}
    if attachment not in shown:
        raise NotFoundError("attachment", attachment)
    return stored_file(view, records.get_attachment(view.connection, attachment))
