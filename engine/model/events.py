"""Facts. Each becomes one entry of the record, in the order in which they happened.

An event holds what happened and nothing of who, when or why: those stand in the entry around it.
Fields are plain JSON values; ids are strings; moments are ISO 8601 in UTC; money is øre.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class OrganisationAdded:
    organisation: str
    name: str
    kind: str
    number: str
    parent: str
    language: str = "nb"


@dataclass(frozen=True, slots=True)
class LetterLanguageSet:
    """The organisation writes its letters in `language` (nb, nn or en) from now on."""

    organisation: str
    language: str


@dataclass(frozen=True, slots=True)
class PersonAdded:
    person: str
    organisation: str
    name: str
    username: str
    email: str


@dataclass(frozen=True, slots=True)
class RoleGranted:
    """`source` is the provider whose claims gave it, "" where an administrator did."""

    person: str
    organisation: str
    role: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class RoleRevoked:
    person: str
    organisation: str
    role: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class IdentityLinked:
    """Whom the provider calls `subject` is this person; the subject is a keyed hash."""

    person: str
    organisation: str
    provider: str
    subject: str


@dataclass(frozen=True, slots=True)
class TokenIssued:
    """An API token: what it is called, may do and when; `digest` is the SHA-256 of its secret."""

    token: str
    person: str
    organisation: str
    name: str
    scopes: list[str]
    level: int
    valid_from: str
    valid_to: str
    digest: str


@dataclass(frozen=True, slots=True)
class TokenRevoked:
    token: str
    person: str


@dataclass(frozen=True, slots=True)
class ProcessDeployed:
    """A new immutable version of a process; `files` maps each path to its SHA-256.

    `origin` is the version it was made from and `origin_of` the organisation it was taken from.
    `item` is the sharing with everybody that it began with, "" for none; older entries do not say:
    what they deployed was everybody's, and the sharing has the name of the version.
    """

    digest: str
    key: str
    number: int
    organisation: str
    name: str
    files: dict[str, str]
    origin: str = ""
    origin_of: str = ""
    item: str | None = None


@dataclass(frozen=True, slots=True)
class ModelShared:
    """Others read and start the version from now on: `organisations`, or everybody where that is
    empty. `digest` is the version, `title` what it is called."""

    item: str
    digest: str
    title: str
    organisations: list[str]


@dataclass(frozen=True, slots=True)
class ModelSharingStopped:
    """Nobody outside starts the version any more; what runs on it keeps it."""

    item: str


@dataclass(frozen=True, slots=True)
class ProcurementStarted:
    procurement: str
    reference: str
    title: str
    organisation: str
    joint_with: list[str]
    definition: str
    procedure: str
    rules_at: str


@dataclass(frozen=True, slots=True)
class BuyerJoined:
    """Another organisation buys together with the one that leads; its people may have seats."""

    organisation: str
    name: str


@dataclass(frozen=True, slots=True)
class BuyerLeft:
    organisation: str
    name: str


@dataclass(frozen=True, slots=True)
class MemberAdded:
    """`absence` is what somebody stands in for with this seat, "" for a seat the lead gave; `asked`
    tells that impartiality is to be declared before anything confidential is seen."""

    member: str
    person: str
    role: str
    deputy_for: str
    scope: str
    valid_from: str
    valid_to: str
    absence: str = ""
    asked: bool = False


@dataclass(frozen=True, slots=True)
class MemberRemoved:
    member: str
    person: str
    role: str


@dataclass(frozen=True, slots=True)
class SeatEnded:
    """A seat's last day is over; what its holder had by it goes back to the role."""

    member: str
    person: str
    role: str


@dataclass(frozen=True, slots=True)
class AbsenceRegistered:
    """A person is away on these days, first and last included, in Oslo. `substitute` then stands in
    for her or him wherever she or he has a seat, "" for nobody."""

    absence: str
    organisation: str
    person: str
    substitute: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class AbsenceBegun:
    """Its first day has come: the substitute has taken over what could be handed over."""

    absence: str


@dataclass(frozen=True, slots=True)
class AbsenceWithdrawn:
    absence: str


