"""Processes and their versions: what is deployed, drawing it, checking files, deploying them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from fastapi import Depends, File, Form, Path, Query, UploadFile
from fastapi.responses import Response
from pydantic import Field

from engine.access.policy import Action, require
from engine.access.rules import Target
from engine.commands.deployments import (
    DeployProcess,
    ShareModel,
    StopSharingModel,
    TakeModel,
)
from engine.errors import InvalidInputError, NotFoundError
from engine.model.definition import ElementInfo
from engine.queries.definitions import VersionPage, check_files, process_rows, seen_version
from engine.queries.deployed import deployed_file, model_source
from engine.queries.diagrams import drawings_of
from engine.queries.models import model_page, model_preview
from engine.queries.view import View
from service.api.routing import ACT_PROBLEMS, RequestId, content, make_router
from service.api.shapes import Asked, Id, IdInPath, IdOrNone, KeyOrNone, Told
from service.dependencies import Bus, Everything, Person, Reader
from service.security.headers import DOWNLOAD_POLICY

router = make_router("processes")

MOST_FILES: Final = 500
BPMN: Final = "application/xml"
_PATH: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]*(/[A-Za-z0-9_][A-Za-z0-9_.\-]*){1,3}")
_LONGEST_PATH: Final = 300
_KEY: Final = r"^[a-z0-9][a-z0-9-]*$"

ProcessKey = Annotated[
    str, Form(max_length=120, pattern=_KEY, description="The process the files are for.")
]
Files = Annotated[
    list[UploadFile],
    File(
        max_length=MOST_FILES,
        description="Each file with its path as file name: `processes/<key>/<key>.bpmn`,"
        " `forms/<key>.schema.json`.",
    ),
]
ToAll = Annotated[bool, Form(description="Share it with every organisation at once.")]
MadeFrom = Annotated[
    IdOrNone, Form(description="The version of another organisation that it was made from.")
]
ForOrganisation = Annotated[Id, Form(description="For whom; you must be its process designer.")]


@dataclass(frozen=True, slots=True)
class NewVersion:
    """What is deployed for whom; the files come beside it."""

    key: ProcessKey
    organisation: ForOrganisation
    to_all: ToAll = False
    origin: MadeFrom = ""


class Version(Told):
    """`owner` is the organisation it was deployed for and `organisation` what that is called, with
    `number` among its own; `running` counts the procurements that run on it. `is_open` where your
    organisations may start it. It was made from the version `origin`, number `origin_number` of the
    organisation `origin_of`: "" where it was made from nobody else's."""

    digest: str
    key: str
    number: int
    name: str
    startable: bool
    owner: str
    organisation: str
    deployed_by: str
    deployed_at: datetime
    running: int
    is_open: bool
    origin: str
    origin_of: str
    origin_number: int


class Process(Told):
    """A process with its versions, newest first."""

    key: str
    name: str
    startable: bool
    versions: list[Version]


class Element(Told):
    """A BPMN element, with what matters to those who work in the process."""

    id: str
    name: str
    kind: str
    event: str
    scope: str
    role: str | None
    phase: str | None
    form: str | None
    instructions: str | None
    decision: str | None
    checks: list[str]
    four_eyes: str | None
    operation: str | None
    called: str | None


class Part(Told):
    """One process of the version: the root, or a block that it calls."""

    key: str
    name: str
    file: str
    elements: list[Element]


class RoleNeeded(Told):
    role: str
    name: str


class FormTitle(Told):
    key: str
    title: str


class ShareTold(Told):
    """A sharing that stands: `audience` is who may start it, empty for everybody."""

    item: str
    audience: list[str]
    by: str
    at: datetime


class OrganisationTold(Told):
    id: str
    name: str
    people: int


class ModelPreviewTold(Told):
    """Whom sharing would let read and start the version, and how many people they are."""

    version: Version
    files: list[str]
    readme: str
    forms: list[FormTitle]
    audience: list[OrganisationTold]
    to_all: bool
    people: int


class VersionDetail(Told):
    """A version with everything in it; `files` maps each path to its SHA-256. `shares` is told to
    its own organisation."""

    version: Version
    shares: list[ShareTold]
    may_share: bool
    may_start: bool
    versions: list[Version]
    files: dict[str, str]
    readme: str
    readme_language: str
    roles: list[RoleNeeded]
    forms: list[FormTitle]
    processes: list[Part]


