"""The open market dialogue: as anybody may read it, as one business sees its own part, and as the
team does, with what changed because of the market."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.access.policy import Action
from engine.errors import NotFoundError
from engine.model.market import HEARING, OCCASION, OUTCOMES, DrawRecord, InputRecord, SignUpRecord
from engine.model.meeting import MeetingRecord
from engine.procurement.reading import entries, said
from engine.queries.parties import buyer_of
from engine.queries.view import Seen, View, find_procurement, see_procurement
from engine.store import market, meetings, records
from engine.store.market import Announcement, Draft

RUNNING = "running"


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that the market said, and what came of it, without who said it. `about` is the
    question or the passage it is about, "" for the whole."""

    kind: str
    about: str
    outcome: str
    answer: str
    where: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A passage that differs between two drafts; `before` or `after` is "" where it is new or
    gone."""

    heading: str
    before: str
    after: str
    version: str


@dataclass(frozen=True, slots=True)
class Report:
    """What changed because of the market, worked out from what was answered and what was drafted.
    `answers` are those that have gone out to all."""

    answers: tuple[Changed, ...]
    adopted: int
    rejected: int
    rewritten: tuple[Rewritten, ...]


@dataclass(frozen=True, slots=True)
class PublicMarket:
    """What anybody may read. `open` tells whether one can sign up now, `cancelled` that nothing
    comes of it, `said` what was asked and answered at the conference."""

    procurement: str
    reference: str
    title: str
    organisation: str
    at: datetime
    need: str
    address: str
    purpose: str
    questions: tuple[str, ...]
    channels: tuple[str, ...]
    sign_up_by: datetime | None
    conference_at: datetime | None
    conference_place: str
    input_by: datetime | None
    open: bool
    cancelled: bool
    draft: Draft | None
    hearing: bool
    said: tuple[tuple[str, str], ...]
    report: Report


@dataclass(frozen=True, slots=True)
class OwnInput:
    """What one's own business said, with the answer."""

    id: str
    kind: str
    about: str
    text: str
    at: datetime
    outcome: str
    answer: str
    where: str


@dataclass(frozen=True, slots=True)
class OwnMarket:
    """The dialogue as one business sees it: what is public, and its own part. `ticket` and `number`
    are how it was drawn, "" before; `last` is the highest number that got a meeting; `draw` what it
    takes to work the number out again."""

    public: PublicMarket
    signed_up: SignUpRecord | None
    inputs: tuple[OwnInput, ...]
    meetings: tuple[MeetingRecord, ...]
    number: str
    last: str
    seed: str
    head: str
    words: str
    may_write: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class SignedUp:
    """One business that signed up, how lots fell for it, and what it took part in. `measure` is
    what the team does so that its lead does not count, "" where nothing is said yet."""

    record: SignUpRecord
    place: int
    starts_at: datetime | None
    inputs: int
    met: bool
    measure: str
    reason: str

    @property
    def advised(self) -> bool:
        """Whether it has had a say, so that a measure is due."""
        return self.met or self.inputs > 0


@dataclass(frozen=True, slots=True)
class TeamInput:
    """Input as the team sees it; `organisation` is who said it."""

    id: str
    kind: str
    about: str
    organisation: str
    text: str
    at: datetime
    outcome: str
    answer: str
    where: str


@dataclass(frozen=True, slots=True)
class MarketPage:
    public: PublicMarket
    signups: tuple[SignedUp, ...]
    people: int
    inputs: tuple[TeamInput, ...]
    waiting: int
    draw: DrawRecord | None
    report: Report
    may_draw: bool
    may_answer: bool
    may_withdraw: bool
    outcomes: tuple[str, ...] = OUTCOMES


def public_markets(view: View) -> tuple[PublicMarket, ...]:
    """Every dialogue that goes on, for anybody, the newest first."""
    found = (find_procurement(view, key) for key in market.announced_procurements(view.connection))
    return tuple(_public(seen, _announced(seen)) for seen in found if _goes_on(seen))


def public_market(view: View, key: str) -> PublicMarket:
    """One, for anybody; raises NotFoundError where none was announced."""
    seen = find_procurement(view, key)
    return _public(seen, _announced(seen))