@dataclass(frozen=True, slots=True)
class ParticipantInvited:
    """Somebody from outside may come until `valid_to`, once. `digest` is the SHA-256 of the secret
    in the link; `participant` is set when it lets one come back who has joined before."""

    invitation: str
    role: str
    scope: str
    group: str
    name: str
    email: str
    digest: str
    valid_to: str
    participant: str = ""


@dataclass(frozen=True, slots=True)
class InvitationRevoked:
    invitation: str
    scope: str


@dataclass(frozen=True, slots=True)
class InvitationMailed:
    """The link goes by mail to the address of the invitation."""

    invitation: str
    scope: str


@dataclass(frozen=True, slots=True)
class ParticipantJoined:
    """Somebody new has come in."""

    participant: str
    role: str
    scope: str
    group: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ParticipantIdentified:
    """The participant comes in by this provider from now on; `subject` is a keyed hash of what the
    provider calls the person."""

    participant: str
    provider: str
    subject: str
    scope: str


@dataclass(frozen=True, slots=True)
class InvitationUsed:
    invitation: str
    participant: str
    scope: str


@dataclass(frozen=True, slots=True)
class ParticipantRemoved:
    participant: str
    scope: str


@dataclass(frozen=True, slots=True)
class IntakeOpened:
    """From now on and until `deadline` suppliers may deliver here. `timer` is the element whose
    clock the deadline follows, "" for none; `expected` are the ids of those who may deliver, empty
    for anybody; `key` the public key that what comes in is sealed for, in hexadecimal."""

    intake: str
    kind: str
    deadline: str
    timer: str
    expected: list[str]
    anonymous: bool
    key: str


@dataclass(frozen=True, slots=True)
class IntakeMoved:
    """The clock that the deadline follows was set anew."""

    intake: str
    deadline: str


@dataclass(frozen=True, slots=True)
class IntakeClosed:
    """What has come in is registered; nothing more is taken."""

    intake: str


@dataclass(frozen=True, slots=True)
class DeliveryReceived:
    """A supplier's submission is in, sealed, at the moment of this entry. `files` are id, media
    type, size in bytes and SHA-256 of each, `digest` that of the list of them. Where names are kept
    away, `supplier` is empty, `owner` its keyed hash and `code` all that others ever learn."""

    delivery: str
    intake: str
    supplier: str
    owner: str
    code: str
    channel: str
    late: bool
    files: list[list[Any]]
    digest: str
    replaces: list[str]
    remark: str
    scope: str


@dataclass(frozen=True, slots=True)
class DeliveryWithdrawn:
    delivery: str
    scope: str


@dataclass(frozen=True, slots=True)
class OpeningBegun:
    """The first of two persons is ready to open."""

    opening: str
    intake: str


@dataclass(frozen=True, slots=True)
class DeliveriesOpened:
    """Two persons have opened these deliveries; from now on they can be read. `left_sealed`
    are the others, each with why: late, replaced or withdrawn."""

    opening: str
    by: list[str]
    deliveries: list[str]
    left_sealed: list[list[str]]


@dataclass(frozen=True, slots=True)
class IdentityLookedUp:
    """Whoever keeps the names has looked at who stands behind a code."""

    delivery: str
    scope: str


@dataclass(frozen=True, slots=True)
class ContributionGiven:
    """Somebody said what is needed, has an idea, or tried a prototype. `named` tells whether others
    may see who; `role` is what the one whose words these are takes part as, and `on_behalf`
    describes that person, "" when the words are the actor's own. `files` are attachments."""

    contribution: str
    kind: str
    phase: str
    role: str
    group: str
    text: str
    named: bool
    on_behalf: str
    files: list[str]


@dataclass(frozen=True, slots=True)
class ContributionsMerged:
    """One contribution in the place of several, which stay on record as its parents."""

    contribution: str
    parents: list[str]
    kind: str
    phase: str
    text: str


@dataclass(frozen=True, slots=True)
class ContributionSplit:
    """Several contributions in the place of one; `parts` are [id, text]."""

    parent: str
    kind: str
    phase: str
    parts: list[list[str]]


