"""Contributions of employees and citizens: given, ordered, answered, traced to what came of them.

Nothing is lost on the way: merging and splitting keep every parent, hiding keeps the text on
record, and each contribution gets an outcome with a reason before the gate that waits for it opens.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from engine.commands.act import Act
from engine.commands.attachments import File, attach
from engine.commands.contributing import (
    answering,
    checked,
    contribute,
    moderate,
    require_outcome,
    required_clause,
    standing,
)
from engine.commands.environment import Answer, Session
from engine.commands.telling import tell_contributors
from engine.errors import InvalidInputError, NotFoundError, RejectedError
from engine.model import events as e
from engine.model.contribution import KINDS, TRACED
from engine.model.mails import MailKind
from engine.model.notifications import Occasion
from engine.model.records import ContributionRecord
from engine.store import contributions as rows
from engine.store import records

MOST_PARENTS: Final = 100
MOST_PARTS: Final = 20
MOST_PICTURES: Final = 5


@dataclass(frozen=True, slots=True)
class GiveContribution:
    """`role` and `group` are for members; a participant's are those of the invitation. `on_behalf`
    describes whose words these are, when somebody else cannot write them. `files` are attachments
    of the procurement, `pictures` come along, each called what it shows, for those who cannot see
    it."""

    procurement: str
    kind: str
    text: str
    named: bool = False
    role: str = ""
    group: str = ""
    on_behalf: str = ""
    files: tuple[str, ...] = ()
    pictures: tuple[File, ...] = ()


def give_contribution(command: GiveContribution, session: Session) -> Answer:
    act = contribute(session, command.procurement)
    _require_kind(command.kind)
    role, group = standing(session, command.role, command.group)
    files = {each.id for each in records.attachments_of(session.work.connection, act.id)}
    unknown = sorted(set(command.files) - files)
    if unknown:
        raise NotFoundError("attachment", unknown[0])
    text = checked(command.text)
    if len(command.pictures) > MOST_PICTURES:
        raise InvalidInputError(
            f"Send at most {MOST_PICTURES} pictures.", most=MOST_PICTURES, about="pictures-many"
        )
    shown = [attach(act, each, scope="") for each in command.pictures]
    event = e.ContributionGiven(
        contribution=uuid4().hex,
        kind=command.kind,
        phase=act.phase,
        role=role,
        group=group,
        text=text,
        named=command.named,
        on_behalf=command.on_behalf.strip(),
        files=[*command.files, *shown],
    )
    act.record(event)
    return {"procurement": act.id, "contribution": event.contribution}


@dataclass(frozen=True, slots=True)
class MergeContributions:
    procurement: str
    parents: tuple[str, ...]
    text: str
    reason: str


def merge_contributions(command: MergeContributions, session: Session) -> Answer:
    """One in the place of several that say the same. Raises RejectedError for one that no longer
    stands by itself."""
    act = moderate(session, command.procurement, command.reason)
    parents = tuple(dict.fromkeys(command.parents))
    if not 2 <= len(parents) <= MOST_PARENTS:
        raise InvalidInputError(
            f"Merge from two to {MOST_PARENTS} contributions.",
            about="merge-count",
            most=MOST_PARENTS,
        )
    found = [_open(act, key) for key in parents]
    event = e.ContributionsMerged(
        uuid4().hex, list(parents), found[0].kind, found[0].phase, checked(command.text)
    )
    act.record(event)
    return {"procurement": act.id, "contribution": event.contribution}


@dataclass(frozen=True, slots=True)
class SplitContribution:
    procurement: str
    parent: str
    parts: tuple[str, ...]
    reason: str


def split_contribution(command: SplitContribution, session: Session) -> Answer:
    """Several in the place of one that says several things."""
    act = moderate(session, command.procurement, command.reason)
    if not 2 <= len(command.parts) <= MOST_PARTS:
        raise InvalidInputError(
            f"Split into two to {MOST_PARTS} parts.", about="split-count", most=MOST_PARTS
        )
    parent = _open(act, command.parent)
    parts = [[uuid4().hex, checked(part)] for part in command.parts]
    act.record(e.ContributionSplit(parent.id, parent.kind, parent.phase, parts))
    return {"procurement": act.id, "contributions": [key for key, _ in parts]}


@dataclass(frozen=True, slots=True)
class ModerateContribution:
    """Hide it under a clause of the code, or under another one than before; or show it again with
    `hidden` false."""

    procurement: str
    contribution: str
    clause: str
    reason: str
    hidden: bool = True


def moderate_contribution(command: ModerateContribution, session: Session) -> Answer:
    act = moderate(session, command.procurement, command.reason)
    found = _find(act, command.contribution)
    clause = required_clause(command.clause, hidden=command.hidden)
    if found.hidden_by != clause:
        event = e.ContributionModerated(found.id, clause, command.hidden)
        act.record(event, content=found.text)
        if command.hidden and found.role:
            tell_contributors(act, MailKind.HIDDEN, Occasion.HIDDEN, [found.by])
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class AnswerContribution:
    """`answer` is what the contributor is told; `reason` why it was not used, or only partly."""

    procurement: str
    contribution: str
    used: str
    answer: str
    reason: str = ""


def answer_contribution(command: AnswerContribution, session: Session) -> Answer:
    """Say what came of it. A later answer takes the place of an earlier one, which stays on
    record."""
    act = answering(session, command.procurement)
    found = _open(act, command.contribution)
    require_outcome(act, command.used, command.reason)
    act.record(
        e.ContributionAnswered(
            found.id, command.used, checked(command.answer), command.reason.strip()
        )
    )
    tell_contributors(act, MailKind.ANSWERED, Occasion.ANSWERED, _givers(act, found.id))
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class LinkTrace:
    procurement: str
    source_kind: str
    source: str
    target_kind: str
    target: str


def link_trace(command: LinkTrace, session: Session) -> Answer:
    """Record that one thing came of another; the same link twice is one."""
    act = answering(session, command.procurement)
    ends = (command.source_kind, command.target_kind)
    if not set(ends) <= set(TRACED) or TRACED.index(ends[0]) >= TRACED.index(ends[1]):
        raise InvalidInputError(
            f"A trace leads forwards through {', '.join(TRACED)}.",
            source=ends[0],
            target=ends[1],
            about="trace-forwards",
        )
    if not command.source.strip() or not command.target.strip():
        raise InvalidInputError("A trace has two ends: name both.", about="trace-ends")
    if command.source_kind == "contribution":
        _find(act, command.source)
    known = {
        (each.source_kind, each.source, each.target_kind, each.target): each.id
        for each in rows.links_of(session.work.connection, act.id)
    }
    link = known.get((command.source_kind, command.source, command.target_kind, command.target))
    if link is None:
        link = uuid4().hex
        act.record(
            e.TraceLinked(
                link, command.source_kind, command.source, command.target_kind, command.target
            )
        )
    return {"procurement": act.id, "link": link}


@dataclass(frozen=True, slots=True)
class UnlinkTrace:
    procurement: str
    link: str
    reason: str


def unlink_trace(command: UnlinkTrace, session: Session) -> Answer:
    act = moderate(session, command.procurement, command.reason)
    links = {each.id for each in rows.links_of(session.work.connection, act.id)}
    if command.link not in links:
        raise NotFoundError("link", command.link)
    act.record(e.TraceUnlinked(command.link))
    return {"procurement": act.id}


def _givers(act: Act, key: str) -> Iterator[str]:
    """Everybody who gave what stands in a contribution, however often it was merged and split."""
    connection = act.session.work.connection
    found = {each.id: each for each in rows.all_of(connection, act.id)}
    parents = rows.parents_of(connection, act.id)
    todo = [key]
    while todo:
        each = found[todo.pop()]
        todo.extend(parents.get(each.id, ()))
        if each.role:
            yield each.by


def _find(act: Act, key: str) -> ContributionRecord:
    found = rows.find(act.session.work.connection, key)
    if found is None or found.procurement != act.id:
        raise NotFoundError("contribution", key)
    return found


def _open(act: Act, key: str) -> ContributionRecord:
    found = _find(act, key)
    if found.status != "open":
        raise RejectedError(
            "This contribution has been merged or split: act on what became of it.",
            contribution=key,
            status=found.status,
            about="contribution-gone",
        )
    return found


def _require_kind(kind: str) -> None:
    if kind not in KINDS:
        raise InvalidInputError(
            f"A contribution is one of {', '.join(KINDS)}.",
            kind=kind,
            about="one-of",
            choices=", ".join(KINDS),
        )
