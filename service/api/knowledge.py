"""Lessons at steps, and matter that buyers share with and reuse from each other."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import Field

from engine.commands.knowledge import (
    LearnLesson,
    ReuseMatter,
    RevokeSharing,
    ShareMatter,
    WithdrawLesson,
)
from engine.errors import NotFoundError
from engine.queries.knowledge import (
    knowledge_page,
    library,
    shared_page,
    sharing_preview,
)
from engine.queries.task import alike_to, task_page
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import (
    Asked,
    Id,
    IdInPath,
    Key,
    KeyInPath,
    ProcurementDone,
    Prose,
    Told,
)
from service.dependencies import Bus, Person, Reader

router = make_router("knowledge")


class LessonTold(Told):
    """What a step taught. `reference` and `by` are "" for those of another organisation."""

    id: str
    process: str
    element: str
    step: str
    text: str
    open: bool
    organisation: str
    reference: str
    by: str
    at: datetime


class AlikeTold(Told):
    """A form that is like what was asked, or a model that you may start: `submission` is then its
    version, `reference` the number of that, and `process` what to start with it. `common` are the
    words they share, the rarest first; `share` how much of the weight of the question they are,
    from 0 to 1."""

    kind: str
    submission: str
    item: str
    procurement: str
    title: str
    organisation: str
    reference: str
    at: datetime
    common: list[str]
    share: float
    process: str


class SharedTold(Told):
    """`audience` is who sees it, empty for every buyer; told to the organisation that shares."""

    id: str
    kind: str
    submission: str
    title: str
    organisation: str
    reference: str
    by: str
    at: datetime
    revoked_at: datetime | None
    audience: list[str]
    mine: bool


class OriginTold(Told):
    """Where what stands in a task's form was taken from."""

    task: str
    kind: str
    submission: str
    title: str
    organisation: str
    reference: str
    by: str
    at: datetime


class BuyerTold(Told):
    id: str
    name: str
    people: int


class KnowledgeTold(Told):
    lessons: list[LessonTold]
    shared: list[SharedTold]
    may_learn: bool
    may_share: bool


class LibraryTold(Told):
    """`alike` is what is likest to the question; `shared` all that is shared."""

    alike: list[AlikeTold]
    shared: list[SharedTold]


class ItemTold(Told):
    item: SharedTold
    form: str
    content: dict[str, Any]


class PreviewTold(Told):
    """Exactly what would be shared, and with how many people."""

    kind: str
    content: dict[str, Any]
    audience: list[BuyerTold]
    to_all: bool
    people: int


class TaskKnowledge(Told):
    """What is known at the step of a task before one begins."""

    lessons: list[LessonTold]
    origins: list[OriginTold]
    alike: list[AlikeTold]


class NewLesson(Asked):
    process: Key
    element: Key
    text: Annotated[Prose, Field(max_length=4000)]
    open: bool = False


class NewSharing(Asked):
    """No `organisations` is every buyer of the installation."""

    kind: Key
    organisations: Annotated[tuple[Id, ...], Field(max_length=100)] = ()


class Reuse(Asked):
    submission: Id


class LessonDone(ProcurementDone):
    lesson: str


class SharingDone(ProcurementDone):
    item: str


class ReuseDone(ProcurementDone):
    task: str
    reuse: str


@router.get("/knowledge")
def show_library(
    view: Reader,
    like: Annotated[
        str, Query(max_length=2000, description="A description; the likest come first.")
    ] = "",
) -> LibraryTold:
    """What your organisation may see of what buyers share."""
    return LibraryTold.model_validate(library(view, like))


@router.get("/knowledge/{item}")
def show_shared(item: IdInPath, view: Reader) -> ItemTold:
    """One shared item with its content."""
    found = shared_page(view, item)
    return ItemTold(
        item=SharedTold.model_validate(found.item),
        form=found.form.key,
        content=dict(found.content),
    )


@router.get("/procurements/{procurement}/knowledge")
def show_knowledge(procurement: IdInPath, view: Reader) -> KnowledgeTold:
    """What the procurement leaves for the next."""
    return KnowledgeTold.model_validate(knowledge_page(view, procurement))


@router.post("/procurements/{procurement}/lessons", status_code=201, responses=ACT_PROBLEMS)
def learn_lesson(
    procurement: IdInPath, asked: NewLesson, bus: Bus, person: Person, request: RequestId
) -> LessonDone:
    """Write down what a step taught; it is shown at that step the next time."""
    command = LearnLesson(procurement, **dict(asked))
    return LessonDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post("/procurements/{procurement}/lessons/{lesson}/withdraw", responses=ACT_PROBLEMS)
def withdraw_lesson(
    procurement: IdInPath, lesson: IdInPath, bus: Bus, person: Person, request: RequestId
) -> ProcurementDone:
    """Show it no more; the record keeps it."""
    command = WithdrawLesson(procurement, lesson)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.get("/procurements/{procurement}/shared/preview")
def preview_sharing(
    procurement: IdInPath,
    view: Reader,
    kind: Annotated[Key, Query()],
    organisation: Annotated[tuple[Id, ...], Query()] = (),
) -> PreviewTold:
    """What sharing would let whom see; nothing is shared."""
    found = sharing_preview(view, procurement, kind, organisation)
    if found is None:
        raise NotFoundError("form", kind)
    return PreviewTold.model_validate(found)


@router.post("/procurements/{procurement}/shared", status_code=201, responses=ACT_PROBLEMS)
def share_matter(
    procurement: IdInPath, asked: NewSharing, bus: Bus, person: Person, request: RequestId
) -> SharingDone:
    """Let other buyers see the newest form of a kind: need, market-report or criteria."""
    command = ShareMatter(procurement, asked.kind, asked.organisations)
    return SharingDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post("/procurements/{procurement}/shared/{item}/revoke", responses=ACT_PROBLEMS)
def revoke_sharing(
    procurement: IdInPath, item: IdInPath, bus: Bus, person: Person, request: RequestId
) -> ProcurementDone:
    """Nobody outside sees it any more; what was reused before stays."""
    command = RevokeSharing(procurement, item)
    return ProcurementDone.model_validate(bus.handle(command, person.actor, request=request))


@router.get("/tasks/{task}/knowledge")
def show_task_knowledge(task: KeyInPath, view: Reader) -> TaskKnowledge:
    """Lessons of the step, what was reused in the task, and what is like it."""
    page = task_page(view, task)
    return TaskKnowledge.model_validate(
        {"lessons": page.lessons, "origins": page.origins, "alike": alike_to(view, page)}
    )


@router.post("/tasks/{task}/reuse", responses=ACT_PROBLEMS)
def reuse_matter(
    task: KeyInPath, asked: Reuse, bus: Bus, person: Person, request: RequestId
) -> ReuseDone:
    """Take what was written before into the draft of the task; what stands there stays."""
    command = ReuseMatter(task, asked.submission)
    return ReuseDone.model_validate(bus.handle(command, person.actor, request=request))
