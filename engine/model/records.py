"""Rows as plain values: what the store hands to the commands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from engine.model.delivery import DeliveryState
from engine.model.meeting import OUT_OF_IT


@dataclass(frozen=True, slots=True)
class OrganisationRecord:
    id: str
    name: str
    kind: str
    number: str
    parent: str
    language: str


@dataclass(frozen=True, slots=True)
class PersonRecord:
    id: str
    organisation: str
    name: str
    username: str
    email: str
    active: bool


@dataclass(frozen=True, slots=True)
class TokenRecord:
    """An API token, which its secret's SHA-256 tells; it counts from `valid_from` until `valid_to`,
    unless it was revoked."""

    id: str
    person: str
    name: str
    scopes: list[str]
    level: int
    valid_from: datetime
    valid_to: datetime
    digest: str
    issued_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None

    def valid_at(self, moment: datetime) -> bool:
        """Whether it lets anybody in at that moment."""
        return self.revoked_at is None and self.valid_from <= moment < self.valid_to


@dataclass(frozen=True, slots=True)
class DefinitionRecord:
    """One version; what it says is in `engine.model.definition.ProcessDefinition`."""

    digest: str
    key: str
    name: str
    startable: bool


@dataclass(frozen=True, slots=True)
class DeploymentRecord:
    """A version as `organisation` has deployed it. `origin` is the version it was made from and
    `origin_of` whose that was, both "" where it was made from nobody else's."""

    digest: str
    key: str
    name: str
    startable: bool
    organisation: str
    number: int
    origin: str
    origin_of: str


CANCELLED: Final = "cancelled"
"""The status of a procurement that was broken off, and the outcome of a competition that was."""


@dataclass(frozen=True, slots=True)
class ProcurementRecord:
    """The row that every act on a procurement locks. `state` is the packed live process."""

    id: str
    reference: str
    organisation: str
    title: str
    definition: str
    procedure: str
    status: str
    phase: str
    outcome: str
    rules_at: str
    rule_set: str
    rules_noted: str
    frozen_documents: str
    supplier_list: int
    value: int | None
    created_at: datetime
    version: int
    state: bytes
    audit_seq: int
    audit_head: bytes

    @property
    def called_off(self) -> bool:
        """Whether nothing comes of it, though a result notice may be still to come."""
        return CANCELLED in (self.status, self.outcome)

    @property
    def goes_on(self) -> bool:
        """Whether anything more is wanted of those outside."""
        return self.status == "running" and not self.called_off


ADDED_TASK: Final = "added"
GATHERING: Final = "gathering"
ADDED_KINDS: Final = (ADDED_TASK, GATHERING)
"""Kinds of tasks that the lead put in beside the model; a gathering has a time and a place."""


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A piece of work for a person. `proposal` is set while a second pair of eyes is awaited;
    `helpers` are the persons to whom it was lent."""

    id: str
    procurement: str
    organisation: str
    element: str
    name: str
    kind: str
    process: str
    role: str
    scope: str
    phase: str
    status: str
    candidate: str
    assignee: str
    owner: str
    proposal: dict[str, Any] | None
    helpers: list[str]
    opened_at: datetime
    due_at: datetime | None
    due_why: dict[str, Any]
    closed_at: datetime | None
    closed_by: str
    closed_for: str


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """Unfinished work on a task, and who saved it last."""

    content: dict[str, Any]
    saved_at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class PresenceRecord:
    """One window in which a person has a task open; `wrote_at` is the last sign of writing."""

    page: str
    person: str
    seen_at: datetime
    wrote_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredSubmission:
    """A form handed in, as its row has it: `content` is the JSON bytes that were hashed."""

    id: str
    task: str
    element: str
    form: str
    scope: str
    content: bytes
    by: str
    at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class FilterRecord:
    """A filter somebody saved. `content` is what the list shows, as the page understands it; it is
    shared with an `organisation`, with the team of a `procurement`, or with nobody."""

    id: str
    person: str
    name: str
    content: dict[str, Any]
    organisation: str = ""
    procurement: str = ""


@dataclass(frozen=True, slots=True)
class SubmissionRecord:
    """A form handed in; `content` as parsed JSON."""

    id: str
    task: str
    element: str
    form: str
    scope: str
    content: dict[str, Any]
    by: str
    at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class CommentRecord:
    """`by` and `mentions` are ids of persons; `scope` as a task's."""

    id: str
    task: str
    scope: str
    by: str
    mentions: list[str]
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """What was decided at a gate."""

    id: str
    task: str
    element: str
    decision: str
    option: str
    opens: bool
    reason: str
    by: tuple[str, ...]
    scope: str
    at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class ParticipantRecord:
    """Somebody from outside who has come in by an invitation."""

    id: str
    procurement: str
    role: str
    scope: str
    group: str
    name: str
    email: str
    joined_at: datetime
    removed: bool