class Finding(Told):
    """What is wrong at one place; `line` is 0 where unknown, `rule` the stable id of the check."""

    rule: str
    severity: Literal["error", "warning"]
    file: str
    line: int
    element_id: str
    element_name: str
    reason: str
    remedy: str


class Findings(Told):
    """`deployable` when none of them is an error."""

    deployable: bool
    findings: list[Finding]


class Deployed(Told):
    """`new` is false when the same bytes were there already."""

    digest: str
    number: int
    new: bool


class OwnOrganisation(Asked):
    """For whom you act; you must be its process designer."""

    organisation: Id


class NewModelSharing(OwnOrganisation):
    """No `others` is every organisation of the installation."""

    others: Annotated[tuple[Id, ...], Field(max_length=100)] = ()


class ModelDone(Told):
    version: str


class ModelShared(ModelDone):
    item: str


@router.get("/processes")
def list_processes(view: Reader) -> list[Process]:
    """Every process that you may see with its versions, those that can be started first."""
    return [Process.model_validate(row) for row in process_rows(view)]


@router.get("/processes/versions/{digest}")
def show_version(digest: IdInPath, view: Reader) -> VersionDetail:
    """One version: its files, roles, forms, every element, and whom it is shared with."""
    model = model_page(view, digest)
    page = model.found
    return VersionDetail(
        version=Version.model_validate(page.version),
        shares=[ShareTold.model_validate(each) for each in model.shares],
        may_share=model.may_share,
        may_start=model.may_start,
        versions=[Version.model_validate(each) for each in page.versions],
        files=dict(page.files),
        readme=page.readme,
        readme_language=page.readme_language,
        roles=[RoleNeeded.model_validate(each) for each in page.roles],
        forms=_forms(page, view.language),
        processes=_parts(page, view.language),
    )


def _forms(page: VersionPage, language: str) -> list[FormTitle]:
    return [FormTitle(key=form.key, title=form.title(language)) for form in page.forms]


def _parts(page: VersionPage, language: str) -> list[Part]:
    found = page.definition
    return [
        Part(
            key=key,
            name=found.text(language, key, f"{key}.name", info.name),
            file=info.file,
            elements=[
                _element(each, found.text(language, key, f"{each.id}.name", each.name))
                for each in info.elements.values()
            ],
        )
        for key, info in found.processes.items()
    ]


def _element(each: ElementInfo, name: str) -> Element:
    return Element(
        id=each.id,
        name=name,
        kind=each.kind,
        event=each.event,
        scope=each.scope,
        role=each.role,
        phase=each.phase,
        form=each.form,
        instructions=each.instructions,
        decision=each.gate.decision if each.gate else None,
        checks=list(each.gate.checks) if each.gate else [],
        four_eyes=each.gate.four_eyes if each.gate else None,
        operation=each.operation.name if each.operation else None,
        called=each.called,
    )


@router.get(
    "/processes/versions/{digest}/files/{path:path}",
    response_class=Response,
    responses=content("application/octet-stream"),
)
def show_file(
    digest: IdInPath,
    path: Annotated[str, Path(max_length=_LONGEST_PATH, pattern=f"^{_PATH.pattern}$")],
    view: Reader,
) -> Response:
    """One file of the version, byte for byte as it was deployed."""
    return Response(
        deployed_file(view, digest, path),
        media_type="application/octet-stream",
        headers={"Content-Security-Policy": DOWNLOAD_POLICY},
    )


@router.get(
    "/processes/versions/{digest}/diagram.svg",
    response_class=Response,
    responses=content("image/svg+xml"),
)
def show_diagram(
    digest: IdInPath,
    view: Reader,
    process: Annotated[KeyOrNone, Query(description="Which of its processes; else the root.")] = "",
) -> Response:
    """A process of the version as an SVG picture."""
    seen_version(view, digest)
    found = (
        each
        for each in drawings_of(view, digest)
        if each.process == process or (not process and each.is_root)
    )
    drawing = next(found, None)
    if drawing is None:
        raise NotFoundError("process", process)
    return Response(drawing.svg, media_type="image/svg+xml")


