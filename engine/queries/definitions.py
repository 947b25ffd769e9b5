"""Deployed processes and their versions."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa

from engine.bpmn.compile import check_bundle
from engine.errors import NotFoundError
from engine.finding import Finding
from engine.forms.definition import Form
from engine.model.definition import ProcessDefinition
from engine.queries.view import View, names_of
from engine.store import definitions
from engine.store.schema import definition, organisation, procurement


@dataclass(frozen=True, slots=True)
class VersionRow:
    """`organisation` is the name of the one it was deployed for, from where all others have it;
    `running` counts the procurements that run on this version."""

    digest: str
    key: str
    number: int
    name: str
    startable: bool
    organisation: str
    deployed_by: str
    deployed_at: datetime
    running: int


@dataclass(frozen=True, slots=True)
class ProcessRow:
    """A process with its versions, newest first."""

    key: str
    name: str
    startable: bool
    versions: tuple[VersionRow, ...]


@dataclass(frozen=True, slots=True)
class RoleNeed:
    """A role the process asks for; `name` is what the lane is called."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class VersionPage:
    """`files` maps each path to its SHA-256; `readme` tells of the process, in
    Markdown and in `readme_language`; "" where nothing does."""

    version: VersionRow
    definition: ProcessDefinition
    versions: tuple[VersionRow, ...]
    files: Mapping[str, str]
    readme: str
    readme_language: str
    forms: tuple[Form, ...]
    roles: tuple[RoleNeed, ...]


def process_rows(view: View) -> tuple[ProcessRow, ...]:
    """Every deployed process, those that can be started first."""
    found: dict[str, list[VersionRow]] = {}
    for row in _versions(view):
        found.setdefault(row.key, []).append(row)
    rows = [
        ProcessRow(key, versions[0].name, versions[0].startable, tuple(versions))
        for key, versions in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (not row.startable, row.name)))


def startable_processes(view: View) -> tuple[ProcessRow, ...]:
    return tuple(row for row in process_rows(view) if row.startable)


def version_page(view: View, digest: str) -> VersionPage:
    """One version with everything in it; raises NotFoundError."""
    rows = _versions(view)
    row = next((each for each in rows if each.digest == digest), None)
    if row is None:
        raise NotFoundError("version", digest)
    compiled = view.definitions.get(view.connection, digest)
    files = definitions.files(view.connection, digest)
    language, readme = _readme(files, row.key, view.language)
    return VersionPage(
        version=row,
        definition=compiled.definition,
        versions=tuple(each for each in rows if each.key == row.key),
        files={path: sha256(content).hexdigest() for path, content in sorted(files.items())},
        readme=readme,
        readme_language=language,
        forms=tuple(compiled.forms[key] for key in sorted(compiled.forms)),
        roles=roles_of(view, compiled.definition),
    )


def _readme(files: Mapping[str, bytes], key: str, wanted: str) -> tuple[str, str]:
    """Its language and what it says: as the reader wants it, else in the other Norwegian, else in
    English."""
    order = {"nb": ("nb", "nn", "en"), "nn": ("nn", "nb", "en"), "en": ("en",)}[wanted]
    for language in order:
        name = "README.md" if language == "en" else f"README.{language}.md"
        if found := files.get(f"processes/{key}/{name}"):
            return language, found.decode("utf-8", "replace")
    return "en", ""


def model_source(view: View, digest: str, process: str) -> bytes:
    """The BPMN file of one process of the version; raises NotFoundError."""
    compiled = view.definitions.get(view.connection, digest)
    info = compiled.definition.processes.get(process)
    if info is None:
        raise NotFoundError("process", process)
    return definitions.files(view.connection, digest)[info.file]


def check_files(key: str, files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """What deploying these files would say; nothing is stored."""
    return check_bundle(key, files)


def newest_digest(view: View, key: str) -> str:
    """The digest of the newest version; raises NotFoundError."""
    found = definitions.newest(view.connection, key)
    if found is None:
        raise NotFoundError("process", key)
    return found.digest


def roles_of(view: View, found: ProcessDefinition) -> tuple[RoleNeed, ...]:
    """The roles of the lanes, the root's first, each once; then those of second pairs of eyes."""
    names: dict[str, str] = {}
    for process in (found.root, *found.processes.values()):
        for lane in process.lanes:
            name = found.text(view.language, process.key, f"{lane.id}.name", lane.name)
            names.setdefault(lane.role, name)
    for process in found.processes.values():
        for element in process.elements.values():
            if element.gate and element.gate.four_eyes:
                names.setdefault(element.gate.four_eyes, "")
    return tuple(RoleNeed(role, name) for role, name in names.items())


def _versions(view: View) -> tuple[VersionRow, ...]:
    running = (
        sa.select(sa.func.count())
        .where(procurement.c.definition == definition.c.digest, procurement.c.status == "running")
        .scalar_subquery()
    )
    query = sa.select(
        definition.c.digest,
        definition.c.key,
        definition.c.number,
        definition.c.name,
        definition.c.startable,
        organisation.c.name.label("organisation"),
        definition.c.deployed_by,
        definition.c.deployed_at,
        running,
    ).join(organisation, organisation.c.id == definition.c.organisation)
    newest_first = query.order_by(definition.c.key, definition.c.number.desc())
    rows = view.connection.execute(newest_first).all()
    people = names_of(view, {row.deployed_by for row in rows})
    named = definitions.names_in(view.connection, view.language)
    return tuple(
        VersionRow(
            *row[:3],
            named.get(row.digest, row.name),
            row.startable,
            row.organisation,
            people.get(row.deployed_by, row.deployed_by),
            *row[7:],
        )
        for row in rows
    )
