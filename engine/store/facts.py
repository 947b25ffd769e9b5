"""What the checks of a gate stand on, read from the rows that count."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import starmap
from typing import Any, TypeVar, overload

import orjson
import sqlalchemy as sa

from engine.model.actor import Membership
from engine.model.dialogue import (
    FINAL_MINUTES,
    MinutesRecord,
    QuestionState,
    ReleaseKind,
    ReleaseRecord,
    Source,
)
from engine.model.market import HEARING, OCCASION
from engine.model.records import IntakeRecord, ProcurementRecord, SupplierRecord
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
    PassageFact,
    QuestionFact,
    ReleaseFact,
    ReturnedFact,
    RoundFact,
    SubmissionFact,
)
from engine.procurement.naming import named_in
from engine.store import (
    contributions,
    deliveries,
    dialogue,
    market,
    meetings,
    participants,
    people,
    polls,
    records,
)
from engine.store.firms import supplier_labels
from engine.store.involvement import involved_in

Fact = TypeVar("Fact")


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
    branch = _Branch(connection, procurement.id, branch_of(scope))
    return Facts(
        now=now,
        rules_at=rules_at,
        procedure=procurement.procedure,
        scope=branch.scope,
        variables=variables,
        submissions=_Submissions(connection, procurement.id, branch.scope),
        decisions=Fetched(branch.decisions),
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
        contributions=Fetched(lambda: _contributions(connection, procurement.id)),
        market=_market(connection, procurement.id),
        unlevelled=Fetched(branch.unlevelled),
        standing=Fetched(branch.standing),
        rounds=Fetched(branch.rounds),
        meetings=Fetched(branch.meetings),
        minutes=Fetched(branch.minutes),
        items=Fetched(branch.items),
        questions=Fetched(branch.questions),
        releases=Fetched(branch.releases),
        deliveries=Fetched(branch.deliveries),
        openings=Fetched(branch.openings),
        inquiries=Fetched(branch.inquiries),
        returned=Fetched(branch.returned),
        called=lambda key: _name(connection, key),
        firm=branch.firm,
    )


def _name(connection: sa.Connection, person: str) -> str:
    found = people.find_person(connection, person)
    return found.name if found else person


class _Branch:
    """What is on record of a procurement, as one branch may see it; all of it where `scope` is
    empty."""

    def __init__(self, connection: sa.Connection, procurement: str, scope: str) -> None:
        self._connection = connection
        self._procurement = procurement
        self.scope = scope

    def decisions(self) -> Iterator[DecisionFact]:
        for each in records.decisions(self._connection, self._procurement):
            if not self.scope or branch_of(each.scope) in ("", self.scope):
                yield DecisionFact(
                    each.decision,
                    each.option,
                    each.reason,
                    each.by,
                    each.at,
                    each.scope,
                    each.element,
                )

    def unlevelled(self) -> Iterator[str]:
        for each in involved_in(self._connection, self._procurement, self._sees):
            if each.due:
                yield each.name

    def firm(self, key: str) -> str:
        return self._firms.get(key, key)

    def standing(self) -> Iterator[str]:
        for each in self._suppliers:
            if self._sees(each.key) and each.stands:
                yield each.key

    def rounds(self) -> Iterator[RoundFact]:
        for each in dialogue.rounds_of(self._connection, self._procurement):
            yield RoundFact(
                each.id,
                each.number,
                each.opened_at,
                each.closed_at,
                each.may_eliminate,
                each.criteria,
            )

    def meetings(self) -> Iterator[MeetingFact]:
        for each in meetings.meetings_of(self._connection, self._procurement):
            if self._sees(each.scope) and each.stands and each.began_at and each.ended_at:
                yield MeetingFact(each.occasion, each.scope, each.began_at, each.ended_at)

    def minutes(self) -> Iterator[MinutesFact]:
        for each in dialogue.minutes_of(self._connection, self._procurement):
            if self._sees(each.scope):
                final = each.state in FINAL_MINUTES
                yield MinutesFact(each.round, each.scope, final, _kept(each))

    def items(self) -> Iterator[ItemFact]:
        for each in dialogue.items_of(self._connection, self._procurement):
            if self._sees(each.scope):
                oral, shared = each.origin == Source.ORAL, self._released.get(each.release)
                yield ItemFact(each.number, oral, each.learned_at, shared, each.waits)

    def questions(self) -> Iterator[QuestionFact]:
        for each in dialogue.questions_of(self._connection, self._procurement):
            if self._sees(each.scope):
                waits = each.state in (QuestionState.ASKED, QuestionState.ANSWERED)
                given = "\n".join(" ".join(pair.values()) for pair in each.pairs)
                named = named_in(given, self._names)
                yield QuestionFact(each.asked_at, self._released.get(each.release), waits, named)

    def releases(self) -> Iterator[ReleaseFact]:
        came = _came(self._connection, self._procurement, self._suppliers)
        for each in self._given:
            yield _release(each, came)

    def deliveries(self) -> Iterator[DeliveryFact]:
        """What suppliers handed in that counts: neither replaced nor withdrawn."""
        if not self._intakes:
            return
        for each in deliveries.deliveries_of(self._connection, self._procurement):
            supplier, intake = each.supplier or each.code, self._intakes[each.intake]
            if not each.replaced_by and each.withdrawn_at is None and self.scope in ("", supplier):
                yield DeliveryFact(intake.kind, supplier, each.at, intake.deadline, each.late)

    def openings(self) -> Iterator[OpeningFact]:
        if not self._intakes:
            return
        for each in deliveries.openings_of(self._connection, self._procurement):
            if each.at is not None:
                kind = self._intakes[each.intake].kind
                yield OpeningFact(kind, (each.first, each.second), each.at)

    def inquiries(self) -> Iterator[InquiryFact]:
        if self.scope:
            for each in dialogue.inquiries_of(self._connection, self._procurement, self.scope):
                yield InquiryFact(each.asked_at, each.reply_by, each.replied_at)

    def returned(self) -> Iterator[ReturnedFact]:
        return starmap(ReturnedFact, records.letters_returned(self._connection, self._procurement))

    def _sees(self, scope: str) -> bool:
        return not self.scope or scope in ("", self.scope)

    @cached_property
    def _released(self) -> Mapping[str, datetime]:
        return {each.id: each.at for each in self._given}

    @cached_property
    def _given(self) -> Sequence[ReleaseRecord]:
        return dialogue.releases_of(self._connection, self._procurement)

    @cached_property
    def _suppliers(self) -> Sequence[SupplierRecord]:
        return records.suppliers(self._connection, self._procurement)

    @cached_property
    def _firms(self) -> Mapping[str, str]:
        return supplier_labels(self._connection, self._procurement)

    @cached_property
    def _names(self) -> Sequence[str]:
        return sorted({word for each in self._suppliers for word in (each.key, each.name)})

    @cached_property
    def _intakes(self) -> Mapping[str, IntakeRecord]:
        intakes = deliveries.intakes_of(self._connection, self._procurement)
        return {each.id: each for each in intakes}


def _kept(found: MinutesRecord) -> tuple[PassageFact, ...]:
    """A mark without a moment of its own came with the minutes."""
    return tuple(
        PassageFact(
            each["text"], datetime.fromisoformat(each.get("marked_at") or found.sent_at.isoformat())
        )
        for each in found.passages
        if each["confidential"]
    )


def _came(
    connection: sa.Connection, procurement: str, known: Collection[SupplierRecord]
) -> Mapping[str, datetime]:
    """Since when suppliers that still take part have had somebody in the portal."""
    out = {each.key for each in known if not each.stands}
    found: dict[str, datetime] = {}
    for each in participants.participants_of(connection, procurement):
        if each.scope and not each.removed and each.scope not in out:
            found.setdefault(each.scope, each.joined_at)
    return found


def _release(found: ReleaseRecord, came: Mapping[str, datetime]) -> ReleaseFact:
    return ReleaseFact(
        found.kind == ReleaseKind.ANSWERS,
        found.at,
        tuple(" ".join(each.values()) for each in found.texts),
        tuple(key for key in came if came[key] < found.at and key not in found.recipients),
    )


def _market(connection: sa.Connection, procurement: str) -> MarketFact:
    """What the open market dialogue has left on record; nothing where nobody signed up."""
    signups = market.signups_of(connection, procurement)
    if not signups:
        return MarketFact()
    inputs = market.inputs_of(connection, procurement)
    draws = market.draws_of(connection, procurement)
    booked = [
        each
        for each in meetings.meetings_of(connection, procurement)
        if each.occasion == OCCASION and each.stands
    ]
    return MarketFact(
        unanswered=sum(1 for each in inputs if each.kind == HEARING and not each.outcome),
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
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    @cached_property
    def _whole(self) -> Mapping[str, Sequence[SubmissionFact]]:
        whole: dict[str, list[SubmissionFact]] = {}
        for each in self._fetch():
            whole.setdefault(each.form, []).append(each)
        self._known.update(whole)
        return whole

    def _fetch(self, form: str | None = None) -> list[SubmissionFact]:
        found = records.stored_submissions(self._connection, self._procurement, form)
        return [
            SubmissionFact(
                each.form, each.element, _Unread(each.content), each.by, each.at, each.scope
            )
            for each in found
            if not self._scope or branch_of(each.scope) in ("", self._scope)
        ]


class Fetched(Sequence[Fact]):
    """Facts of one kind, fetched when a check looks at them: most checks look at few kinds."""

    def __init__(self, fetch: Callable[[], Iterable[Fact]]) -> None:
        self._fetch = fetch

    @overload
    def __getitem__(self, place: int) -> Fact: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Fact]: ...

    def __getitem__(self, place: int | slice) -> Fact | Sequence[Fact]:
        return self._all[place]

    def __len__(self) -> int:
        return len(self._all)

    @cached_property
    def _all(self) -> tuple[Fact, ...]:
        return tuple(self._fetch())


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
