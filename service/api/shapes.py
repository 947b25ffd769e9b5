"""Values that several resources share: checked strings on the way in, plain models on the way out.

`extra` is forbidden on what is asked, so that a misspelt name is an error and not silently nothing.
"""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import Path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

_ID: Final = r"^[^\x00-\x1f\x7f/]+$"
_LINE: Final = r"^[^\x00-\x1f\x7f]*$"
_PROSE: Final = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
_LARGEST_WHOLE: Final = 2**53
DEEPEST: Final = 20
LONGEST_REASON: Final = 8000

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=_ID)]
IdOrNone = Annotated[str, StringConstraints(max_length=64, pattern=_LINE)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=_ID)]
KeyOrNone = Annotated[str, StringConstraints(max_length=120, pattern=_LINE)]
Role = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9-]*$")]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400, pattern=_LINE)
]
Prose = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=LONGEST_REASON, pattern=_PROSE)
]
Moment = Annotated[
    datetime, WithJsonSchema({"type": "string", "format": "date-time", "maxLength": 40})
]
Reason = Annotated[Prose, Field(description="Goes into the record.")]
IdInPath = Annotated[str, Path(min_length=1, max_length=64, pattern=_ID)]
KeyInPath = Annotated[str, Path(min_length=1, max_length=120, pattern=_ID)]


def _sound(value: dict[str, Any]) -> dict[str, Any]:
    """Refuse what could not be stored: endless nesting, huge numbers, broken text."""
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return value
    raise ValueError(f"it is nested more than {DEEPEST} levels deep")


def _inside(value: Any) -> tuple[Any, ...]:
    if isinstance(value, Mapping):
        return (*value.keys(), *value.values())
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise ValueError("it holds text that is not valid Unicode") from error
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("it holds a zero character")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("it holds a number that is not finite")
    if isinstance(value, int) and abs(value) > _LARGEST_WHOLE:
        raise ValueError("it holds a whole number beyond 2^53")
    return ()


Content = Annotated[
    dict[str, Any],
    AfterValidator(_sound),
    Field(description="The form's fields by name; money in øre, moments in UTC, days yyyy-mm-dd."),
]


class Asked(BaseModel):
    """Base of what clients send."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Told(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


class Problem(BaseModel):
    """Problem details (RFC 9457). The members beyond these are the details of the code."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="`urn:pivotal:error:` and the code.")
    title: str = Field(description="In the reader's language.")
    status: int
    detail: str = Field(description="What is wrong and how to mend it, in the reader's language.")
    code: str = Field(description="Stable; programs go by it.")
    english: str = Field("", description="The same for the log: place, reason, remedy.")


class Reasoned(Asked):
    """An act that must say why."""

    reason: Reason = ""


class Why(Told):
    """Why a legal date is what it is, in each language; `nn` as in `InEachLanguage`."""

    rule: str
    citation: str
    verified: bool
    nb: list[str]
    nn: list[str] = []
    en: list[str]


WhyOrNone = Annotated[Why | None, BeforeValidator(lambda value: value or None)]
Names = Annotated[list[str], AfterValidator(sorted)]


class InEachLanguage(Told):
    """What is said, by language. `nn` is empty in what was recorded before rules spoke nynorsk."""

    nb: str
    nn: str = ""
    en: str


class Check(Told):
    """One check of a gate, the fact it rests on, and the roles that can mend it."""

    rule: str
    holds: bool
    fact: InEachLanguage
    citation: str
    who_can_mend: list[str]


class Task(Told):
    """One line of a task list. `candidate` is the role asked now; `scope` the supplier's key, or
    `sealed:` and the role that alone may know."""

    id: str
    name: str
    procurement: str
    reference: str
    title: str
    role: str
    candidate: str
    phase: str
    scope: str
    supplier: str
    status: str
    assignee: str
    assignee_name: str
    opened_at: datetime
    due_at: datetime | None
    late: bool
    why: WhyOrNone
    period: str = Field(description="How long after opening the model lets it be due: P14D.")
    closed_at: datetime | None


class TaskDone(Told):
    """The task that was acted on, and its procurement."""

    task: str
    procurement: str


class ProcurementDone(Told):
    procurement: str


class CommentOutcome(Told):
    """What a comment was made into; `status` of the task, `seq` the decision's entry."""

    kind: Literal["task", "decision"]
    id: str
    name: str
    status: str
    seq: int
    at: datetime


class Comment(Told):
    """`mentions` are the names of those it speaks to; `task` what it is on, empty for the
    procurement as a whole; `outcomes` what it was made into. From `withdrawn_at` on `text` is
    empty; `may_withdraw` who wrote it, while nothing was made of it."""

    id: str
    text: str
    by: str
    at: datetime
    mentions: list[str]
    task: str
    outcomes: list[CommentOutcome]
    withdrawn_at: datetime | None
    may_withdraw: bool


class NewComment(Asked):
    """`mentions` are ids of members to tell of it, besides those whom the text names as `@Name`."""

    text: Annotated[Prose, Field(min_length=1)]
    mentions: Annotated[list[Id], Field(max_length=100)] = []


class CommentDone(Told):
    comment: str
    procurement: str


class Attachment(Told):
    """`size` in bytes; `digest` is the SHA-256 of the content. From `withdrawn_at` on nobody can
    open it; `may_withdraw` tells whether you attached it and may take it back."""

    id: str
    name: str
    media_type: str
    size: int
    digest: str
    by: str
    at: datetime
    withdrawn_at: datetime | None
    may_withdraw: bool


class AttachmentWithdrawn(Told):
    attachment: str
    procurement: str


class AttachmentDone(Told):
    """`digest` is the SHA-256 of the content."""

    attachment: str
    digest: str
    procurement: str


class Submission(Told):
    """A form that was handed in, less the fields that are not for the reader's roles."""

    id: str
    form: str
    title: str
    content: dict[str, Any]
    by: str
    at: datetime
    supplier: str
    seq: int
    element: str


class FieldTold(Told):
    """A field as people read it, before and after; "" where nothing stood or stands."""

    label: str
    before: str
    after: str


class ChangedTold(Told):
    """What an entry changed: a task, a seat, a form …"""

    kind: str
    name: str
    fields: list[FieldTold]


class Entry(Told):
    """One entry of the record. A hidden one is confidential to a supplier: it has its number,
    moment and type, and nothing else. `supplier` is whose branch it speaks of."""

    seq: int
    at: datetime
    type: str
    hidden: bool
    text: str = Field(description="What happened, in a sentence in the reader's language.")
    by: str
    on_behalf_of: str
    element: str
    supplier: str
    task: str
    reason: str
    rule: str = Field(description="The access rule that allowed the act.")
    hash: str
    data: dict[str, Any] | None


class FormSource(Told):
    """The form as it was deployed: JSON Schema, how it is laid out, and the English texts."""

    key: str
    title: str
    json_schema: dict[str, Any]
    ui: dict[str, Any]
    english: dict[str, Any]
