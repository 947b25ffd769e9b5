"""Processes and their versions: reading them, sharing them with others, taking theirs over."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from engine.commands.deployments import ShareModel, StopSharingModel, TakeModel
from engine.errors import EngineError
from engine.queries.definitions import ProcessRow, process_rows
from engine.queries.diagrams import Drawing, drawings_of
from engine.queries.models import ModelPage, ModelPreview, model_page, model_preview
from service.dependencies import Bus
from service.errors import Explanation, explain
from service.pages.markdown import html_of
from service.pages.posting import Posted, Sent, no_such_act
from service.pages.rendering import go
from service.pages.visit import Here, Visit

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ProcessesPage:
    rows: tuple[ProcessRow, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """`readme` is HTML."""

    found: ModelPage
    readme: str
    drawings: tuple[Drawing, ...]
    problem: Explanation | None


@dataclass(frozen=True, slots=True)
class Sharing:
    """Choosing with whom, and with `ready` what they would see. `readme` is HTML."""

    preview: ModelPreview
    readme: str
    chosen: tuple[str, ...]
    ready: bool
    problem: Explanation | None


@router.get("/processes")
def list_processes(here: Here) -> HTMLResponse:
    page = ProcessesPage(process_rows(here.view))
    return here.show("processes/list.html", page)


@router.get("/processes/versions/{digest}")
def show_version(digest: str, here: Here) -> HTMLResponse:
    return _version(here, digest)


@router.get("/processes/versions/{digest}/share")
def choose_audience(
    digest: str,
    here: Here,
    to: Annotated[str, Query(max_length=10)] = "",
    organisation: Annotated[tuple[str, ...], Query(max_length=100)] = (),
) -> HTMLResponse:
    """With whom; once chosen, what they will see and how many they are."""
    return _sharing(here, digest, organisation, ready=to == "all" or bool(organisation))


@router.post("/processes/versions/{digest}/{act}")
def act_on_version(digest: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """Share the version, stop sharing it, or take over what others share."""
    try:
        bus.handle(_command(digest, act, sent), here.person.actor, request=sent.request)
    except EngineError as error:
        if act == "share":
            return _sharing(here, digest, sent.every("organisation"), error=error)
        return _version(here, digest, error)
    return go(f"/processes/versions/{digest}", done=f"model-{act}")


def _command(digest: str, act: str, sent: Posted) -> Any:
    owner = sent["owner"]
    commands: dict[str, Any] = {
        "share": ShareModel(digest, owner, sent.every("organisation")),
        "stop": StopSharingModel(digest, owner, sent["item"]),
        "take": TakeModel(digest, owner),
    }
    if act not in commands:
        raise no_such_act(act)
    return commands[act]


def _version(here: Visit, digest: str, error: EngineError | None = None) -> HTMLResponse:
    found = model_page(here.view, digest)
    problem = explain(error, here.text) if error else None
    readme = html_of(found.found.readme)
    page = Shown(found, readme, drawings_of(here.view, digest), problem)
    return here.show("processes/version.html", page, status=problem.status if problem else 200)


def _sharing(
    here: Visit,
    digest: str,
    organisations: tuple[str, ...],
    *,
    ready: bool = False,
    error: EngineError | None = None,
) -> HTMLResponse:
    preview = model_preview(here.view, digest, organisations)
    problem = explain(error, here.text) if error else None
    page = Sharing(preview, html_of(preview.page.found.readme), organisations, ready, problem)
    return here.show("processes/share.html", page, status=problem.status if problem else 200)
