"""What the checks of a gate look at: one procurement at one moment, as one branch sees it.

Plain values, gathered by whoever asks; a check reads nothing else. Submissions and decisions are
in the order in which they were made, and may be fetched when a check looks at them: most checks
look at few.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.model.actor import Impartiality
from engine.procurement.text import Text


@dataclass(frozen=True, slots=True)
class SubmissionFact:
    """A submitted form. `scope` is the supplier's key, or empty."""

    form: str
    task: str
    data: Mapping[str, Any]
    by: str
    at: datetime
    scope: str


@dataclass(frozen=True, slots=True)
class DecisionFact:
    """A recorded decision (D1-D15) with everyone who made or confirmed it."""

    decision: str
    option: str
    reason: str
    by: tuple[str, ...]
    at: datetime
    scope: str
    task: str


@dataclass(frozen=True, slots=True)
class MemberFact:
    """A member of the team; `deputy_for` names the person stood in for, or is empty."""

    person: str
    role: str
    deputy_for: str
    valid_from: date | None
    valid_to: date | None
    impartiality: Impartiality = Impartiality.NOT_ASKED

    def active(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )


@dataclass(frozen=True, slots=True)
class ContributionFact:
    """What somebody from outside or inside gave, as it stands. `roles` are what those whose words
    it holds take part as; `used` is "" until answered."""

    roles: frozenset[str]
    used: str


@dataclass(frozen=True, slots=True)
class MarketFact:
    """The open market dialogue on record: comments on drafts that nobody has answered, how many
    wished for a meeting and how many minutes each drawn one lasts; `drawn` is None where no lots
    were drawn."""

    unanswered: int = 0
    wished: int = 0
    drawn: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class RoundFact:
    """A round of dialogue or negotiation; `closed_at` is None while it goes on."""

    id: str
    number: int
    opened_at: datetime
    closed_at: datetime | None
    may_eliminate: bool
    criteria: str


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """A meeting that was held with the supplier `scope`, in a round or on another occasion."""

    occasion: str
    scope: str
    began_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class PassageFact:
    """What a supplier asked to keep from others, in its words, and since when."""

    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class MinutesFact:
    """Minutes of the supplier `scope`; `final` once confirmed or an objection is settled. `kept`
    are the passages that it marked as confidential."""

    round: str
    scope: str
    final: bool
    kept: tuple[PassageFact, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseFact:
    """What all were given at one moment, and which suppliers they were; `answers` where it answers
    questions. `missed` are suppliers that had come in by then and were not among them."""

    answers: bool
    at: datetime
    texts: tuple[str, ...]
    missed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ItemFact:
    """What one supplier learned; `waits` until all know or it is found to have no bearing.
    `oral` where it was told outside of a meeting."""

    number: int
    oral: bool
    learned_at: datetime
    released_at: datetime | None
    waits: bool


@dataclass(frozen=True, slots=True)
class QuestionFact:
    """A question; `waits` until it is answered to all or refused. `named` is a supplier that what
    all get of it names, "" for none."""

    asked_at: datetime
    released_at: datetime | None
    waits: bool
    named: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryFact:
    """What a supplier handed in here and that counts. `scope` is the supplier's key, or the code
    where names are kept away; `late` is decided by the server's clock."""

    kind: str
    scope: str
    at: datetime
    deadline: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class OpeningFact:
    """Two persons opened what of this kind had come."""

    kind: str
    by: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class InquiryFact:
    """The branch's supplier was asked in writing about its tender; `replied_at` is None while it
    has not replied."""

    asked_at: datetime
    reply_by: datetime
    replied_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReturnedFact:
    """A letter of this kind, sent at that moment, came back."""

    kind: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """One procurement at `now` (aware), under the law of `rules_at`.

    `variables` is the process data the task sees (JSON values); `submissions` are by form; `draft`
    is the submission being made on the gate itself, None while it is only looked at.
    `contributions` are those that stand: neither merged nor split into others. `unlevelled` are the
    names of those who had a say before the competition, in whatever way, and have no measure on
    record; `standing` the suppliers that are registered and not out of it. `called` gives the name
    of the person with an id and `firm` that of the supplier with a key, what they were asked for
    where nobody has it.
    """

    now: datetime
    rules_at: date
    procedure: str
    scope: str
    variables: Mapping[str, Any]
    submissions: Mapping[str, Sequence[SubmissionFact]]
    decisions: Sequence[DecisionFact]
    members: tuple[MemberFact, ...]
    draft: Mapping[str, Any] | None
    contributions: Sequence[ContributionFact] = ()
    market: MarketFact = MarketFact()
    unlevelled: Sequence[str] = ()
    standing: Sequence[str] = ()
    rounds: Sequence[RoundFact] = ()
    meetings: Sequence[MeetingFact] = ()
    minutes: Sequence[MinutesFact] = ()
    items: Sequence[ItemFact] = ()
    questions: Sequence[QuestionFact] = ()
    releases: Sequence[ReleaseFact] = ()
    deliveries: Sequence[DeliveryFact] = ()
    openings: Sequence[OpeningFact] = ()
    inquiries: Sequence[InquiryFact] = ()
    returned: Sequence[ReturnedFact] = ()
    called: Callable[[str], str] = str
    firm: Callable[[str], str] = str

    def names_of(self, persons: Iterable[str]) -> list[str]:
        """What a check calls these persons, whose ids say nothing to its reader."""
        return sorted(map(self.called, persons))

    def firms_of(self, suppliers: Iterable[str]) -> list[str]:
        """What a check calls these suppliers: by firm and number, as people know them."""
        return sorted(map(self.firm, suppliers))

    @property
    def round(self) -> RoundFact | None:
        """The round that goes on, or the last one."""
        return self.rounds[-1] if self.rounds else None

    def all(self, form: str, scope: str | None = None) -> tuple[SubmissionFact, ...]:
        """Every submission of `form`, oldest first; of one scope where `scope` is given."""
        return tuple(
            submission
            for submission in self.submissions.get(form, ())
            if scope in (None, submission.scope)
        )

    def latest(self, form: str, scope: str | None = None) -> SubmissionFact | None:
        """The newest submission of `form`; of one scope where `scope` is given."""
        found = self.all(form, scope)
        return found[-1] if found else None

    def of_branch(self, form: str) -> SubmissionFact | None:
        """The newest submission of `form` in this branch, else the one made for all branches; of
        all where this is no branch."""
        if not self.scope:
            return self.latest(form)
        return self.latest(form, self.scope) or self.latest(form, "")

    def newest_per_scope(self, form: str) -> Mapping[str, SubmissionFact]:
        """The newest submission of `form` of each supplier."""
        return {submission.scope: submission for submission in self.all(form)}

    def decided(self, decision: str, scope: str | None = None) -> tuple[DecisionFact, ...]:
        """Every decision `decision`, oldest first; of one scope where `scope` is given."""
        return tuple(
            made
            for made in self.decisions
            if made.decision == decision and scope in (None, made.scope)
        )


@dataclass(frozen=True, slots=True)
class CheckResult:
    """A check's answer: whether it holds, the fact it rests on, and the roles who can mend it."""

    rule: str
    holds: bool
    fact: Text
    who_can_mend: tuple[str, ...]
    citation: str
