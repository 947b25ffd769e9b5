"""What was learned and what buyers share: in one procurement, and in the library of all."""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from engine.commands.knowledge import (
    LearnLesson,
    ReuseMatter,
    RevokeSharing,
    ShareMatter,
    WithdrawLesson,
)
from engine.errors import EngineError
from engine.forms.values import Context
from engine.queries.knowledge import (
    Buyer,
    KnowledgePage,
    Library,
    SharedPage,
    SharingPreview,
    knowledge_page,
    library,
    shared_page,
    sharing_preview,
)
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.answers import Answer, AnswerReader
from service.pages.posting import Posted, Sent, no_such_act
from service.pages.rendering import go
from service.pages.visit import Here, Visit

router = APIRouter(include_in_schema=False)

LONGEST_QUESTION: Final = 2000


@dataclass(frozen=True, slots=True)
class Shown:
    """`typed` is what was sent with an act that was refused for `problem`."""

    found: KnowledgePage
    typed: Posted | None
    problem: Explanation | None

    def said(self, name: str) -> str:
        return self.typed[name] if self.typed is not None else ""


@dataclass(frozen=True, slots=True)
class Sharing:
    """Choosing with whom; `preview` once that is chosen, `answers` exactly what they get."""

    procurement: str
    reference: str
    title: str
    kind: str
    others: tuple[Buyer, ...]
    chosen: tuple[str, ...]
    preview: SharingPreview | None
    answers: tuple[Answer, ...]
    problem: Explanation | None


@dataclass(frozen=True, slots=True)
class ShownItem:
    found: SharedPage
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class ShownLibrary:
    found: Library


@router.get("/procurements/{key}/knowledge")
def show_knowledge(key: str, here: Here) -> HTMLResponse:
    page = Shown(knowledge_page(here.view, key), None, None)
    return here.show("knowledge/procurement.html", page)


@router.get("/procurements/{key}/knowledge/share")
def choose_audience(
    key: str,
    here: Here,
    kind: Annotated[str, Query(max_length=40)] = "need",
    to: Annotated[str, Query(max_length=10)] = "",
    organisation: Annotated[tuple[str, ...], Query(max_length=100)] = (),
) -> HTMLResponse:
    """With whom; once chosen, exactly what they will see and how many they are."""
    return _sharing(here, key, kind, organisation, ready=to == "all" or bool(organisation))


@router.post("/procurements/{key}/knowledge/{act}")
def act_on_knowledge(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Write a lesson or take it back, share or stop sharing."""
    try:
        bus.handle(_command(key, act, sent), here.person.actor, request=sent.request)
    except EngineError as error:
        if act == "share":
            return _sharing(here, key, sent["kind"], sent.every("organisation"), error=error)
        problem = explain(error, here.text)
        page = Shown(knowledge_page(here.view, key), sent, problem)
        return here.show("knowledge/procurement.html", page, status=problem.status)
    return go(f"/procurements/{key}/knowledge", done=f"knowledge-{act}")


def _command(key: str, act: str, sent: Posted) -> Any:
    process, _, element = sent["step"].partition("/")
    commands: dict[str, Any] = {
        "learn": LearnLesson(key, process, element, sent["text"], sent["open"] == "true"),
        "withdraw": WithdrawLesson(key, sent["lesson"]),
        "share": ShareMatter(key, sent["kind"], sent.every("organisation")),
        "revoke": RevokeSharing(key, sent["item"]),
    }
    if act not in commands:
        raise no_such_act(act)
    return commands[act]


def _sharing(
    here: Visit,
    key: str,
    kind: str,
    organisations: tuple[str, ...],
    *,
    ready: bool = False,
    error: EngineError | None = None,
) -> HTMLResponse:
    found = knowledge_page(here.view, key)
    preview = sharing_preview(here.view, key, kind, organisations)
    problem = explain(error, here.text) if error else None
    page = Sharing(
        procurement=key,
        reference=found.reference,
        title=found.title,
        kind=kind,
        others=found.buyers,
        chosen=organisations,
        preview=preview if ready else None,
        answers=_answers(here, preview) if ready and preview else (),
        problem=problem,
    )
    return here.show("knowledge/share.html", page, status=problem.status if problem else 200)


def _answers(here: Visit, found: SharingPreview | SharedPage) -> tuple[Answer, ...]:
    reader = AnswerReader(found.form, Context(), (), here.text)
    return reader.answers(found.content)


@router.get("/knowledge")
def show_library(
    here: Here, q: Annotated[str, Query(max_length=LONGEST_QUESTION)] = ""
) -> HTMLResponse:
    """What others share; with a description, what is likest to it."""
    return here.show("knowledge/library.html", ShownLibrary(library(here.view, q)))


@router.get("/knowledge/{item}")
def show_item(item: str, here: Here) -> HTMLResponse:
    found = shared_page(here.view, item)
    return here.show("knowledge/item.html", ShownItem(found, _answers(here, found)))


@router.post("/tasks/{key}/reuse")
def reuse(key: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Take what was written before into the form of the task."""
    bus.handle(ReuseMatter(key, sent["submission"]), here.person.actor, request=sent.request)
    return go(f"/tasks/{key}", done="reuse")


@router.post("/tasks/{key}/lesson")
def learn(key: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Write down at the task itself what its step taught."""
    command = LearnLesson(
        sent["procurement"],
        sent["process"],
        sent["element"],
        sent["text"],
        sent["open"] == "true",
    )
    bus.handle(command, here.person.actor, request=sent.request)
    return go(f"/tasks/{key}", done="knowledge-learn")
