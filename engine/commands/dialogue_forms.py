"""What forms say of rounds, as records of their own: made in the act that hands the form in.

The form is the paper, the record what pages, portal and checks of gates go by.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final
from uuid import uuid4

from engine.commands import meetings as meeting_acts
from engine.commands import sharing
from engine.commands.act import Act, explained
from engine.commands.taking import take
from engine.commands.telling import tell_suppliers
from engine.errors import InvalidInputError, RejectedError
from engine.model import events as e
from engine.model.dialogue import MinutesRecord, Source
from engine.model.mails import MailKind
from engine.model.meeting import MeetingKind, MeetingRecord, MeetingStatus
from engine.procurement.frozen import DOCUMENTS
from engine.procurement.inquiries import INQUIRY, REPLY
from engine.procurement.reading import entries, moment, said, supplier_of, whole
from engine.procurement.scoring import IN_MONEY
from engine.store import dialogue, meetings, people, records

DIALOGUE: Final = "competitive-dialogue"
KINDS: Final[Mapping[str, MeetingKind]] = MappingProxyType(
    {
        "market_121": MeetingKind.MARKET,
        "dialogue": MeetingKind.DIALOGUE,
        "negotiation": MeetingKind.NEGOTIATION,
        "clarification": MeetingKind.CLARIFICATION,
    }
)
"""Types of meetings in the form of minutes that become records here; those with a jury and reviews
of a phase are others'."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A form that was handed in: its submission, whose branch it was in, the process and what was
    known there."""

    submission: str
    content: Mapping[str, Any]
    scope: str
    process: str
    variables: Mapping[str, Any]


def keep_records(act: Act, form: str | None, paper: Paper) -> None:
    """Record what the form says, where forms of its kind say anything here."""
    kept = KEPT.get(form or "")
    if kept is not None:
        kept(act, paper)


def _round_planned(act: Act, paper: Paper) -> None:
    """The row of the plan that is for the round which begins, by its number; a plan that is made
    where no round is counted is for the documents, and begins none."""
    rows = entries(paper.content, "rounds")
    number = whole(paper.variables, "round")
    if not number:
        return
    row = next((each for each in rows if whole(each, "round") == number), rows[-1])
    dialogic = act.procurement.procedure == DIALOGUE
    act.record(
        e.RoundPlanned(
            round=uuid4().hex,
            process=paper.process,
            kind=(MeetingKind.DIALOGUE if dialogic else MeetingKind.NEGOTIATION).value,
            number=number,
            topics=said(row, "topics"),
            questions=said(row, "questions"),
            may_eliminate=row.get("may_eliminate") is True,
            criteria=said(row, "criteria_used"),
            is_final=row.get("is_final") is True,
            submission=paper.submission,
        )
    )


def _minutes_written(act: Act, paper: Paper) -> None:
    """The meeting is held, its minutes are put to the supplier, and what all must know waits to be
    shared."""
    kind = KINDS.get(said(paper.content, "type"))
    scope = paper.scope or supplier_of(paper.content)
    start, end = moment(paper.content.get("start")), moment(paper.content.get("end"))
    if kind is None or start is None or end is None or not _is_known(act, scope):
        return
    met = _met(act, kind, scope, start, end)
    act.record(
        e.MeetingHeld(
            met.id,
            scope,
            start.isoformat(),
            end.isoformat(),
            _ours(act, paper.content),
            [said(each, "name") for each in entries(paper.content, "supplier_attendees")],
        )
    )
    minutes = uuid4().hex
    event = e.MinutesWritten(
        minutes, met.occasion, met.id, scope, _passages(paper.content), paper.submission
    )
    act.record(event)
    if paper.content.get("approved_by_supplier") is True:
        act.record(e.MinutesAnswered(minutes, scope, confirmed=True, objection=""))
    else:
        tell_suppliers(act, MailKind.MINUTES, [scope])
    for row in entries(paper.content, "shared_to_all"):
        sharing.note(
            act,
            origin=Source.MEETING,
            scope=scope,
            said=said(row, "text"),
            learned_at=min(end, act.now),
            channel="meeting",
            source=minutes,
        )


def _is_known(act: Act, scope: str) -> bool:
    found = records.suppliers(act.session.work.connection, act.id)
    return any(each.key == scope for each in found)


def _met(act: Act, kind: MeetingKind, scope: str, start: datetime, end: datetime) -> MeetingRecord:
    """The meeting that was booked for it, or a new one where none was."""
    connection = act.session.work.connection
    here = dialogue.open_round(connection, act.id) if kind is not MeetingKind.MARKET else None
    for each in meetings.meetings_of(connection, act.id):
        booked = each.status == MeetingStatus.BOOKED and each.scope == scope
        if booked and (each.occasion == here.id if here else each.kind == kind):
            return each
    key = uuid4().hex
    act.record(
        e.MeetingBooked(
            meeting=key,
            occasion=here.id if here else "",
            kind=kind.value,
            lot="",
            scope=scope,
            participant="",
            slot="",
            starts_at=start.isoformat(),
            ends_at=end.isoformat(),
            place="",
        )
    )
    return meeting_acts.known(act, key)


def _ours(act: Act, content: Mapping[str, Any]) -> list[str]:
    keys = [said(each, "person") for each in entries(content, "buyer_attendees")]
    found = people.persons(act.session.work.connection, sorted(set(keys) - {""}))
    return [found[key].name if key in found else key for key in keys if key]


def _passages(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the minutes say, piece by piece, with what the supplier asked to keep and why."""
    passages: list[dict[str, Any]] = [
        {"id": str(number), "confidential": False, "reason": "", **piece}
        for number, piece in enumerate(_pieces(content), start=1)
    ]
    for mark in entries(content, "marked_confidential"):
        span = said(mark, "span")
        inside = [each for each in passages if span.casefold() in each["text"].casefold()]
        if not inside:
            inside = [{"id": str(len(passages) + 1), **_piece("marked", span)}]
            passages += inside
        for each in inside:
            each.update(confidential=True, reason=said(mark, "reason"))
    return passages


