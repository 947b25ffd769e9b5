"""Deployed processes and their versions: those of the reader's organisations, those that others
share with them, and those that run in procurements which the reader may read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa

from engine.bpmn.compile import check_bundle
from engine.errors import NotFoundError
from engine.finding import Finding
from engine.forms.definition import Form
from engine.model.actor import SYSTEM
from engine.model.definition import ProcessDefinition
from engine.model.knowledge import MODEL
from engine.queries.reader import readable, reader_values
from engine.queries.view import Seen, View, names_of
from engine.store import definitions
from engine.store.definitions import DEPLOYED, TAKEN_FIRST, WITHIN_BORDER
from engine.store.schema import definition, deployment, organisation, procurement, reuse


@dataclass(frozen=True, slots=True)
class VersionRow:
    """`owner` is the organisation it was deployed for and `organisation` what that is called;
    `running` counts the procurements that run on this version. `is_open` where the reader's
    organisations may start it. It was made from version `origin`, number `origin_number` of
    `origin_of`; "" where it was made from nobody else's."""

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
    """Every process that the reader may see, those that can be started first."""
    return _processes(_versions(view))


def startable_processes(view: View) -> tuple[ProcessRow, ...]:
    """Those that the reader's organisations may start, with the versions they have of them."""
    rows = _processes([each for each in _versions(view) if each.is_open])
    return tuple(row for row in rows if row.startable)


def _processes(versions: Sequence[VersionRow]) -> tuple[ProcessRow, ...]:
    found: dict[str, list[VersionRow]] = {}
    for row in versions:
        found.setdefault(row.key, []).append(row)
    rows = [
        ProcessRow(key, versions[0].name, versions[0].startable, tuple(versions))
        for key, versions in found.items()
    ]
    return tuple(sorted(rows, key=lambda row: (not row.startable, row.name)))


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


def check_files(key: str, files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """What deploying these files would say; nothing is stored."""
    return check_bundle(key, files)


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


def version_told(seen: Seen) -> tuple[int, str]:
    """The number of the version that a procurement runs on, and whose model it is where that is
    another organisation's: as it was when the procurement was started."""
    row = seen.row
    borrowed = (reuse.c.procurement == row.id) & (reuse.c.kind == MODEL)
    query = (
        sa.select(
            sa.func.coalesce(sa.cast(reuse.c.reference, sa.Integer), deployment.c.number),
            sa.func.coalesce(reuse.c.organisation, organisation.c.name),
            reuse.c.id.is_not(None) | (deployment.c.organisation != row.organisation),
        )
        .select_from(
            deployment.join(organisation, organisation.c.id == deployment.c.organisation).outerjoin(
                reuse, borrowed
            )
        )
        .where(deployment.c.definition == row.definition)
        .order_by(
            (deployment.c.organisation == row.organisation).desc(),
            deployment.c.at,
            deployment.c.organisation,
        )
        .limit(1)
    )
    number, owner, is_borrowed = seen.view.connection.execute(query).one()
    return number, owner if is_borrowed else ""


_RUNNING: Final = (
    sa.select(sa.func.count())
    .where(procurement.c.definition == definition.c.digest, procurement.c.status == "running")
    .scalar_subquery()
)
_ORIGIN: Final = deployment.alias("origin")
_ORIGIN_OF: Final = organisation.alias("origin_of")
_IN_USE: Final = readable(procurement.c.definition, procurement.c.organisation).subquery()
_THEIRS: Final = deployment.alias("theirs")
_BORROWED: Final = sa.select(_IN_USE.c.definition).where(
    ~sa.select(_THEIRS.c.definition)
    .where(
        _THEIRS.c.definition == _IN_USE.c.definition,
        _THEIRS.c.organisation == _IN_USE.c.organisation,
    )
    .exists()
)
"""What procurements of the reader's run on and their organisation has from others. Of what it has
itself, nobody learns who else has the same."""
SEEN: Final = sa.or_(
    WITHIN_BORDER,
    sa.tuple_(deployment.c.definition, deployment.c.organisation).in_(
        sa.select(_IN_USE.c.definition, _IN_USE.c.organisation)
    ),
    deployment.c.definition.in_(_BORROWED),
)
"""Deployments that the reader of `model_values` may know of."""
_VERSIONS: Final = (
    sa.select(
        definition.c.digest,
        definition.c.key,
        deployment.c.number,
        definition.c.name,
        definition.c.startable,
        deployment.c.organisation.label("owner"),
        organisation.c.name.label("organisation"),
        deployment.c.by,
        deployment.c.at,
        _RUNNING.label("running"),
        sa.case((WITHIN_BORDER, True), else_=False).label("is_open"),
        deployment.c.origin,
        sa.func.coalesce(_ORIGIN_OF.c.name, "").label("origin_of"),
        sa.func.coalesce(_ORIGIN.c.number, 0).label("origin_number"),
    )
    .select_from(
        DEPLOYED.join(organisation, organisation.c.id == deployment.c.organisation)
        .outerjoin(_ORIGIN_OF, _ORIGIN_OF.c.id == deployment.c.origin_of)
        .outerjoin(
            _ORIGIN,
            (_ORIGIN.c.definition == deployment.c.origin)
            & (_ORIGIN.c.organisation == deployment.c.origin_of),
        )
    )
    .where(SEEN)
    .order_by(definition.c.key, *TAKEN_FIRST)
)


def model_values(view: View) -> dict[str, Any]:
    """The parameters of questions for versions."""
    return {**reader_values(view), "homes": sorted(view.actor.homes)}


def seen_version(view: View, digest: str) -> ProcessDefinition:
    """What a version says that the reader may know of; raises NotFoundError."""
    query = sa.select(definition.c.digest).select_from(DEPLOYED)
    found = query.where(definition.c.digest == digest, SEEN).limit(1)
    if view.connection.scalar(found, model_values(view)) is None:
        raise NotFoundError("version", digest)
    return view.definition(digest)


def versions_among(view: View, digests: Collection[str]) -> tuple[VersionRow, ...]:
    """Those of these versions that the reader may know of."""
    return _versions(view, definition.c.digest.in_(sorted(digests))) if digests else ()


def _versions(view: View, *where: "sa.ColumnElement[bool]") -> tuple[VersionRow, ...]:
    """Versions of the reader's organisations, those that are shared with them, and those that
    procurements of the reader's run on: each once, as the reader's own where others have it too."""
    found: dict[str, Any] = {}
    for row in view.connection.execute(_VERSIONS.where(*where), model_values(view)):
        known = found.get(row.digest)
        if known is None or _nearness(view, row) >= _nearness(view, known):
            found[row.digest] = row
    people = names_of(view, {row.by for row in found.values()})
    named = definitions.names_in(view.connection, view.language, found)
    return tuple(_row(each, people, named) for each in found.values())


def _nearness(view: View, row: Any) -> tuple[bool, bool, bool]:
    """Of two that are as near, the one that was deployed first counts, which comes last."""
    return row.owner in view.actor.homes, row.is_open, row.by == SYSTEM.id


def _row(row: Any, people: Mapping[str, str], named: Mapping[str, str]) -> VersionRow:
    return VersionRow(
        digest=row.digest,
        key=row.key,
        number=row.number,
        name=named.get(row.digest, row.name),
        startable=row.startable,
        owner=row.owner,
        organisation=row.organisation,
        deployed_by=people.get(row.by, row.by),
        deployed_at=row.at,
        running=row.running,
        is_open=row.is_open,
        origin=row.origin,
        origin_of=row.origin_of,
        origin_number=row.origin_number,
    )
