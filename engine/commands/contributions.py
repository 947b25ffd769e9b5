"""Contributions of employees and citizens: given, ordered, answered, traced to what came of them.

Nothing is lost on the way: merging and splitting keep every parent, hiding keeps the text on
record, and each contribution gets an outcome with a reason before the gate that waits for it opens.
"""

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from engine.access.policy import Action
from engine.access.rules import Target
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.errors import InvalidInputError, NotFoundError, ReasonMissingError, RejectedError
from engine.model import events as e
from engine.model.contribution import CODE, CONTRIBUTORS, KINDS, OUTCOMES, TRACED
from engine.model.records import ContributionRecord
from engine.store import contributions as rows
from engine.store import records

LONGEST: Final = 8000
MOST_PARENTS: Final = 100
MOST_PARTS: Final = 20


@dataclass(frozen=True, slots=True)
class GiveContribution:
    """`role`, `group` and `on_behalf` are for members, who enter the words of others too; a
    participant's are those of the invitation. `files` are attachments of the procurement."""

    procurement: str
    kind: str
    text: str
    named: bool = False
    role: str = ""
    group: str = ""
    on_behalf: str = ""
    files: tuple[str, ...] = ()


def give_contribution(command: GiveContribution, session: Session) -> Answer:
    act = Act.open(session, command.procurement)
    act.allow(Action.CONTRIBUTE, _target(act), kind="procurement", key=act.id)
    act.require_running()
    _require_kind(command.kind)
    role, group = _standing(command, session)
    files = {each.id for each in records.attachments_of(session.work.connection, act.id)}
    unknown = sorted(set(command.files) - files)
    if unknown:
        raise NotFoundError("attachment", unknown[0])
    event = e.ContributionGiven(
        contribution=uuid4().hex,
        kind=command.kind,
        phase=act.phase,
        role=role,
        group=group,
        text=_checked(command.text),
        named=command.named,
        on_behalf=command.on_behalf.strip(),
        files=list(command.files),
    )
    act.record(event)
    return {"procurement": act.id, "contribution": event.contribution}


def _standing(command: GiveContribution, session: Session) -> tuple[str, str]:
    """Role and group of the one whose words these are."""
    place = session.actor.participation
    if place is None:
        if command.role not in CONTRIBUTORS:
            raise InvalidInputError(
                f"Say whose words these are: {', '.join(CONTRIBUTORS)}.", role=command.role
            )
        return command.role, command.group.strip()
    if command.on_behalf or command.group or command.role:
        raise InvalidInputError("You speak for yourself here, as the group you were invited with.")
    return place.role, place.group


@dataclass(frozen=True, slots=True)
class MergeContributions:
    procurement: str
    parents: tuple[str, ...]
    text: str
    reason: str


def merge_contributions(command: MergeContributions, session: Session) -> Answer:
    """One in the place of several that say the same. Raises RejectedError for one that no longer
    stands by itself."""
    act = _moderate(session, command.procurement, command.reason)
    parents = tuple(dict.fromkeys(command.parents))
    if not 2 <= len(parents) <= MOST_PARENTS:
        raise InvalidInputError(f"Merge from two to {MOST_PARENTS} contributions.")
    found = [_open(act, key) for key in parents]
    event = e.ContributionsMerged(
        uuid4().hex, list(parents), found[0].kind, found[0].phase, _checked(command.text)
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
    act = _moderate(session, command.procurement, command.reason)
    if not 2 <= len(command.parts) <= MOST_PARTS:
        raise InvalidInputError(f"Split into two to {MOST_PARTS} parts.")
    parent = _open(act, command.parent)
    parts = [[uuid4().hex, _checked(part)] for part in command.parts]
    act.record(e.ContributionSplit(parent.id, parent.kind, parent.phase, parts))
    return {"procurement": act.id, "contributions": [key for key, _ in parts]}


@dataclass(frozen=True, slots=True)
class ModerateContribution:
    """Hide it under a clause of the code, or show it again with `hidden` false."""

    procurement: str
    contribution: str
    clause: str
    reason: str
    hidden: bool = True


def moderate_contribution(command: ModerateContribution, session: Session) -> Answer:
    act = _moderate(session, command.procurement, command.reason)
    found = _find(act, command.contribution)
    if command.hidden and command.clause not in CODE:
        raise InvalidInputError(
            f"Name the clause of the code it breaks: {', '.join(CODE)}.", clause=command.clause
        )
    if bool(found.hidden_by) != command.hidden:
        event = e.ContributionModerated(found.id, command.clause, command.hidden)
        act.record(event, content=found.text)
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
    act = Act.open(session, command.procurement)
    act.allow(Action.MODERATE, _target(act), kind="procurement", key=act.id)
    found = _open(act, command.contribution)
    if command.used not in OUTCOMES:
        raise InvalidInputError(f"The outcome is one of {', '.join(OUTCOMES)}.", used=command.used)
    if command.used != "yes" and not command.reason.strip():
        raise ReasonMissingError(
            "Say why it was not used, or only partly: the one who gave it is told.",
            procurement=act.id,
        )
    act.record(
        e.ContributionAnswered(
            found.id, command.used, _checked(command.answer), command.reason.strip()
        )
    )
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
    act = Act.open(session, command.procurement)
    act.allow(Action.MODERATE, _target(act), kind="procurement", key=act.id)
    ends = (command.source_kind, command.target_kind)
    if not set(ends) <= set(TRACED) or TRACED.index(ends[0]) >= TRACED.index(ends[1]):
        raise InvalidInputError(
            f"A trace leads forwards through {', '.join(TRACED)}.", source=ends[0], target=ends[1]
        )
    if not command.source.strip() or not command.target.strip():
        raise InvalidInputError("A trace has two ends: name both.")
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
    act = _moderate(session, command.procurement, command.reason)
    links = {each.id for each in rows.links_of(session.work.connection, act.id)}
    if command.link not in links:
        raise NotFoundError("link", command.link)
    act.record(e.TraceUnlinked(command.link))
    return {"procurement": act.id}


def _target(act: Act) -> Target:
    return act.target(procurement=act.id)


def _moderate(session: Session, procurement: str, reason: str) -> Act:
    act = Act.open(session, procurement)
    act.allow(Action.MODERATE, _target(act), kind="procurement", key=act.id)
    if not reason.strip():
        raise ReasonMissingError(
            "This needs a written reason: it goes into the record.", procurement=procurement
        )
    act.reason = reason
    return act


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
        )
    return found


def _require_kind(kind: str) -> None:
    if kind not in KINDS:
        raise InvalidInputError(f"A contribution is one of {', '.join(KINDS)}.", kind=kind)


def _checked(text: str) -> str:
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise InvalidInputError(
            f"Write between 1 and {LONGEST} characters; this has {len(text)}.",
            length=len(text),
            longest=LONGEST,
        )
    return text