@dataclass(frozen=True, slots=True)
class InvitationRecord:
    """`participant` is whom it let in, or may let in again; "" while nobody has used it.
    `mailed_at` is when the link last left by mail."""

    id: str
    procurement: str
    participant: str
    role: str
    scope: str
    group: str
    name: str
    email: str
    digest: str
    by: str
    at: datetime
    valid_to: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    mailed_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """Whether it lets somebody in."""
        return self.used_at is None and self.revoked_at is None and now <= self.valid_to


@dataclass(frozen=True, slots=True)
class ContributionRecord:
    """What somebody gave, and what came of it. `status` is open, merged or split."""

    id: str
    procurement: str
    kind: str
    phase: str
    role: str
    group: str
    text: str
    named: bool
    on_behalf: str
    files: list[str]
    by: str
    at: datetime
    status: str
    hidden_by: str
    used: str
    answer: str
    reason: str
    answered_by: str
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class IntakeRecord:
    """Where suppliers deliver one kind of thing; `key` is the public key in hexadecimal."""

    id: str
    procurement: str
    kind: str
    deadline: datetime
    timer: str
    expected: list[str]
    anonymous: bool
    key: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryRecord:
    """What a supplier handed in; `files` are id, media type, size, SHA-256, what is shown, and the
    part (`engine.model.delivery.part_of`) of each."""

    id: str
    procurement: str
    intake: str
    supplier: str
    owner: str
    code: str
    channel: str
    late: bool
    files: list[list[Any]]
    digest: str
    remark: str
    by: str
    at: datetime
    seq: int
    replaced_by: str
    withdrawn_at: datetime | None
    opened_at: datetime | None

    @property
    def state(self) -> DeliveryState:
        if self.opened_at is not None:
            return DeliveryState.OPENED
        if self.withdrawn_at is not None:
            return DeliveryState.WITHDRAWN
        if self.replaced_by:
            return DeliveryState.REPLACED
        return DeliveryState.LATE if self.late else DeliveryState.RECEIVED


@dataclass(frozen=True, slots=True)
class OpeningRecord:
    """Two persons open: `second` is empty and `at` None until the second has come."""

    id: str
    procurement: str
    intake: str
    first: str
    begun_at: datetime
    second: str
    at: datetime | None
    deliveries: list[str]
    left_sealed: list[list[str]]


@dataclass(frozen=True, slots=True)
class RemarkRecord:
    """What somebody said about a contribution."""

    id: str
    procurement: str
    contribution: str
    role: str
    group: str
    text: str
    named: bool
    by: str
    at: datetime
    hidden_by: str


@dataclass(frozen=True, slots=True)
class PollRecord:
    """What people are asked. `closed_at` is set where it was closed before its time; `ballots` are
    question → pairs of mark and chosen options once it is counted, empty for fewer than five."""

    id: str
    procurement: str
    kind: str
    title: str
    text: str
    questions: list[dict[str, Any]]
    roles: list[str]
    level: str
    phase: str
    by: str
    at: datetime
    closes_at: datetime
    closed_at: datetime | None
    counted_at: datetime | None
    ballots: dict[str, list[tuple[str, list[int]]]]
    used: str
    answer: str
    reason: str
    answered_at: datetime | None

    def is_open(self, now: datetime) -> bool:
        """The server's clock alone decides: at the very moment it closes it is closed."""
        return self.closed_at is None and now < self.closes_at


@dataclass(frozen=True, slots=True)
class VoterRecord:
    """That somebody has answered a poll."""

    id: str
    poll: str
    role: str
    group: str
    on_behalf: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SealedBallotRecord:
    """An answer in the box of an open poll: whose and when, nothing tells."""

    id: str
    procurement: str
    poll: str
    header: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class TraceLinkRecord:
    id: str
    source_kind: str
    source: str
    target_kind: str
    target: str


@dataclass(frozen=True, slots=True)
class SupplierRecord:
    key: str
    name: str
    status: str
    reason: str

    @property
    def stands(self) -> bool:
        """Whether it is still in the competition."""
        return self.status not in OUT_OF_IT


@dataclass(frozen=True, slots=True)
class TimerRecord:
    id: str
    procurement: str
    element: str
    due_at: datetime
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class WaitRecord:
    """The procurement waits for `message`; `correlation` tells the branches apart."""

    id: str
    element: str
    message: str
    correlation: str
    scope: str


@dataclass(frozen=True, slots=True)
class IncidentRecord:
    id: str
    task: str
    element: str
    problem: str
    explanation: str


@dataclass(frozen=True, slots=True)
class LetterRecord:
    """A letter to one supplier; `scope` is the key of the supplier it is confidential to."""

    id: str
    procurement: str
    kind: str
    recipient: str
    subject: str
    body: str
    scope: str


@dataclass(frozen=True, slots=True)
class AttachmentRecord:
    id: str
    procurement: str
    task: str
    scope: str
    name: str
    media_type: str
    size: int
    blob: str
    by: str
    at: datetime
    withdrawn_at: datetime | None
