"""Rounds of dialogue and negotiation: agenda, times, meetings, minutes, and whether all are even.

What one supplier said or learned is for those who may know; who else takes part is for no supplier.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from engine.access.policy import Action
from engine.errors import NotFoundError
from engine.model.dialogue import (
    HandedRecord,
    InquiryRecord,
    ItemRecord,
    MinutesRecord,
    QuestionRecord,
    QuestionState,
    ReleaseRecord,
    RoundRecord,
)
from engine.model.meeting import OUT_OF_IT, MeetingRecord, SlotRecord
from engine.model.records import AttachmentRecord
from engine.procurement.parity import Held, Known, Parity, parity
from engine.procurement.ruledata import rule_row
from engine.queries.decisions import DecisionView, decisions_of
from engine.queries.parties import buyer_of, supplier_name
from engine.queries.view import Seen, View, find_procurement
from engine.store import dialogue, meetings, records

ROUND_DECISION: Final = "D8"
ORAL_ANSWER: Final = "oral-answer"
AGENDA: Final = "agenda"


@dataclass(frozen=True, slots=True)
class SlotView:
    """A time that is offered; `kept_for` and `taken_by` are names of suppliers, "" for none."""

    slot: SlotRecord
    kept_for: str
    taken_by: str


@dataclass(frozen=True, slots=True)
class RoundWith:
    """What there is with one supplier in a round."""

    key: str
    name: str
    meetings: tuple[MeetingRecord, ...]
    minutes: tuple[MinutesRecord, ...]


@dataclass(frozen=True, slots=True)
class RoundView:
    """`parity` is None for those who may not see every supplier in it."""

    round: RoundRecord
    slots: tuple[SlotView, ...]
    suppliers: tuple[RoundWith, ...]
    parity: Parity | None
    decisions: tuple[DecisionView, ...]


@dataclass(frozen=True, slots=True)
class HandedView:
    """A document of the dialogue and the name of its file."""

    document: HandedRecord
    supplier: str
    name: str


@dataclass(frozen=True, slots=True)
class RoundsPage:
    """The newest round first. `names` are the suppliers whom the reader may know of; `standing`
    those that still take part; `wait` is where an oral answer is reported, "" for nowhere."""

    procurement: str
    reference: str
    title: str
    rounds: tuple[RoundView, ...]
    items: tuple[ItemRecord, ...]
    releases: tuple[ReleaseRecord, ...]
    questions: tuple[QuestionRecord, ...]
    documents: tuple[HandedView, ...]
    names: Mapping[str, str]
    standing: tuple[str, ...]
    limit: int
    wait: str
    may_arrange: bool

    @property
    def waiting(self) -> tuple[ItemRecord, ...]:
        return tuple(each for each in self.items if each.waits)


def rounds_page(seen: Seen) -> RoundsPage:
    """Of a procurement that the reader may see, as it stands or stood."""
    connection, key = seen.view.connection, seen.row.id
    known = [each for each in records.suppliers(connection, key) if seen.sees(each.key)]
    names = {each.key: each.name for each in known}
    files = {each.id: each.name for each in records.attachments_of(connection, key)}
    waits = records.waits_of(connection, key)
    return RoundsPage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        rounds=tuple(reversed(list(_rounds(seen, names)))),
        items=tuple(each for each in dialogue.items_of(connection, key) if seen.sees(each.scope)),
        releases=tuple(reversed(dialogue.releases_of(connection, key))),
        questions=tuple(
            each for each in dialogue.questions_of(connection, key) if seen.sees(each.scope)
        ),
        documents=tuple(
            HandedView(each, names.get(each.scope, each.scope), files.get(each.attachment, ""))
            for each in dialogue.handed_of(connection, key)
            if seen.sees(each.scope)
        ),
        names=names,
        standing=tuple(each.key for each in known if each.stands),
        limit=_limit(seen),
        wait=next((each.id for each in waits if each.message == ORAL_ANSWER), ""),
        may_arrange=seen.may(Action.ARRANGE, seen.target()) and seen.row.status == "running",
    )


def _limit(seen: Seen) -> int:
    """The largest spread of meeting time that counts as even, in per cent."""
    pinned = date.fromisoformat(seen.row.rules_at) if seen.row.rule_set else seen.view.today
    return int(rule_row("negotiation-time-spread", pinned).amount)


def _rounds(seen: Seen, names: Mapping[str, str]) -> Iterable[RoundView]:
    connection, key = seen.view.connection, seen.row.id
    decided = [
        each for each in decisions_of(seen) if not each.undone and each.decision == ROUND_DECISION
    ]
    met = meetings.meetings_of(connection, key)
    written = dialogue.minutes_of(connection, key)
    for each in dialogue.rounds_of(connection, key):
        yield RoundView(
            round=each,
            slots=tuple(_slots(seen, each, met, names)),
            suppliers=tuple(_with(each, met, written, names)),
            parity=_parity(seen, each, met, written),
            decisions=tuple(one for one in decided if _belongs(one, each)),
        )


def _belongs(decision: DecisionView, to: RoundRecord) -> bool:
    return decision.at >= to.opened_at and (to.closed_at is None or decision.at <= to.closed_at)


def _slots(
    seen: Seen, of: RoundRecord, met: list[MeetingRecord], names: Mapping[str, str]
) -> Iterable[SlotView]:
    holders = {each.slot: each.scope for each in met if each.stands and each.slot}
    for each in meetings.slots_of(seen.view.connection, seen.row.id):
        if each.occasion == of.id and each.withdrawn_at is None and seen.sees(each.scope):
            holder = holders.get(each.id, "")
            taken = names.get(holder, "–") if holder else ""
            yield SlotView(each, names.get(each.scope, each.scope), taken)


def _with(
    of: RoundRecord,
    met: list[MeetingRecord],
    written: list[MinutesRecord],
    names: Mapping[str, str],
) -> Iterable[RoundWith]:
    for key, name in sorted(names.items(), key=lambda each: each[1]):
        mine = tuple(each for each in met if (each.occasion, each.scope) == (of.id, key))
        minutes = tuple(each for each in written if (each.round, each.scope) == (of.id, key))
        if mine or minutes:
            yield RoundWith(key, name, tuple(each for each in mine if each.stands), minutes)


def _parity(
    seen: Seen, of: RoundRecord, met: list[MeetingRecord], written: list[MinutesRecord]
) -> Parity | None:
    """None where the reader may not know of all who took part."""
    connection, key = seen.view.connection, seen.row.id
    standing = {each.key: each.stands for each in records.suppliers(connection, key)}
    here = [each for each in met if each.occasion == of.id and each.stands]
    taking_part = {each.scope for each in here}
    if of.closed_at is None:
        taking_part |= {one for one, stands in standing.items() if stands}
        taking_part -= {one for one, stands in standing.items() if not stands}
    if not all(seen.sees(each) for each in taking_part):
        return None
    topics = {each.meeting: _topics(each) for each in written}
    released = {each.id: each.at for each in dialogue.releases_of(connection, key)}
    held = [
        Held(each.scope, each.began_at, each.ended_at, topics.get(each.id, ()))
        for each in here
        if each.began_at and each.ended_at
    ]
    known = [
        Known(each.scope, each.learned_at, released.get(each.release))
        for each in dialogue.items_of(connection, key)
        if each.round == of.id and not each.dropped
    ]
    return parity(sorted(taking_part), held, known, seen.view.now, _limit(seen))


def _topics(minutes: MinutesRecord) -> tuple[str, ...]:
    return tuple(each["text"] for each in minutes.passages if each["kind"] == AGENDA)


@dataclass(frozen=True, slots=True)
class OwnRound:
    """A round as one supplier sees it. `times` can be booked now."""

    round: RoundRecord
    times: tuple[SlotRecord, ...]
    meetings: tuple[MeetingRecord, ...]
    minutes: tuple[MinutesRecord, ...]


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """One's own question. `late` says after which rule it came too late, {} for one in time."""

    id: str
    text: str
    asked_at: datetime
    state: str
    late: Mapping[str, Any]
    refused: str


