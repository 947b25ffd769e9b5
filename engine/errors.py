"""Every error the engine raises on purpose.

`code` is stable: logs, the API and the translated messages of the service key on it. `details`
holds the plain values the message speaks of, so that another language can be written with them.
Of a code that stands for many things, `details['about']` says which one it is: the text is
`error.<code>.<about>`. The English text says place, reason and remedy.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from engine.finding import Finding


class EngineError(Exception):
    """Base of all of them; never raised itself."""

    code: ClassVar[str] = "engine-error"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.details = details


class NotFoundError(EngineError):
    """Nothing there, or nothing this actor may know of: both look the same."""

    code = "not-found"

    def __init__(self, kind: str, key: object) -> None:
        super().__init__(f"There is no {kind} {key}.", kind=kind, key=str(key))


class ForbiddenError(EngineError):
    """A rule of the access policy says no; `details['rule']` names it."""

    code = "forbidden"


class ScopeMissingError(ForbiddenError):
    """The API token is not made for this; `details['needed']` names the scope that is."""

    code = "scope-missing"


class LevelTooLowError(ForbiddenError):
    """The sign-in is not sure enough of who it is; `details` hold `needed` and `level`, 0 to 3."""

    code = "level-too-low"


class SignInRefusedError(ForbiddenError):
    """The provider vouches for somebody who is not let in here."""

    code = "sign-in-refused"


class PersonUnknownError(SignInRefusedError):
    """Nobody here has this identity; `details['reference']` is what an administrator links."""

    code = "person-unknown"


class RejectedError(EngineError):
    """The command is well formed, and the state it needs does not hold."""

    code = "rejected"


class TaskNotOpenError(RejectedError):
    code = "task-not-open"


class StaleDraftError(RejectedError):
    """Somebody else has written in the form since it was last seen."""

    code = "stale-draft"


class CommentInUseError(RejectedError):
    """Something was made of the comment, and rests on it."""

    code = "comment-in-use"


class FileInUseError(RejectedError):
    """The file stands in something that was handed in, handed over, contributed or written."""

    code = "file-in-use"


class AlreadyClaimedError(RejectedError):
    code = "already-claimed"


class HandingLateError(RejectedError):
    """It is too long since the task was handed over to take that back."""

    code = "handing-late"


class HandingMovedError(RejectedError):
    """Something was done with the task since it was handed over, or another has handed it over."""

    code = "handing-moved"


class HandingBegunError(RejectedError):
    """Whoever was handed the task has begun to work on it."""

    code = "handing-begun"


class NotRunningError(RejectedError):
    """The procurement is suspended, cancelled or ended."""

    code = "not-running"


class InvitationNotValidError(RejectedError):
    """It was used, has run out, was revoked, or never was: `details['why']` says which."""

    code = "invitation-not-valid"


class SlotGoneError(RejectedError):
    """A time for a meeting that cannot be booked any more, whoever has it."""

    code = "slot-gone"


class SlotsTooFewError(RejectedError):
    """Times do not go round; `details['fewest']` is how many it takes."""

    code = "slots-too-few"


class NobodyTakesPartError(RejectedError):
    """There is no supplier yet to offer times."""

    code = "nobody-takes-part"


class RivalPlaceError(RejectedError):
    """Somebody's places in one procurement would come together by one sign-in."""

    code = "rival-place"


class SignUpWithdrawnError(RejectedError):
    """The business has taken its sign-up to the market dialogue back."""

    code = "sign-up-withdrawn"


class MeetingOverError(RejectedError):
    """The meeting has been held."""

    code = "meeting-over"


class MinutesSettledError(RejectedError):
    """The minutes are confirmed, or their objection is settled."""

    code = "minutes-settled"


class NotTakingPartError(RejectedError):
    """The supplier is out of the competition."""

    code = "not-taking-part"


class ReceiptClosedError(RejectedError):
    """What came in has been registered."""

    code = "receipt-closed"


class DeliveryReplacedError(RejectedError):
    """It does not count any more: a newer one does, or it was withdrawn."""

    code = "delivery-replaced"


class PollClosedError(RejectedError):
    """`details['title']` names the poll."""

    code = "poll-closed"


class AnsweredError(RejectedError):
    """One has one answer, and nobody can tell which it is; `details['title']` names the poll."""

    code = "answered"


class MarketClosedError(RejectedError):
    """What was announced for the market dialogue has ended."""

    code = "market-closed"


class CompetitionClosedError(RejectedError):
    """Nobody can ask for access to the competition any more."""

    code = "competition-closed"