@dataclass(frozen=True, slots=True)
class ContributionModerated:
    """Hidden from others under a clause of the published code, or shown again when `hidden` is
    false. The text stays on record."""

    contribution: str
    clause: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class ContributionAnswered:
    """What came of it: `used` is yes, partly or no; anything but yes has a reason."""

    contribution: str
    used: str
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class RemarkMade:
    """Somebody said something about a contribution. `named` tells whether others may see who;
    `role` and `group` are what the one who said it takes part as."""

    remark: str
    contribution: str
    role: str
    group: str
    text: str
    named: bool


@dataclass(frozen=True, slots=True)
class RemarkModerated:
    """Hidden from others under a clause of the published code, or shown again."""

    remark: str
    clause: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class PollOpened:
    """People are asked: `kind` is vote, ranking or survey. `questions` are objects with id, kind,
    text and options; `roles` those who are asked, empty for everybody who may contribute; `level`
    how much the answers weigh."""

    poll: str
    kind: str
    title: str
    text: str
    questions: list[dict[str, Any]]
    roles: list[str]
    level: str
    phase: str
    closes_at: str


@dataclass(frozen=True, slots=True)
class BallotReceived:
    """Somebody has answered a poll; what, is not told. `voter` is one for each who answers;
    `on_behalf` describes the one who could not answer alone, "" when it is the actor."""

    voter: str
    poll: str
    role: str
    group: str
    on_behalf: str


@dataclass(frozen=True, slots=True)
class BallotsCounted:
    """What was answered in a poll that has closed: question → pairs of a mark and the options
    chosen, in the order of the marks. Whoever answered can work out the own mark of each question;
    nothing else joins answers to persons, nor to each other. What fewer than five answered is left
    out.
    """

    poll: str
    ballots: dict[str, list[list[Any]]]


@dataclass(frozen=True, slots=True)
class PollClosed:
    """Before its time was out."""

    poll: str


@dataclass(frozen=True, slots=True)
class PollConcluded:
    """What came of it; anything but yes has a reason."""

    poll: str
    used: str
    answer: str
    reason: str


@dataclass(frozen=True, slots=True)
class ApplicationMade:
    """A firm asked for access to an announced competition: `place` is its key from now on, and the
    link of `invitation` lets `participant` in until `valid_to`. Sealed: nobody learns who asks."""

    application: str
    place: str
    participant: str
    organisation: str
    number: str
    contact: str
    email: str
    invitation: str
    digest: str
    valid_to: str
    scope: str


@dataclass(frozen=True, slots=True)
class MarketSignedUp:
    """A business signed up on the open page of the market dialogue; `participant` speaks for it."""

    signup: str
    participant: str
    scope: str
    organisation: str
    number: str
    contact: str
    email: str
    people: int
    meeting: bool
    needs: str


@dataclass(frozen=True, slots=True)
class MarketSignUpWithdrawn:
    """The business takes no further part; what it has said stays."""

    signup: str
    scope: str


@dataclass(frozen=True, slots=True)
class BusinessDescribed:
    """What is known of a supplier as a business, in the place of what was known before; `source`
    is the register, "" for its own word, and each of the others "" where it is unknown."""

    scope: str
    size: str
    startup: str
    newcomer: str
    source: str


@dataclass(frozen=True, slots=True)
class MarketInputGiven:
    """Written input, or a comment on a passage of a draft."""

    input: str
    scope: str
    kind: str
    draft: str
    about: int
    text: str


@dataclass(frozen=True, slots=True)
class MarketInputAnswered:
    """Adopted or rejected, with the answer to all; `where` in the documents it is found."""

    input: str
    scope: str
    outcome: str
    answer: str
    where: str


@dataclass(frozen=True, slots=True)
class LotsDrawn:
    """Who gets a meeting when. Anybody can draw again from `head`, `words` and the tickets, see
    `engine.procurement.lots`; a ticket names nobody."""

    draw: str
    head: str
    words: str
    seed: str
    witness: str
    order: list[list[str]]
    slots: list[list[str]]