@router.get(
    "/processes/versions/{digest}/model.bpmn",
    response_class=Response,
    responses=content(BPMN),
)
def show_model(
    digest: IdInPath,
    view: Reader,
    process: Annotated[KeyOrNone, Query(description="Which of its processes; else the root.")] = "",
) -> Response:
    """A process of the version as BPMN for a viewer: its names are in the reader's language."""
    return Response(model_source(view, digest, process), media_type=BPMN)


@router.post("/processes/check", responses=ACT_PROBLEMS)
def check(key: ProcessKey, organisation: ForOrganisation, files: Files, view: Reader) -> Findings:
    """What deploying these files would say: every error and warning. Nothing is stored."""
    _require_designer(view, organisation)
    found = check_files(key, _contents(files))
    return Findings(
        deployable=all(each.severity != "error" for each in found),
        findings=[Finding.model_validate(each) for each in found],
    )


@router.post("/processes", status_code=201, responses=ACT_PROBLEMS)
def deploy(
    new: Annotated[NewVersion, Depends()],
    files: Files,
    parts: Everything,
    person: Person,
    request: RequestId,
) -> Deployed:
    """Check the files and store them as one immutable version of the organisation; refused when one
    has an error. Others see nothing of it unless it is shared with them."""
    contents = _contents(files)
    command = DeployProcess(new.key, contents, new.organisation, new.to_all, new.origin)
    answer: dict[str, Any] = parts.bus.handle(command, person.actor, request=request)
    return Deployed.model_validate(answer)


@router.get("/processes/versions/{digest}/shared/preview")
def preview_sharing(
    digest: IdInPath,
    view: Reader,
    organisation: Annotated[tuple[Id, ...], Query()] = (),
) -> ModelPreviewTold:
    """What sharing would let whom see; nothing is shared. Without organisations: with everybody."""
    found = model_preview(view, digest, organisation)
    page = found.page.found
    return ModelPreviewTold(
        version=Version.model_validate(page.version),
        files=sorted(page.files),
        readme=page.readme,
        forms=_forms(page, view.language),
        audience=[OrganisationTold.model_validate(each) for each in found.audience],
        to_all=found.to_all,
        people=found.people,
    )


@router.post("/processes/versions/{digest}/shared", status_code=201, responses=ACT_PROBLEMS)
def share_model(
    digest: IdInPath, asked: NewModelSharing, bus: Bus, person: Person, request: RequestId
) -> ModelShared:
    """Let others read and start the version; it takes the place of what was shared before."""
    command = ShareModel(digest, asked.organisation, asked.others)
    return ModelShared.model_validate(bus.handle(command, person.actor, request=request))


@router.post("/processes/versions/{digest}/shared/{item}/stop", responses=ACT_PROBLEMS)
def stop_sharing_model(
    digest: IdInPath,
    item: IdInPath,
    asked: OwnOrganisation,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> ModelDone:
    """Nobody outside starts it any more; procurements that run on it keep it."""
    command = StopSharingModel(digest, asked.organisation, item)
    return ModelDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post("/processes/versions/{digest}/take", status_code=201, responses=ACT_PROBLEMS)
def take_model(
    digest: IdInPath, asked: OwnOrganisation, bus: Bus, person: Person, request: RequestId
) -> Deployed:
    """Deploy a version that is shared with you as your own, to build on; it keeps its origin."""
    command = TakeModel(digest, asked.organisation)
    return Deployed.model_validate(bus.handle(command, person.actor, request=request))


def _require_designer(view: View, organisation: str) -> None:
    """Checking costs as much as deploying: the same persons may."""
    target = Target(organisation)
    require(Action.DEPLOY, view.actor, target, view.today, kind="organisation", key=organisation)


def _contents(files: Iterable[UploadFile]) -> dict[str, bytes]:
    """Path → bytes; raises InvalidInputError for a name that is no path, or stands there twice."""
    contents: dict[str, bytes] = {}
    for file in files:
        path = file.filename or ""
        if len(path) > _LONGEST_PATH or not _PATH.fullmatch(path) or path in contents:
            raise InvalidInputError(
                f"«{path[:80]}» is no path of its own. Name each file once, by its path, such as"
                " processes/my-process/my-process.bpmn or forms/need.schema.json.",
                file=path[:80],
            )
        contents[path] = file.file.read()
    return contents