@dataclass(frozen=True, slots=True)
class Shared:
    """What all were given at one moment."""

    kind: str
    texts: tuple[Mapping[str, str], ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class DialoguePage:
    """One supplier's dialogue with the buyer. `times`, `meetings` and `minutes` are those of no
    round; `inquiries` what it was asked about its tender, the newest first."""

    reference: str
    title: str
    organisation: str
    supplier: str
    may_act: bool
    rounds: tuple[OwnRound, ...]
    times: tuple[SlotRecord, ...]
    meetings: tuple[MeetingRecord, ...]
    minutes: tuple[MinutesRecord, ...]
    shared: tuple[Shared, ...]
    questions: tuple[OwnQuestion, ...]
    documents: tuple[HandedView, ...]
    inquiries: tuple[InquiryRecord, ...]


def dialogue_page(view: View) -> DialoguePage:
    """The participant's own supplier's; raises NotFoundError for anybody else."""
    seen, scope = own_supplier(view)
    connection, key = view.connection, seen.row.id
    status = {each.key: each.status for each in records.suppliers(connection, key)}.get(scope, "")
    inside = status not in OUT_OF_IT
    met = [each for each in meetings.meetings_of(connection, key) if each.scope == scope]
    rounds = dialogue.rounds_of(connection, key)
    times = _free(seen, scope) if inside else []
    written = [each for each in dialogue.minutes_of(connection, key) if each.scope == scope]
    files = {each.id: each.name for each in records.attachments_of(connection, key)}
    ids = {each.id for each in rounds}
    return DialoguePage(
        reference=seen.row.reference,
        title=seen.row.title,
        organisation=buyer_of(seen),
        supplier=supplier_name(view, key, scope),
        may_act=inside and seen.row.status == "running",
        rounds=tuple(
            OwnRound(
                each,
                tuple(one for one in times if one.occasion == each.id and not each.closed_at),
                tuple(one for one in met if one.occasion == each.id),
                tuple(one for one in written if one.round == each.id),
            )
            for each in reversed(rounds)
            if inside or any(one.occasion == each.id for one in met)
        ),
        times=tuple(each for each in times if each.occasion not in ids),
        meetings=tuple(each for each in met if each.occasion not in ids),
        minutes=tuple(each for each in written if each.round not in ids),
        shared=tuple(
            Shared(each.kind, tuple(each.texts), each.at)
            for each in reversed(dialogue.releases_of(connection, key))
            if inside or scope in each.recipients
        ),
        questions=tuple(
            _own_question(each)
            for each in reversed(dialogue.questions_of(connection, key))
            if each.scope == scope
        ),
        documents=tuple(
            HandedView(each, "", files.get(each.attachment, ""))
            for each in reversed(dialogue.handed_of(connection, key))
            if each.scope == scope
        ),
        inquiries=tuple(reversed(dialogue.inquiries_of(connection, key, scope))),
    )


def _own_question(found: QuestionRecord) -> OwnQuestion:
    """Nobody learns that an answer is ready before all have it."""
    ready = found.state == QuestionState.ANSWERED
    state = QuestionState.ASKED if ready else found.state
    return OwnQuestion(found.id, found.text, found.asked_at, state, found.late_why, found.refused)


def own_supplier(view: View) -> tuple[Seen, str]:
    """The procurement and supplier of the participant; raises NotFoundError for anybody else."""
    place = view.actor.participation
    if place is None or not place.scope:
        raise NotFoundError("dialogue", view.actor.id)
    seen = find_procurement(view, place.procurement)
    if not seen.may(Action.PARTICIPATE, replace(seen.target(place.scope), procurement=seen.row.id)):
        raise NotFoundError("procurement", place.procurement)
    return seen, place.scope


def _free(seen: Seen, scope: str) -> list[SlotRecord]:
    """Times that this supplier can book now."""
    connection, key = seen.view.connection, seen.row.id
    taken = {each.slot for each in meetings.meetings_of(connection, key) if each.stands}
    return [
        each
        for each in meetings.slots_of(connection, key)
        if each.id not in taken
        and each.withdrawn_at is None
        and each.scope == scope
        and each.starts_at > seen.view.now
    ]


def own_meeting(view: View, key: str) -> tuple[Seen, MeetingRecord]:
    """A meeting of the participant's supplier; raises NotFoundError, as for none."""
    seen, scope = own_supplier(view)
    found = meetings.find_meeting(view.connection, key)
    if found is None or (found.procurement, found.scope) != (seen.row.id, scope):
        raise NotFoundError("meeting", key)
    return seen, found


def own_document(view: View, key: str) -> AttachmentRecord:
    """The file of a document of the participant's dialogue; raises NotFoundError."""
    seen, scope = own_supplier(view)
    for each in dialogue.handed_of(view.connection, seen.row.id):
        if (each.id, each.scope) == (key, scope):
            return records.get_attachment(view.connection, each.attachment)
    raise NotFoundError("document", key)
