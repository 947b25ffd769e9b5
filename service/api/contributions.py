"""What people gave, what came of it, and the trace between."""

from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import Form
from fastapi.responses import Response
from pydantic import Field

from engine.commands.contributions import (
    AnswerContribution,
    GiveContribution,
    LinkTrace,
    MergeContributions,
    ModerateContribution,
    SplitContribution,
    UnlinkTrace,
)
from engine.commands.discussion import MakeRemark, ModerateRemark
from engine.queries.contributions import contributions_page, picture_of
from engine.queries.trace import trace_page
from service.api.conversation import OneFile, sent_file
from service.api.routing import ACT_PROBLEMS, FILE_PROBLEMS, RequestId, content, make_router
from service.api.shapes import (
    Asked,
    Id,
    IdInPath,
    Key,
    KeyOrNone,
    Line,
    ProcurementDone,
    Prose,
    Reason,
    Reasoned,
    Told,
)
from service.dependencies import Bus, Everything, Person, Reader
from service.pages.files import inline
from service.pictures import drawn_anew

router = make_router("contributions")

TRACE: Final = "/procurements/{procurement}/trace"
ALL: Final = "/procurements/{procurement}/contributions"
ONE: Final = ALL + "/{contribution}"
FormKey = Annotated[str, Form(min_length=1, max_length=120)]
FormLine = Annotated[str, Form(max_length=400)]
FormProse = Annotated[str, Form(min_length=1, max_length=8000)]


class SourceTold(Told):
    id: str
    text: str


class RemarkTold(Told):
    """Said about a contribution."""

    id: str
    role: str
    group: str
    text: str
    by: str
    at: datetime
    hidden_by: str


class BecameTold(Told):
    """What stands today of one that was merged or split, and its outcome."""

    id: str
    text: str
    used: str
    answer: str
    reason: str


class Contribution(Told):
    """`by` is empty where the giver is not to be named, `text` where it is hidden from you.
    `status` is open, merged or split; `used` yes, partly or no, and empty until answered. `files`
    are pairs of attachment and name; a picture's name says what it shows."""

    id: str
    kind: str
    phase: str
    role: str
    group: str
    text: str
    by: str
    on_behalf: str
    files: list[tuple[str, str]]
    at: datetime
    status: str
    hidden_by: str
    used: str
    answer: str
    reason: str
    answered_at: datetime | None
    parents: list[SourceTold]
    children: list[SourceTold]
    became: list[BecameTold]
    remarks: list[RemarkTold]


class HeardTold(Told):
    """Counts of one group; null where the number is below five, or would give one away that is."""

    group: str
    people: int | None
    contributions: int | None


class HeardByGroupTold(Told):
    """Counts by group and in all."""

    groups: list[HeardTold]
    people: int | None
    contributions: int | None


class PlannedTold(Told):
    """One group in one phase of the participation plan. `state` is heard, late or ahead; `given`
    is null where it is too few to show."""

    role: str
    method: str
    phase: str
    level: str
    purpose: str
    by: str
    given: int | None
    polls: int
    state: str


class Contributions(Told):
    """`standing` wait for an answer or have one; `replaced` were merged or split."""

    standing: list[Contribution]
    replaced: list[Contribution]
    waiting: int
    heard: HeardByGroupTold
    plan: list[PlannedTold]
    code: list[str]


class NewContribution(Asked):
    """`role` is what the person takes part as whose words these are. Unless `named`, others see
    the group alone; those who lead the participation, and the auditor, can find out who it was."""

    kind: Key
    text: Prose
    role: Key
    named: bool = False
    group: KeyOrNone = ""
    on_behalf: Annotated[str, Field(max_length=400)] = ""
    files: Annotated[tuple[Id, ...], Field(max_length=20)] = ()


class Merge(Reasoned):
    parents: Annotated[tuple[Id, ...], Field(max_length=100)]
    text: Prose


class Split(Reasoned):
    parts: Annotated[tuple[Prose, ...], Field(max_length=20)]


class Moderation(Reasoned):
    """`hidden` false shows it again, and then needs no clause."""

    clause: KeyOrNone = ""
    hidden: bool = True


class AnswerTo(Asked):
    used: Key
    answer: Prose
    reason: Reason = ""


class NewRemark(Asked):
    """Everybody who takes part reads it; unless `named`, they see the group alone."""

    text: Prose
    role: Key
    named: bool = False
    group: KeyOrNone = ""


class RemarkDone(ProcurementDone):
    remark: str


class ContributionDone(ProcurementDone):
    contribution: str


class PartsDone(ProcurementDone):
    contributions: list[str]


class NodeTold(Told):
    kind: str
    id: str
    text: str


class LinkTold(Told):
    id: str
    source: NodeTold
    target: NodeTold


class Trace(Told):
    """`loose` are contributions that were used, and lead nowhere yet."""

    nodes: dict[str, list[NodeTold]]
    links: list[LinkTold]
    loose: list[NodeTold]