@dataclass(frozen=True, slots=True)
class TraceLinked:
    """Something came of something: each end is a kind (contribution, requirement, criterion, test,
    benefit) and its id."""

    link: str
    source_kind: str
    source: str
    target_kind: str
    target: str


@dataclass(frozen=True, slots=True)
class TraceUnlinked:
    link: str


@dataclass(frozen=True, slots=True)
class SlotOffered:
    """A time for a meeting of an occasion: a round, or an occasion of the market dialogue. `scope`
    is the supplier it is kept for, "" for whoever takes it first."""

    slot: str
    occasion: str
    kind: str
    lot: str
    scope: str
    starts_at: str
    ends_at: str
    place: str


@dataclass(frozen=True, slots=True)
class SlotWithdrawn:
    slot: str
    scope: str


@dataclass(frozen=True, slots=True)
class MeetingBooked:
    """`participant` is who of the supplier booked it, "" where the buyer did."""

    meeting: str
    occasion: str
    kind: str
    lot: str
    scope: str
    participant: str
    slot: str
    starts_at: str
    ends_at: str
    place: str


@dataclass(frozen=True, slots=True)
class MeetingMoved:
    meeting: str
    scope: str
    slot: str
    starts_at: str
    ends_at: str
    place: str


@dataclass(frozen=True, slots=True)
class MeetingCancelled:
    meeting: str
    scope: str


@dataclass(frozen=True, slots=True)
class MeetingHeld:
    """`ours` and `theirs` are the names of those who came."""

    meeting: str
    scope: str
    began_at: str
    ended_at: str
    ours: list[str]
    theirs: list[str]


@dataclass(frozen=True, slots=True)
class LessonLearned:
    """What the step `element` of `process` taught, for those who come to it next; `open` lets other
    buyers see it too."""

    lesson: str
    process: str
    element: str
    text: str
    open: bool


@dataclass(frozen=True, slots=True)
class LessonWithdrawn:
    lesson: str


@dataclass(frozen=True, slots=True)
class MatterShared:
    """Others see it from now on: `organisations`, or every buyer where that is empty. `submission`
    is the version of the form."""

    item: str
    kind: str
    submission: str
    title: str
    organisations: list[str]


@dataclass(frozen=True, slots=True)
class SharingRevoked:
    """Nobody outside sees it any more; what was reused before stays where it was taken."""

    item: str


@dataclass(frozen=True, slots=True)
class MatterReused:
    """Taken into the form of a task, from the procurement `reference` of `organisation` (names, as
    they were then). Of the kind `model` the version `submission` of another organisation, numbered
    `reference` there, that the procurement was started on; it has no task."""

    reuse: str
    task: str
    kind: str
    submission: str
    title: str
    organisation: str
    reference: str


@dataclass(frozen=True, slots=True)
class RoundPlanned:
    """A round has begun, by its plan `submission`; the agenda is the same for every supplier."""

    round: str
    process: str
    kind: str
    number: int
    topics: str
    questions: str
    may_eliminate: bool
    criteria: str
    is_final: bool
    submission: str


@dataclass(frozen=True, slots=True)
class RoundClosed:
    """A decision ended the round."""

    round: str
    decision: str


@dataclass(frozen=True, slots=True)
class MinutesWritten:
    """For their supplier to confirm or correct; see `engine.model.dialogue.MinutesRecord`."""

    minutes: str
    round: str
    meeting: str
    scope: str
    passages: list[dict[str, Any]]
    submission: str


@dataclass(frozen=True, slots=True)
class MinutesAnswered:
    """Confirmed, or not and then why."""

    minutes: str
    scope: str
    confirmed: bool
    objection: str


@dataclass(frozen=True, slots=True)
class MinutesSettled:
    """What became of an objection: the correction, or why the minutes stand."""

    minutes: str
    scope: str
    settled: str