def own_market(view: View) -> OwnMarket:
    """For a business that takes part; raises NotFoundError for everybody else, and where no
    dialogue was announced. Answers on a draft come when they go out to all."""
    place = view.actor.participation
    if place is None or not place.scope:
        raise NotFoundError("market", view.actor.id)
    seen = find_procurement(view, place.procurement)
    target = replace(seen.target(place.scope), procurement=seen.row.id)
    if not seen.may(Action.PARTICIPATE, target):
        raise NotFoundError("market", place.procurement)
    announced = _announced(seen)
    mine = next((each for each in _signups(seen) if each.scope == place.scope), None)
    draw = _draw(seen)
    numbers = dict(draw.order) if draw else {}
    winners = [numbers[ticket] for ticket, _ in draw.slots] if draw else []
    return OwnMarket(
        public=_public(seen, announced),
        signed_up=mine,
        inputs=tuple(
            _own(announced, each)
            for each in market.inputs_of(view.connection, seen.row.id)
            if each.scope == place.scope
        ),
        meetings=tuple(each for each in _meetings(seen) if each.scope == place.scope),
        number=numbers.get(mine.id, "") if mine else "",
        last=max(winners, default=""),
        seed=draw.seed if draw else "",
        head=draw.head if draw else "",
        words=draw.words if draw else "",
        may_write=_goes_on(seen) and (mine is None or mine.stands),
        may_withdraw=mine is not None and mine.stands and seen.row.status == RUNNING,
    )


def _own(announced: Announcement, each: InputRecord) -> OwnInput:
    out = _is_out(announced, each)
    return OwnInput(
        id=each.id,
        kind=each.kind,
        about=_about(announced, each),
        text=each.text,
        at=each.at,
        outcome=each.outcome if out else "",
        answer=each.answer if out else "",
        where=each.where if out else "",
    )


def market_page(view: View, key: str) -> MarketPage:
    """For the team; who may not know a business sees nothing of it. Raises NotFoundError."""
    seen = see_procurement(view, key)
    announced = _announced(seen)
    signups = [each for each in _signups(seen) if seen.sees(each.scope)]
    names = {each.scope: each.organisation for each in signups}
    inputs = [each for each in market.inputs_of(view.connection, key) if seen.sees(each.scope)]
    draw = _draw(seen)
    return MarketPage(
        public=_public(seen, announced),
        signups=tuple(_signed_up(seen, each, inputs, draw) for each in signups),
        people=sum(each.people for each in signups if each.stands),
        inputs=tuple(
            TeamInput(
                each.id,
                each.kind,
                _about(announced, each),
                names.get(each.scope, each.scope),
                each.text,
                each.at,
                each.outcome,
                each.answer,
                each.where,
            )
            for each in inputs
        ),
        waiting=sum(1 for each in inputs if not each.outcome),
        draw=draw,
        report=_report(seen, announced, whole=True),
        may_draw=seen.may(Action.ARRANGE, seen.target()) and _goes_on(seen) and draw is None,
        may_answer=seen.may(Action.ANSWER_MARKET, seen.target()),
        may_withdraw=seen.may(Action.ARRANGE, seen.target("any")) and seen.row.status == RUNNING,
    )


def _announced(seen: Seen) -> Announcement:
    found = market.announcement_of(seen.view.connection, seen.row.id)
    if found is None:
        raise NotFoundError("market", seen.row.id)
    return found


def _goes_on(seen: Seen) -> bool:
    """Until the competition is announced: then it is too late for the market's advice."""
    return seen.row.status == RUNNING and not seen.row.frozen_documents


def _signups(seen: Seen) -> list[SignUpRecord]:
    return market.signups_of(seen.view.connection, seen.row.id)


def _draw(seen: Seen) -> DrawRecord | None:
    found = market.draws_of(seen.view.connection, seen.row.id)
    return found[-1] if found else None


def _meetings(seen: Seen) -> Iterator[MeetingRecord]:
    for each in meetings.meetings_of(seen.view.connection, seen.row.id):
        if each.occasion == OCCASION and each.stands:
            yield each