class NewLink(Asked):
    """Kinds are contribution, requirement, criterion, test and benefit; a link leads forwards."""

    source_kind: Key
    source: Line
    target_kind: Key
    target: Line


class LinkDone(ProcurementDone):
    link: str


@router.get(ALL)
def list_contributions(procurement: IdInPath, view: Reader) -> Contributions:
    """What people gave, and what came of it."""
    return Contributions.model_validate(contributions_page(view, procurement))


@router.post(ALL, status_code=201, responses=ACT_PROBLEMS)
def give_contribution(
    procurement: IdInPath, asked: NewContribution, bus: Bus, person: Person, request: RequestId
) -> ContributionDone:
    """Contribute, or enter the words of somebody who cannot write."""
    command = GiveContribution(procurement, **dict(asked))
    return ContributionDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(ALL + "/merge", status_code=201, responses=ACT_PROBLEMS)
def merge_contributions(
    procurement: IdInPath, asked: Merge, bus: Bus, person: Person, request: RequestId
) -> ContributionDone:
    """One in the place of several that say the same; each stays on record as its parent."""
    command = MergeContributions(procurement, asked.parents, asked.text, asked.reason)
    return ContributionDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(ONE + "/split", status_code=201, responses=ACT_PROBLEMS)
def split_contribution(
    procurement: IdInPath,
    contribution: IdInPath,
    asked: Split,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> PartsDone:
    """Several in the place of one."""
    command = SplitContribution(procurement, contribution, asked.parts, asked.reason)
    return PartsDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(ONE + "/moderate", responses=ACT_PROBLEMS)
def moderate_contribution(
    procurement: IdInPath,
    contribution: IdInPath,
    asked: Moderation,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Hide it under a clause of the code, or show it again."""
    command = ModerateContribution(
        procurement, contribution, asked.clause, asked.reason, asked.hidden
    )
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(ONE + "/answer", responses=ACT_PROBLEMS)
def answer_contribution(
    procurement: IdInPath,
    contribution: IdInPath,
    asked: AnswerTo,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Say what came of it; anything but yes has a reason."""
    command = AnswerContribution(procurement, contribution, **dict(asked))
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(ONE + "/remarks", status_code=201, responses=ACT_PROBLEMS)
def make_remark(
    procurement: IdInPath,
    contribution: IdInPath,
    asked: NewRemark,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> RemarkDone:
    """Say something about a contribution."""
    command = MakeRemark(procurement, contribution, **dict(asked))
    return RemarkDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post("/procurements/{procurement}/remarks/{remark}/moderate", responses=ACT_PROBLEMS)
def moderate_remark(
    procurement: IdInPath,
    remark: IdInPath,
    asked: Moderation,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Hide what was said under a clause of the code, or show it again."""
    command = ModerateRemark(procurement, remark, asked.clause, asked.reason, asked.hidden)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.get(
    ALL + "/pictures/{attachment}", response_class=Response, responses=content("image/jpeg")
)
def show_picture(procurement: IdInPath, attachment: IdInPath, view: Reader) -> Response:
    """A picture that came with a contribution."""
    return inline(picture_of(view, procurement, attachment))


@router.post(ALL + "/with-picture", status_code=201, responses=FILE_PROBLEMS)
def give_with_picture(  # noqa: PLR0913, PLR0917 - the fields of the form
    procurement: IdInPath,
    picture: OneFile,
    bus: Bus,
    parts: Everything,
    person: Person,
    request: RequestId,
    kind: FormKey,
    text: FormProse,
    role: FormKey,
    shows: FormLine = "",
    group: FormLine = "",
    on_behalf: FormLine = "",
    named: Annotated[bool, Form()] = False,
) -> ContributionDone:
    """Contribute with a picture, which is drawn anew: where and when it was taken stays behind."""
    drawn = drawn_anew(sent_file(picture, parts.settings.upload_bytes), shows)
    command = GiveContribution(
        procurement, kind, text, named, role, group, on_behalf, pictures=(drawn,)
    )
    return ContributionDone.model_validate(bus.handle(command, person.actor, request=request))


@router.get(TRACE)
def show_trace(procurement: IdInPath, view: Reader) -> Trace:
    """What came of what, from contributions to benefits."""
    return Trace.model_validate(trace_page(view, procurement))


@router.post(TRACE, status_code=201, responses=ACT_PROBLEMS)
def link_trace(
    procurement: IdInPath, asked: NewLink, bus: Bus, person: Person, request: RequestId
) -> LinkDone:
    """Lay a link; the same link twice is one."""
    answer: Any = bus.handle(LinkTrace(procurement, **dict(asked)), person.actor, request=request)
    return LinkDone.model_validate(answer)


@router.post(TRACE + "/{link}/remove", responses=ACT_PROBLEMS)
def unlink_trace(
    procurement: IdInPath,
    link: IdInPath,
    asked: Reasoned,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ProcurementDone:
    """Take a link away, with a reason."""
    command = UnlinkTrace(procurement, link, asked.reason)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))