@dataclass(frozen=True, slots=True)
class PassagesMarked:
    """`passages` are all of the minutes', with what is confidential in them and why."""

    minutes: str
    scope: str
    passages: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class ItemNoted:
    """One supplier learned what the others do not know and that bears on the competition."""

    item: str
    number: int
    round: str
    origin: str
    source: str
    scope: str
    question: str
    said: str
    learned_at: str
    channel: str


@dataclass(frozen=True, slots=True)
class ItemDropped:
    """It has no bearing on the competition; `why` says so."""

    item: str
    scope: str
    why: str


@dataclass(frozen=True, slots=True)
class QuestionAsked:
    question: str
    number: int
    round: str
    scope: str
    participant: str
    asked_by: str
    text: str
    asked_at: str
    channel: str
    late_why: dict[str, Any]
    driven: bool


@dataclass(frozen=True, slots=True)
class QuestionAnswered:
    """`pairs` are {question, answer} as everybody will read them."""

    question: str
    scope: str
    pairs: list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class QuestionRefused:
    question: str
    scope: str
    why: str


@dataclass(frozen=True, slots=True)
class InformationReleased:
    """All who took part (`recipients`) were given `texts` ({question, text}) at one moment; `items`
    and `questions` are settled by it."""

    release: str
    kind: str
    round: str
    texts: list[dict[str, str]]
    recipients: list[str]
    items: list[str]
    questions: list[str]


@dataclass(frozen=True, slots=True)
class InquiryMade:
    """A supplier is asked in writing about its tender, with time to reply (FOA § 24-9)."""

    inquiry: str
    scope: str
    kind: str
    text: str
    reply_by: str
    submission: str


@dataclass(frozen=True, slots=True)
class InquiryAnswered:
    """The supplier's reply, and when it came."""

    inquiry: str
    scope: str
    reply: str
    replied_at: str
    channel: str


@dataclass(frozen=True, slots=True)
class DocumentHanded:
    """A document of the dialogue with one supplier; `direction` says which way it went."""

    document: str
    round: str
    scope: str
    attachment: str
    direction: str
    note: str


@dataclass(frozen=True, slots=True)
class ElementsPassed:
    """What the process did by itself or through this act: [element id, outcome, scope] each."""

    trail: list[list[str]]


@dataclass(frozen=True, slots=True)
class DecisionTableEvaluated:
    """A decision table's answer and why: rules that matched, inputs, outputs."""

    decision: str
    trace: list[dict[str, Any]]
    scope: str = ""


@dataclass(frozen=True, slots=True)
class FormPrepared:
    """What a form begins with in this procurement, and why: rule rows, tables and their trace."""

    form: str
    content: dict[str, Any]
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TaskOpened:
    """`assignee` is the one person it is for, "" where anybody in the role may do it."""

    task: str
    element: str
    name: str
    kind: str
    process: str
    role: str
    scope: str
    phase: str
    due_at: str
    due_why: dict[str, Any] = field(default_factory=dict)
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class TaskAdded:
    """The lead put in a task, or a gathering, that no model speaks of; it moves nothing on.

    A gathering has its time, its place and the persons who are asked to come; `assignee` holds it.
    `comment` is what it was made of, "" for nothing.
    """

    task: str
    process: str
    kind: str
    name: str
    instructions: str
    role: str
    assignee: str
    phase: str
    due_at: str
    comment: str = ""
    starts_at: str = ""
    ends_at: str = ""
    place: str = ""
    people: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class GatheringMoved:
    """`people` are those asked to come, as they were before or as they are now."""

    task: str
    name: str
    starts_at: str
    ends_at: str
    place: str
    people: list[str]


@dataclass(frozen=True, slots=True)
class AddedTaskWithdrawn:
    """It is not to be done after all, or the gathering is not held."""

    task: str
    name: str
    people: list[str]


@dataclass(frozen=True, slots=True)
class TaskClaimed:
    task: str
    assignee: str


@dataclass(frozen=True, slots=True)
class TaskReleased:
    """`role` and `scope` are set when it was not the holder's own wish: then all who may take it
    hear of it."""

    task: str
    assignee: str
    role: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class TaskDelegated:
    """`owner` keeps the task; `assignee` does the work and gives it back. `helpers` are all to whom
    it has been lent so far: their eyes have been on it. `was` had it before, "" for nobody."""

    task: str
    owner: str
    assignee: str
    helpers: list[str] = field(default_factory=list)
    was: str = ""