def _pieces(content: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    for row in entries(content, "agenda"):
        yield _piece("agenda", said(row, "item"))
    for paragraph in said(content, "said").split("\n\n"):
        if paragraph.strip():
            yield _piece("said", paragraph.strip())
    for row in entries(content, "questions"):
        yield _piece("question", said(row, "question"), answer=said(row, "answer"))
    for row in entries(content, "commitments"):
        yield _piece("commitment", said(row, "what"), who=said(row, "who"), by=said(row, "by"))


def _piece(
    kind: str, text: str, *, answer: str = "", who: str = "", by: str = ""
) -> dict[str, str]:
    return {"kind": kind, "text": text, "answer": answer, "who": who, "by": by}


def _minutes_answered(act: Act, paper: Paper) -> None:
    """What the lead noted of the supplier's answer, and how an objection was settled."""
    found = newest_minutes(act, paper.scope)
    if found is None:
        return
    confirmed = paper.content.get("confirmed") is True
    objection = said(paper.content, "objection")
    if confirmed or objection != found.objection:
        act.record(e.MinutesAnswered(found.id, paper.scope, confirmed, objection))
    settled = said(paper.content, "settled")
    if settled and not confirmed:
        act.record(e.MinutesSettled(found.id, paper.scope, settled))


def newest_minutes(act: Act, scope: str) -> MinutesRecord | None:
    """The minutes of the supplier that were written last."""
    found = dialogue.minutes_of(act.session.work.connection, act.id)
    return next((each for each in reversed(found) if each.scope == scope), None)


def _oral_answer(act: Act, paper: Paper) -> None:
    sharing.note(
        act,
        origin=Source.ORAL,
        scope=said(paper.content, "supplier"),
        said=said(paper.content, "answer"),
        question=said(paper.content, "question"),
        learned_at=moment(paper.content.get("given_at")) or act.now,
        channel=said(paper.content, "channel"),
    )


def _shared(act: Act, paper: Paper) -> None:
    """The form goes to all as it is, once its letters leave."""
    sharing.require_nameless(act, (said(row, "text") for row in entries(paper.content, "items")))


def _inquiry_made(act: Act, paper: Paper) -> None:
    """What is asked about a tender; raises InvalidInputError where there is no time to reply."""
    reply_by = moment(paper.content.get("reply_by"))
    if reply_by is None or reply_by <= act.now:
        raise InvalidInputError(
            "Give the supplier time to reply: the time limit is in the past.", about="reply-past"
        )
    kind, text = said(paper.content, "kind"), said(paper.content, "what_looks_low")
    act.record(
        e.InquiryMade(uuid4().hex, paper.scope, kind, text, reply_by.isoformat(), paper.submission)
    )


def _inquiry_answered(act: Act, paper: Paper) -> None:
    """A reply that came another way than through the portal; raises RejectedError for saying that
    none came while the supplier still has time."""
    asked = dialogue.inquiries_of(act.session.work.connection, act.id, paper.scope)
    if not asked or asked[-1].replied_at is not None:
        return
    found = asked[-1]
    if paper.content.get("replied") is True:
        at = moment(paper.content.get("replied_at")) or act.now
        reply = said(paper.content, "reply")
        act.record(e.InquiryAnswered(found.id, paper.scope, reply, at.isoformat(), "other"))
    elif act.now < found.reply_by:
        raise RejectedError(
            f"The supplier may reply until {found.reply_by.isoformat()}. Record the reply when it"
            " comes, or that none came when that has passed.",
            deadline=found.reply_by.isoformat(),
            about="reply-awaited",
        )


def _tenders_checked(act: Act, paper: Paper) -> None:
    """Raises InvalidInputError where a published model compares prices and one is missing."""
    found = records.submissions_of(act.session.work.connection, act.id, DOCUMENTS)
    criteria = entries(found[-1].content, "award_criteria") if found else ()
    if not any(said(row, "price_model") in IN_MONEY for row in criteria):
        return
    without = [row for row in entries(paper.content, "tenders") if not whole(row, "price")]
    if without:
        raise InvalidInputError(
            "The published model compares prices: give the price of every tender.",
            suppliers=[supplier_of(row) for row in without],
            about="price-missing",
        )


def _question_taken(act: Act, paper: Paper) -> None:
    """Which supplier asked: the participant's own, or the one that the form names."""
    place = act.session.actor.participation
    asked_by = said(paper.content, "asked_by")
    late = paper.variables.get("question_late") is True
    limits = [each for each in act.limits.values() if each.rule_id.startswith("answers")]
    take(
        act,
        paper.submission,
        scope=place.scope if place else _named(act, asked_by),
        asked_by=asked_by,
        text=said(paper.content, "question"),
        asked_at=moment(paper.content.get("asked_at")) or act.now,
        channel="portal" if place else "other",
        late_why=explained(limits[-1]) if late and limits else {},
        driven=True,
    )


def _named(act: Act, asked_by: str) -> str:
    """The supplier of ours that the text names, by key or name; "" for none."""
    for each in records.suppliers(act.session.work.connection, act.id):
        if each.key in asked_by or each.name.casefold() == asked_by.casefold():
            return each.key
    return ""


def _question_answered(act: Act, paper: Paper) -> None:
    found = _question_of(act, paper)
    if found:
        pairs = [
            {"question": said(row, "question"), "answer": said(row, "answer")}
            for row in entries(paper.content, "items")
        ]
        sharing.require_nameless(act, (text for pair in pairs for text in pair.values()))
        act.record(e.QuestionAnswered(*found, pairs))


def _late_question(act: Act, paper: Paper) -> None:
    found = _question_of(act, paper)
    if found and said(paper.content, "outcome") == "refuse":
        act.record(e.QuestionRefused(*found, said(paper.content, "reason")))


def _question_of(act: Act, paper: Paper) -> tuple[str, str] | None:
    """Id and scope of the question that the task is about."""
    key = paper.variables.get("question_id")
    for each in dialogue.questions_of(act.session.work.connection, act.id):
        if each.id == key:
            return each.id, each.scope
    return None


Keep = Callable[[Act, Paper], None]

KEPT: Final[Mapping[str, Keep]] = MappingProxyType(
    {
        "round-plan": _round_planned,
        "meeting-minutes": _minutes_written,
        "minutes-confirmation": _minutes_answered,
        "oral-answer": _oral_answer,
        "shared-information": _shared,
        "question": _question_taken,
        "question-answer": _question_answered,
        "late-question": _late_question,
        "tender-check": _tenders_checked,
        INQUIRY: _inquiry_made,
        REPLY: _inquiry_answered,
    }
)
