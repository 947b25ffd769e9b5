"""Deploying a process: one immutable version named by the SHA-256 of its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from engine.access.policy import Action
from engine.access.rules import Target
from engine.bpmn.compile import compile_bundle
from engine.commands.environment import Answer, Session
from engine.model.events import ProcessDeployed
from engine.model.records import DefinitionRecord
from engine.search.entries import model_entry
from engine.store import definitions, search


@dataclass(frozen=True, slots=True)
class DeployProcess:
    """`files` is the whole bundle of the process `key`: path → bytes."""

    key: str
    files: Mapping[str, bytes]
    organisation: str


def deploy_process(command: DeployProcess, session: Session) -> Answer:
    """The same bytes make no new version. Raises DeploymentRefusedError with every finding."""
    target = Target(command.organisation)
    grounds = session.require(Action.DEPLOY, target, kind="organisation", key=command.organisation)
    compiled = compile_bundle(command.key, command.files)
    definition = compiled.definition
    session.work.lock_organisation(command.organisation)
    connection = session.work.connection
    known = definitions.find(connection, definition.digest)
    if known is not None:
        return {"digest": known.digest, "number": known.number, "new": False}
    number = definitions.next_number(connection, definition.key)
    record = DefinitionRecord(
        digest=definition.digest,
        key=definition.key,
        number=number,
        organisation=command.organisation,
        name=definition.name,
        startable=definition.root.startable,
    )
    definitions.add(
        session.work, record, definition, command.files, by=session.actor.id, at=session.now
    )
    entry = model_entry(definition, compiled.forms.values(), command.organisation, session.now)
    search.remove(connection, [entry.object])
    search.put(connection, [entry])
    digests = {path: sha256(content).hexdigest() for path, content in command.files.items()}
    event = ProcessDeployed(
        definition.digest,
        definition.key,
        number,
        command.organisation,
        definition.name,
        digests,
    )
    session.work.record(command.organisation, event, session.context(grounds))
    session.environment.definitions.keep(definition.digest, compiled)  # its name is its content
    return {"digest": definition.digest, "number": number, "new": True}