@dataclass(frozen=True, slots=True)
class TaskGivenBack:
    task: str
    owner: str
    assignee: str


@dataclass(frozen=True, slots=True)
class TaskAssigned:
    """`assignee` has taken the task over from `was`, "" where nobody had it; `owner_was` had lent
    it to `was`."""

    task: str
    was: str
    assignee: str
    owner_was: str = ""


@dataclass(frozen=True, slots=True)
class TaskPutBack:
    """Who handed the task to `was` has taken that back: `assignee` has it as before, "" for nobody,
    and `owner` had lent it."""

    task: str
    was: str
    assignee: str
    owner: str


@dataclass(frozen=True, slots=True)
class TaskDueMoved:
    """`holders` are those who have the task, itself or on loan; where nobody has, whoever is in
    `role` is asked for it."""

    task: str
    due_at: str
    due_why: dict[str, Any]
    was: str = ""
    role: str = ""
    scope: str = ""
    holders: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SubmissionRecorded:
    """A form was handed in. The content is a row; the entry holds its SHA-256."""

    submission: str
    task: str
    element: str
    form: str
    definition: str
    scope: str
    digest: str


@dataclass(frozen=True, slots=True)
class DecisionProposed:
    """The first pair of eyes has decided; the second is asked."""

    task: str
    element: str
    decision: str
    option: str
    checks: list[dict[str, Any]]
    second_role: str
    submission: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class DecisionReturned:
    """The second pair of eyes sent the decision back."""

    task: str
    element: str
    decision: str
    option: str
    proposed_by: str
    role: str


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A gate was decided. `by` are the natural persons, in order; checks as they stood."""

    decision_id: str
    task: str
    element: str
    decision: str
    option: str
    opens: bool
    by: list[str]
    checks: list[dict[str, Any]]
    scope: str


@dataclass(frozen=True, slots=True)
class DecisionRecorded:
    """The lead decided what no model asks for; no check rests on it, and it opens nothing.

    `comment` is what it was made of, "" for nothing; `people` are those who raised it. The reason
    of the act says why.
    """

    decision_id: str
    name: str
    comment: str
    by: list[str]
    people: list[str]


@dataclass(frozen=True, slots=True)
class TaskCompleted:
    """`note` is what came of a task that no form asks about."""

    task: str
    element: str
    scope: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class TaskCancelled:
    task: str
    element: str


@dataclass(frozen=True, slots=True)
class TaskReopened:
    """A rewind made a closed task open again."""

    task: str
    element: str
    role: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class OperationPerformed:
    """A service task's operation ran; inputs and result as plain values."""

    task: str
    element: str
    operation: str
    inputs: dict[str, Any]
    result: dict[str, Any]
    scope: str = ""


@dataclass(frozen=True, slots=True)
class SupplierRegistered:
    supplier: str
    name: str


@dataclass(frozen=True, slots=True)
class SupplierStatusSet:
    supplier: str
    status: str


@dataclass(frozen=True, slots=True)
class SealLifted:
    """What a form said that was sealed for `role` was published, as the submission named."""

    role: str
    form: str
    submission: str


@dataclass(frozen=True, slots=True)
class SignalJudged:
    """Whether a code of BT-776 that texts tell of fits, as a person sees it; `passages` are what
    the person looked at."""

    verdict: str
    code: str
    accepted: bool
    passages: list[str]


@dataclass(frozen=True, slots=True)
class RulesPinned:
    rules_at: str
    rule_set: str


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """Since the rules were pinned the law has changed: `rule_set` is in force now, and `rules` are
    those that differ. The procurement keeps its own."""

    rule_set: str
    rules: list[str]


@dataclass(frozen=True, slots=True)
class DocumentsFrozen:
    submission: str


@dataclass(frozen=True, slots=True)
class ImpartialityAssessed:
    """What the form handed in as `submission` says of the person: cleared against the suppliers
    known so far, or not. `seats` are the person's."""

    person: str
    cleared: bool
    submission: str
    seats: list[str]


