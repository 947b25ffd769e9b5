"""What the checks of a gate stand on, read from the rows that count."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, overload

import orjson
import sqlalchemy as sa

from engine.model.actor import Membership
from engine.model.dialogue import (
    FINAL_MINUTES,
    ItemRecord,
    MinutesRecord,
    QuestionRecord,
    QuestionState,
    Source,
)
from engine.model.market import HEARING, OCCASION
from engine.model.meeting import MeetingRecord
from engine.model.records import ProcurementRecord
from engine.model.sealing import branch_of
from engine.procurement.facts import (
    ContributionFact,
    DecisionFact,
    DeliveryFact,
    Facts,
    InquiryFact,
    ItemFact,
    MarketFact,
    MeetingFact,
    MemberFact,
    MinutesFact,
    OpeningFact,
    QuestionFact,
    ReturnedFact,
    RoundFact,
    SubmissionFact,
)
from engine.store import contributions, deliveries, dialogue, market, meetings, polls, records


def load_facts(  # noqa: PLR0913 - a gate stands on all of these
    connection: sa.Connection,
    procurement: ProcurementRecord,
    team: Collection[Membership],
    *,
    scope: str,
    variables: Mapping[str, Any],
    draft: Mapping[str, Any] | None,
    rules_at: date,
    now: datetime,
) -> Facts:
    """The facts of a branch: confidential matter of other suppliers stays out of a scoped one."""
    scope = branch_of(scope)
    return Facts(
        now=now,
        rules_at=rules_at,
        procedure=procurement.procedure,
        scope=scope,
        variables=variables,
        submissions=_Submissions(connection, procurement.id, scope),
        decisions=_Decisions(connection, procurement.id, scope),
        members=tuple(
            MemberFact(
                seat.person,
                seat.role,
                seat.deputy_for,
                seat.valid_from,
                seat.valid_to,
                seat.impartiality,
            )
            for seat in team
        ),
        draft=draft,
        contributions=_contributions(connection, procurement.id),
        market=_market(connection, procurement.id),
        inquiries=tuple(
            InquiryFact(each.asked_at, each.reply_by, each.replied_at)
            for each in dialogue.inquiries_of(connection, procurement.id, scope)
        )
        if scope
        else (),
        returned=tuple(
            ReturnedFact(*each) for each in records.letters_returned(connection, procurement.id)
        ),
        **_of_rounds(connection, procurement.id, scope),
        **_of_receipt(connection, procurement.id, scope),
    )


def _of_receipt(connection: sa.Connection, procurement: str, scope: str) -> dict[str, Any]:
    """What suppliers handed in that counts, neither replaced nor withdrawn, and what was opened."""
    intakes = {each.id: each for each in deliveries.intakes_of(connection, procurement)}
    if not intakes:
        return {}
    return {
        "deliveries": tuple(
            DeliveryFact(
                intakes[each.intake].kind,
                each.supplier or each.code,
                each.at,
                intakes[each.intake].deadline,
                each.late,
            )
            for each in deliveries.deliveries_of(connection, procurement)
            if not each.replaced_by
            and each.withdrawn_at is None
            and scope in ("", each.supplier or each.code)
        ),
        "openings": tuple(
            OpeningFact(intakes[each.intake].kind, (each.first, each.second), each.at)
            for each in deliveries.openings_of(connection, procurement)
            if each.at is not None
        ),
    }


def _of_rounds(connection: sa.Connection, procurement: str, scope: str) -> dict[str, Any]:
    """Rounds and what belongs to them, as the branch may see it."""

    def mine(each: MeetingRecord | MinutesRecord | ItemRecord | QuestionRecord) -> bool:
        return not scope or each.scope in ("", scope)

    released = {each.id: each.at for each in dialogue.releases_of(connection, procurement)}
    return {
        "rounds": tuple(
            RoundFact(
                each.id,
                each.number,
                each.opened_at,
                each.closed_at,
                each.may_eliminate,
                each.criteria,
            )
            for each in dialogue.rounds_of(connection, procurement)
        ),
        "meetings": tuple(
            MeetingFact(each.occasion, each.scope, each.began_at, each.ended_at)
            for each in meetings.meetings_of(connection, procurement)
            if mine(each) and each.stands and each.began_at and each.ended_at
        ),
        "minutes": tuple(
            MinutesFact(each.round, each.scope, each.state in FINAL_MINUTES)
            for each in filter(mine, dialogue.minutes_of(connection, procurement))
        ),
        "items": tuple(
            ItemFact(
                each.number,
                each.origin == Source.ORAL,
                each.learned_at,
                released.get(each.release),
                each.waits,
            )
            for each in filter(mine, dialogue.items_of(connection, procurement))
        ),
        "questions": tuple(
            QuestionFact(
                each.asked_at,
                released.get(each.release),
                each.state in (QuestionState.ASKED, QuestionState.ANSWERED),
            )
            for each in filter(mine, dialogue.questions_of(connection, procurement))
        ),
    }


def _market(connection: sa.Connection, procurement: str) -> MarketFact:
    """What the open market dialogue has left on record; nothing where nobody signed up."""
    signups = market.signups_of(connection, procurement)
    if not signups:
        return MarketFact()
    inputs = market.inputs_of(connection, procurement)
    held = {
        each.scope
        for each in meetings.meetings_of(connection, procurement)
        if each.occasion == OCCASION and each.began_at is not None
    }
    spoke = held | {each.scope for each in inputs}
    draws = market.draws_of(connection, procurement)
    booked = [
        each
        for each in meetings.meetings_of(connection, procurement)
        if each.occasion == OCCASION and each.stands
    ]
    return MarketFact(
        unanswered=sum(1 for each in inputs if each.kind == HEARING and not each.outcome),
        advisers=tuple(each.organisation for each in signups if each.scope in spoke),
        wished=sum(1 for each in signups if each.meeting and each.stands),
        drawn=tuple(int((each.ends_at - each.starts_at).total_seconds()) // 60 for each in booked)
        if draws
        else None,
    )


def _contributions(connection: sa.Connection, procurement: str) -> tuple[ContributionFact, ...]:
    """Those that stand, polls among them, with the roles of everybody whose words were merged or
    split into them."""
    found = {each.id: each for each in contributions.all_of(connection, procurement)}
    parents = contributions.parents_of(connection, procurement) if found else {}

    def roles(key: str) -> frozenset[str]:
        own = frozenset({found[key].role} - {""})
        return own.union(*(roles(parent) for parent in parents.get(key, ())))

    given = (
        ContributionFact(roles(key), each.used)
        for key, each in found.items()
        if each.status == "open"
    )
    return (*given, *_polls(connection, procurement))


def _polls(connection: sa.Connection, procurement: str) -> Iterator[ContributionFact]:
    """Each that somebody has answered is one contribution of all who did."""
    asked = polls.polls_of(connection, procurement)
    voters = polls.voters_of(connection, procurement) if asked else []
    for poll in asked:
        roles = frozenset(each.role for each in voters if each.poll == poll.id)
        if roles:
            yield ContributionFact(roles, poll.used)


class _Submissions(Mapping[str, Sequence[SubmissionFact]]):
    """What was submitted, by form, fetched when a check looks at that form."""

    def __init__(self, connection: sa.Connection, procurement: str, scope: str) -> None:
        self._connection = connection
        self._procurement = procurement
        self._scope = scope
        self._known: dict[str, Sequence[SubmissionFact]] = {}

    def __getitem__(self, form: str) -> Sequence[SubmissionFact]:
        if form not in self._known:
            self._known[form] = self._fetch(form)
        return self._known[form]

    def __iter__(self) -> Iterator[str]:
        whole: dict[str, list[SubmissionFact]] = {}
        for each in self._fetch():
            whole.setdefault(each.form, []).append(each)
        self._known.update(whole)
        return iter(whole)

    def __len__(self) -> int:
        return len(list(iter(self)))

    def _fetch(self, form: str | None = None) -> list[SubmissionFact]:
        found = records.stored_submissions(self._connection, self._procurement, form)
        return [
            SubmissionFact(
                each.form, each.element, _Unread(each.content), each.by, each.at, each.scope
            )
            for each in found
            if not self._scope or branch_of(each.scope) in ("", self._scope)
        ]


class _Decisions(Sequence[DecisionFact]):
    """What was decided, fetched when a check looks at it."""

    def __init__(self, connection: sa.Connection, procurement: str, scope: str) -> None:
        self._connection = connection
        self._procurement = procurement
        self._scope = scope

    @overload
    def __getitem__(self, place: int) -> DecisionFact: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[DecisionFact]: ...

    def __getitem__(self, place: int | slice) -> DecisionFact | Sequence[DecisionFact]:
        return self._all[place]

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _all(self) -> list[DecisionFact]:
        return [
            DecisionFact(
                each.decision,
                each.option,
                each.reason,
                each.by,
                each.at,
                each.scope,
                each.element,
            )
            for each in records.decisions(self._connection, self._procurement)
            if not self._scope or branch_of(each.scope) in ("", self._scope)
        ]


class _Unread(Mapping[str, Any]):
    """A submission's content, parsed when a check looks into it: most of them none does."""

    __slots__ = ("_content", "_raw")

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._content: dict[str, Any] | None = None

    def _read(self) -> dict[str, Any]:
        if self._content is None:
            self._content = orjson.loads(self._raw)
        return self._content

    def __getitem__(self, name: str) -> Any:
        return self._read()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())