class ReportInsteadError(RejectedError):
    """The process has a way of its own for it: `details['happening']` names what to report."""

    code = "report-instead"


class GateClosedError(RejectedError):
    """A gate's checks fail; `details['checks']` lists each with who can mend it."""

    code = "gate-closed"


class ReasonMissingError(RejectedError):
    code = "reason-missing"


class SeparationOfDutiesError(RejectedError):
    """The same person may not do both steps; `details['other']` names the step already done."""

    code = "separation-of-duties"


class BulkRefusedError(RejectedError):
    """An act on many tasks of which some refuse; nothing was done. `refused` holds each task's id
    and name with the error it refused with."""

    code = "bulk-refused"

    def __init__(self, asked: int, refused: Sequence[tuple[str, str, EngineError]]) -> None:
        super().__init__(
            f"Nothing was done: {len(refused)} of {asked} tasks cannot be acted on. Leave them out,"
            " or mend what they say.",
            asked=asked,
            count=len(refused),
            refused=[
                {"task": task, "name": name, "code": error.code, "english": str(error)}
                for task, name, error in refused
            ],
        )
        self.refused = tuple(refused)


class FrozenFieldError(RejectedError):
    """A field that stands as announced; `details['fields']` names those that were to change."""

    code = "frozen-field"


class StaleVersionError(RejectedError):
    """Someone else changed it since the page was read."""

    code = "stale-version"


class InvalidSubmissionError(EngineError):
    """A form submission with faults; `details['faults']` lists them in the order of the form."""

    code = "invalid-submission"


class InvalidInputError(EngineError):
    """Input other than a form that cannot be used."""

    code = "invalid-input"


class TextLengthError(InvalidInputError):
    """`details` hold `length` and `longest`, in characters."""

    code = "text-length"

    def __init__(self, length: int, longest: int) -> None:
        super().__init__(
            f"Write between 1 and {longest} characters; this has {length}.",
            length=length,
            longest=longest,
        )


class FileCountError(InvalidInputError):
    """`details['most']` is how many files come in one act."""

    code = "file-count"


class PartMissingError(InvalidInputError):
    """Price is handed in apart from quality, and `details['part']` is not there."""

    code = "part-missing"


class FileSizeError(InvalidInputError):
    """A file that is empty or too large; `details` hold `name`, `size` and `largest` in bytes, and
    the latter in `megabytes`."""

    code = "file-size"


class AnswerMissingError(InvalidInputError):
    """`details['question']` is the text of what was not answered as it asks, "" for all of it."""

    code = "answer-missing"


class AddressWrongError(InvalidInputError):
    """No mail address that reaches anybody."""

    code = "address-wrong"


class OrganisationNumberError(InvalidInputError):
    """Nine digits that are no organisation number: the check digit does not fit."""

    code = "organisation-number"

    def __init__(self, number: str) -> None:
        super().__init__(
            f"{number} is no organisation number: its last digit does not fit the others.",
            number=number,
        )


class FirmNameMissingError(InvalidInputError):
    """A supplier is invited that nothing here or in the register knows the name of."""

    code = "firm-name-missing"


class DeploymentRefusedError(EngineError):
    """The files cannot be deployed; nothing was stored. `findings` say where, why, what instead."""

    code = "deployment-refused"

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(
            f"The files cannot be deployed: {len(findings)} finding(s).",
            findings=[finding.as_dict() for finding in findings],
        )
        self.findings = tuple(findings)


class FeelError(EngineError):
    """An expression that cannot be read or evaluated; `details` hold `expression`, `position`."""

    code = "feel-error"


class BudgetError(FeelError):
    """An expression or a run of automatic steps took more than it may."""

    code = "budget-exceeded"


class DecisionError(FeelError):
    """A decision table that gives no usable answer, for instance two rules where one may match."""

    code = "decision-failed"


class UncaughtError(RejectedError):
    """A process threw an error that nothing around it catches."""

    code = "error-uncaught"


class StuckError(RejectedError):
    """A join waits for a token that cannot come any more."""

    code = "join-stuck"


class WorkerEndedError(EngineError):
    """A process that played scenarios ended before it was done; `details['status']` is its exit
    status, or the signal that ended it with a minus before it."""

    code = "worker-ended"

    def __init__(self, status: int | None) -> None:
        super().__init__(
            f"A process that plays scenarios ended with status {status} before it was done. "
            "What it printed above says why; after -9 the machine may have been short of memory.",
            status=status,
        )


class TamperedError(EngineError):
    """The record does not verify; `details` name the first bad entry."""

    code = "tampered"