def _public(seen: Seen, announced: Announcement) -> PublicMarket:
    plan, now = announced.plan, seen.view.now
    until = announced.moment("sign_up_by")
    draft = announced.drafts[-1] if announced.drafts else None
    return PublicMarket(
        procurement=seen.row.id,
        reference=seen.row.reference,
        title=said(announced.notice, "title") or seen.row.title,
        organisation=buyer_of(seen),
        at=announced.at,
        need=said(announced.notice, "description"),
        address=said(announced.notice, "documents_url"),
        purpose=said(plan, "purpose"),
        questions=tuple(said(each, "question") for each in entries(plan, "questions")),
        channels=tuple(each for each in plan.get("channels", ()) if isinstance(each, str)),
        sign_up_by=until,
        conference_at=announced.moment("conference_at"),
        conference_place=said(plan, "conference_place"),
        input_by=announced.moment("input_by"),
        open=_goes_on(seen) and (until is None or now < until),
        cancelled=seen.row.called_off,
        draft=draft,
        hearing=draft is not None
        and _goes_on(seen)
        and (draft.deadline is None or now < draft.deadline),
        said=_said(seen),
        report=_report(seen, announced, whole=False),
    )


def _said(seen: Seen) -> tuple[tuple[str, str], ...]:
    """Questions and answers of the conference, once these are published."""
    found = records.submissions_of(seen.view.connection, seen.row.id, "dialogue-conference")
    content: Mapping[str, Any] = found[-1].content if found else {}
    if content.get("published") is not True:
        return ()
    rows = entries(content, "questions")
    return tuple((said(each, "question"), said(each, "answer")) for each in rows)


def _about(announced: Announcement, each: InputRecord) -> str:
    """The question or the heading of the passage that it is about."""
    if not each.about:
        return ""
    if each.kind == HEARING:
        draft = next((one for one in announced.drafts if one.id == each.draft), None)
        texts = [heading for heading, _ in draft.passages] if draft else []
    else:
        texts = [said(one, "question") for one in entries(announced.plan, "questions")]
    return texts[each.about - 1] if each.about <= len(texts) else ""


def _report(seen: Seen, announced: Announcement, *, whole: bool) -> Report:
    """`whole` takes in what has been answered and has not gone out yet."""
    answered = [
        each
        for each in market.inputs_of(seen.view.connection, seen.row.id)
        if each.outcome and (whole or _is_out(announced, each))
    ]
    return Report(
        answers=tuple(
            Changed(each.kind, _about(announced, each), each.outcome, each.answer, each.where)
            for each in answered
        ),
        adopted=sum(1 for each in answered if each.outcome == "adopt"),
        rejected=sum(1 for each in answered if each.outcome == "reject"),
        rewritten=tuple(_rewritten(announced)),
    )


def _is_out(announced: Announcement, each: InputRecord) -> bool:
    """Answers on a draft go out together; those on written input as they are given."""
    if each.kind != HEARING:
        return True
    draft = next((one for one in announced.drafts if one.id == each.draft), None)
    return draft is not None and draft.answered_at is not None


def _rewritten(announced: Announcement) -> Iterator[Rewritten]:
    """What each draft changed in the one before, passage by passage, told by their headings."""
    for before, after in zip(announced.drafts, announced.drafts[1:], strict=False):
        old, new = dict(before.passages), dict(after.passages)
        for heading in dict.fromkeys((*new, *old)):
            was, now = old.get(heading, ""), new.get(heading, "")
            if was != now:
                yield Rewritten(heading, was, now, after.version)


def _signed_up(
    seen: Seen, signup: SignUpRecord, inputs: list[InputRecord], draw: DrawRecord | None
) -> SignedUp:
    order = [ticket for ticket, _ in draw.order] if draw else []
    mine = [each for each in _meetings(seen) if each.scope == signup.scope]
    measure, reason = _measure(seen, signup)
    return SignedUp(
        record=signup,
        place=order.index(signup.id) + 1 if signup.id in order else 0,
        starts_at=mine[0].starts_at if mine else None,
        inputs=sum(1 for each in inputs if each.scope == signup.scope),
        met=any(each.began_at is not None for each in mine),
        measure=measure,
        reason=reason,
    )


def _measure(seen: Seen, signup: SignUpRecord) -> tuple[str, str]:
    """What the newest levelling (F-08) says of the business."""
    found = records.submissions_of(seen.view.connection, seen.row.id, "level-field")
    content: Mapping[str, Any] = found[-1].content if found else {}
    for each in entries(content, "advisers"):
        if said(each, "name").casefold() == signup.organisation.casefold():
            return said(each, "measure"), said(each, "reason")
    return "", ""