@dataclass(frozen=True, slots=True)
class SupplierListChanged:
    """A name has come to: the holders of `seats` declare again. `version` counts from 1."""

    version: int
    seats: list[str]


@dataclass(frozen=True, slots=True)
class ValueEstimated:
    """What the procurement is worth in øre, by the estimate (F-04) that was handed in as
    `submission`; "" and 0 when none counts any more."""

    submission: str
    amount: int


@dataclass(frozen=True, slots=True)
class NoticeRecorded:
    """A version of a notice was sent; `notice` is the same for all its versions."""

    notice: str
    subtype: str
    version: int
    submission: str


@dataclass(frozen=True, slots=True)
class LettersSent:
    """One batch, one instant. `letters` are [outbox id, supplier key]."""

    kind: str
    sent_at: str
    letters: list[list[str]]


@dataclass(frozen=True, slots=True)
class LetterQueued:
    letter: str
    kind: str
    recipient: str
    subject: str
    body: str
    scope: str


@dataclass(frozen=True, slots=True)
class LetterDispatched:
    letter: str


@dataclass(frozen=True, slots=True)
class LetterReturned:
    """A letter could not be delivered; `problem` in the words of the mail server."""

    letter: str
    problem: str
    scope: str


@dataclass(frozen=True, slots=True)
class TimerArmed:
    timer: str
    element: str
    due_at: str
    why: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TimerMoved:
    timer: str
    element: str
    due_at: str
    why: dict[str, Any]
    scope: str = ""


@dataclass(frozen=True, slots=True)
class TimerDisarmed:
    timer: str


@dataclass(frozen=True, slots=True)
class TimerFired:
    timer: str
    element: str
    due_at: str


@dataclass(frozen=True, slots=True)
class WaitOpened:
    """The procurement can now receive this message."""

    wait: str
    element: str
    message: str
    correlation: str
    scope: str


@dataclass(frozen=True, slots=True)
class WaitClosed:
    wait: str


@dataclass(frozen=True, slots=True)
class MessageReceived:
    """Something happened outside: a withdrawal, a complaint, an amended deadline."""

    message: str
    wait: str
    element: str
    scope: str
    submission: str


@dataclass(frozen=True, slots=True)
class MessageThrown:
    message: str
    element: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class IncidentRaised:
    incident: str
    task: str
    element: str
    problem: str
    explanation: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class IncidentRetried:
    incident: str
    task: str
    element: str


@dataclass(frozen=True, slots=True)
class IncidentLapsed:
    """What was held is not waited for any longer: it was cancelled, or gone back behind."""

    incident: str
    task: str
    element: str


@dataclass(frozen=True, slots=True)
class CommentAdded:
    """`mentions` are the persons it speaks to, who are told of it."""

    comment: str
    task: str
    scope: str
    text: str
    mentions: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class CommentWithdrawn:
    """Who wrote it takes it back: it is shown nowhere any more, and stays in the entry that added
    it."""

    comment: str
    task: str
    scope: str


@dataclass(frozen=True, slots=True)
class AttachmentAdded:
    attachment: str
    task: str
    scope: str
    name: str
    media_type: str
    size: int
    digest: str


@dataclass(frozen=True, slots=True)
class AttachmentWithdrawn:
    """Who attached it takes it back: nobody can open it any more. That it was there, with its name
    and digest, stays in the entry that added it."""

    attachment: str
    task: str
    scope: str
    name: str


@dataclass(frozen=True, slots=True)
class PhaseEntered:
    phase: str


@dataclass(frozen=True, slots=True)
class ProcurementSuspended:
    pass


@dataclass(frozen=True, slots=True)
class ProcurementResumed:
    pass


@dataclass(frozen=True, slots=True)
class ProcurementCancelled:
    pass


@dataclass(frozen=True, slots=True)
class OutcomeSet:
    outcome: str


@dataclass(frozen=True, slots=True)
class ProcurementEnded:
    outcome: str


