"""Deploying a process, one immutable version named by the SHA-256 of its files, and sharing it.

A version belongs to the organisation it was deployed for. Others have it where that organisation
shares it with them, and as long as it does; what they take over as their own keeps its origin.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

from engine.access.policy import Action
from engine.access.rules import Grounds, Target
from engine.bpmn.compile import compile_bundle
from engine.commands.audience import audience
from engine.commands.environment import Answer, Session
from engine.errors import NotFoundError, RejectedError
from engine.model.events import ModelShared, ModelSharingStopped, ProcessDeployed
from engine.model.knowledge import MODEL
from engine.model.records import DefinitionRecord, DeploymentRecord
from engine.search.entries import model_entry
from engine.store import definitions, knowledge, search


@dataclass(frozen=True, slots=True)
class DeployProcess:
    """`files` is the whole bundle of the process `key`: path → bytes. With `to_all` every other
    organisation may read and start it too. `origin` is the version of another organisation that it
    was made from; a new version of the same process keeps that of the one before."""

    key: str
    files: Mapping[str, bytes]
    organisation: str
    to_all: bool = False
    origin: str = ""


def deploy_process(command: DeployProcess, session: Session) -> Answer:
    """The same bytes make no new version and change no sharing. Raises DeploymentRefusedError with
    every finding, NotFoundError for an origin that the organisation may not have."""
    target = Target(command.organisation)
    grounds = session.require(Action.DEPLOY, target, kind="organisation", key=command.organisation)
    compiled = compile_bundle(command.key, command.files)
    definition = compiled.definition
    session.work.lock_organisation(command.organisation)
    connection = session.work.connection
    own = definitions.own_versions(connection, definition.key, command.organisation)
    for known in own:
        if known.digest == definition.digest:
            return {"digest": known.digest, "number": known.number, "new": False}
    origin, origin_of = _origin(session, command, own)
    if definitions.find(connection, definition.digest) is None:
        record = DefinitionRecord(
            definition.digest, definition.key, definition.name, definition.root.startable
        )
        definitions.add(session.work, record, definition, command.files)
    if session.work.searched:
        entry = model_entry(definition, compiled.forms.values(), command.files, session.now)
        search.remove(connection, [entry.object])
        search.put(connection, [entry])
    event = ProcessDeployed(
        definition.digest,
        definition.key,
        max((each.number for each in own), default=0) + 1,
        command.organisation,
        definition.name,
        {path: sha256(content).hexdigest() for path, content in command.files.items()},
        origin,
        origin_of,
        uuid4().hex if command.to_all else "",
    )
    session.work.record(command.organisation, event, session.context(grounds))
    session.environment.definitions.keep(definition.digest, compiled)  # its name is its content
    return {"digest": definition.digest, "number": event.number, "new": True}


def _origin(
    session: Session, command: DeployProcess, own: list[DeploymentRecord]
) -> tuple[str, str]:
    """The version it was made from and whose that is, "" for nobody else's."""
    if not command.origin:
        return (own[0].origin, own[0].origin_of) if own else ("", "")
    found = definitions.open_to(session.work.connection, command.origin, [command.organisation])
    if found is None:
        raise NotFoundError("version", command.origin)
    if found.organisation == command.organisation:
        return found.origin, found.origin_of
    return found.digest, found.organisation


@dataclass(frozen=True, slots=True)
class TakeModel:
    """Deploy a version that is shared with `organisation` as one of its own, to build on."""

    version: str
    organisation: str


def take_model(command: TakeModel, session: Session) -> Answer:
    """It stays when the sharing ends, and keeps where it came from; nobody else gets it."""
    target = Target(command.organisation)
    session.require(Action.DEPLOY, target, kind="organisation", key=command.organisation)
    connection = session.work.connection
    found = definitions.open_to(connection, command.version, [command.organisation])
    if found is None:
        raise NotFoundError("version", command.version)
    if found.organisation == command.organisation:
        raise RejectedError(
            f"Version {found.number} of {found.name} is your own already. Deploy new files beside"
            " it.",
            version=command.version,
            about="model-own",
            number=found.number,
            name=found.name,
        )
    files = definitions.files(connection, found.digest)
    deploying = DeployProcess(found.key, files, command.organisation, origin=found.digest)
    return deploy_process(deploying, session)


@dataclass(frozen=True, slots=True)
class ShareModel:
    """Let others read and start a version of `organisation`; no `others` is every one there is."""

    version: str
    organisation: str
    others: tuple[str, ...] = ()


def share_model(command: ShareModel, session: Session) -> Answer:
    """Shared anew takes the place of what was shared of it before.

    Raises NotFoundError for a version that `organisation` has not deployed.
    """
    grounds = _sharing_for(session, command.organisation)
    connection = session.work.connection
    found = definitions.open_to(connection, command.version, [command.organisation])
    if found is None or found.organisation != command.organisation:
        raise NotFoundError("version", command.version)
    others = audience(session, command.others, command.organisation)
    context = session.context(grounds)
    for item in knowledge.shared_by(connection, command.organisation):
        if item.submission == command.version and item.revoked_at is None:
            session.work.record(command.organisation, ModelSharingStopped(item.id), context)
    event = ModelShared(uuid4().hex, found.digest, found.name, list(others))
    session.work.record(command.organisation, event, context)
    return {"version": found.digest, "item": event.item}


@dataclass(frozen=True, slots=True)
class StopSharingModel:
    """End the sharing `item` of the version."""

    version: str
    organisation: str
    item: str


def stop_sharing_model(command: StopSharingModel, session: Session) -> Answer:
    """From now on nobody outside starts it or takes it over; what runs on it keeps it."""
    grounds = _sharing_for(session, command.organisation)
    found = knowledge.find_item(session.work.connection, command.item)
    if (
        found is None
        or (found.kind, found.submission) != (MODEL, command.version)
        or found.organisation != command.organisation
    ):
        raise NotFoundError("item", command.item)
    if found.revoked_at is None:
        event = ModelSharingStopped(found.id)
        session.work.record(command.organisation, event, session.context(grounds))
    return {"version": command.version}


def _sharing_for(session: Session, organisation: str) -> Grounds:
    """Why the actor may share the organisation's models, whose chain is open then."""
    target = Target(organisation)
    grounds = session.require(Action.SHARE_MODEL, target, kind="organisation", key=organisation)
    session.work.lock_organisation(organisation)
    return grounds