@dataclass(frozen=True, slots=True)
class ProcurementRewound:
    """State went back to what it was right before entry `to_seq`; nothing is erased.

    Submissions and decisions made since (`undone`) no longer count, and stay on record. `outcome`
    is how the procurement was to end at that point, "" where nothing was settled yet.
    """

    to_seq: int
    undone: list[str]
    outcome: str = ""


Event = (
    OrganisationAdded
    | LetterLanguageSet
    | PersonAdded
    | RoleGranted
    | RoleRevoked
    | IdentityLinked
    | TokenIssued
    | TokenRevoked
    | ProcessDeployed
    | ModelShared
    | ModelSharingStopped
    | ProcurementStarted
    | BuyerJoined
    | BuyerLeft
    | MemberAdded
    | MemberRemoved
    | SeatEnded
    | AbsenceRegistered
    | AbsenceBegun
    | AbsenceWithdrawn
    | ParticipantInvited
    | InvitationRevoked
    | InvitationMailed
    | ParticipantJoined
    | ParticipantIdentified
    | InvitationUsed
    | ParticipantRemoved
    | IntakeOpened
    | IntakeMoved
    | IntakeClosed
    | DeliveryReceived
    | DeliveryWithdrawn
    | OpeningBegun
    | DeliveriesOpened
    | IdentityLookedUp
    | ContributionGiven
    | ContributionsMerged
    | ContributionSplit
    | ContributionModerated
    | ContributionAnswered
    | RemarkMade
    | RemarkModerated
    | PollOpened
    | BallotReceived
    | BallotsCounted
    | PollClosed
    | PollConcluded
    | ApplicationMade
    | MarketSignedUp
    | MarketSignUpWithdrawn
    | BusinessDescribed
    | MarketInputGiven
    | MarketInputAnswered
    | LotsDrawn
    | TraceLinked
    | TraceUnlinked
    | SlotOffered
    | SlotWithdrawn
    | MeetingBooked
    | MeetingMoved
    | MeetingCancelled
    | MeetingHeld
    | LessonLearned
    | LessonWithdrawn
    | MatterShared
    | SharingRevoked
    | MatterReused
    | RoundPlanned
    | RoundClosed
    | MinutesWritten
    | MinutesAnswered
    | MinutesSettled
    | PassagesMarked
    | ItemNoted
    | ItemDropped
    | QuestionAsked
    | QuestionAnswered
    | QuestionRefused
    | InformationReleased
    | DocumentHanded
    | InquiryMade
    | InquiryAnswered
    | ElementsPassed
    | DecisionTableEvaluated
    | FormPrepared
    | TaskOpened
    | TaskAdded
    | GatheringMoved
    | AddedTaskWithdrawn
    | TaskClaimed
    | TaskReleased
    | TaskDelegated
    | TaskGivenBack
    | TaskAssigned
    | TaskPutBack
    | TaskDueMoved
    | SubmissionRecorded
    | DecisionProposed
    | DecisionReturned
    | DecisionMade
    | DecisionRecorded
    | TaskCompleted
    | TaskCancelled
    | TaskReopened
    | OperationPerformed
    | SupplierRegistered
    | SupplierStatusSet
    | SealLifted
    | SignalJudged
    | RulesPinned
    | RulesChanged
    | DocumentsFrozen
    | ImpartialityAssessed
    | SupplierListChanged
    | ValueEstimated
    | NoticeRecorded
    | LettersSent
    | LetterQueued
    | LetterDispatched
    | LetterReturned
    | TimerArmed
    | TimerMoved
    | TimerDisarmed
    | TimerFired
    | WaitOpened
    | WaitClosed
    | MessageReceived
    | MessageThrown
    | IncidentRaised
    | IncidentRetried
    | IncidentLapsed
    | CommentAdded
    | CommentWithdrawn
    | AttachmentWithdrawn
    | AttachmentAdded
    | PhaseEntered
    | ProcurementSuspended
    | ProcurementResumed
    | ProcurementCancelled
    | OutcomeSet
    | ProcurementEnded
    | ProcurementRewound
)
