"""The choice of procedure before there is a procurement, and what was prepared from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import orjson
import sqlalchemy as sa

from engine.bpmn.choosing import TABLE_FILE, choose_procedure
from engine.errors import RejectedError
from engine.model.definition import ProcessDefinition
from engine.procurement.choice import Answers, ProcedureChoice
from engine.queries.diagrams import process_name
from engine.queries.view import View
from engine.store.definitions import CURRENT, DEPLOYED, TAKEN_FIRST, WITHIN_BORDER
from engine.store.schema import audit_event, definition, definition_file


@dataclass(frozen=True, slots=True)
class Chosen:
    """`digest` is the version whose tables answered; `processes` maps each procedure to the process
    that carries it through, where one is deployed."""

    choice: ProcedureChoice
    digest: str
    version: str
    processes: Mapping[str, str]


def choose(view: View, answers: Answers, at: date | None = None) -> Chosen:
    """Ask the newest tables that the reader may use by the law of `at` (today when None).

    Raises `RejectedError` where no process with the tables is deployed, and the errors of
    `choose_procedure`.
    """
    query = (
        sa.select(definition.c.digest)
        .select_from(DEPLOYED)
        .join(definition_file, definition_file.c.definition == definition.c.digest)
        .where(definition_file.c.path == TABLE_FILE, WITHIN_BORDER)
        .order_by(*TAKEN_FIRST)
        .limit(1)
    )
    found = view.connection.execute(query, {"homes": sorted(view.actor.homes)}).first()
    if found is None:
        raise RejectedError(
            "No deployed process has the decision tables for the choice of procedure. Deploy one "
            "that calls procedure-choice.",
            file=TABLE_FILE,
            about="no-choice-process",
        )
    version = view.definitions.get(view.connection, found.digest)
    choice = choose_procedure(version, answers, at or view.today, view.now)
    name = process_name(view, version.definition, version.definition.key)
    return Chosen(choice, found.digest, name, processes_by_procedure(view))


def processes_by_procedure(view: View) -> Mapping[str, str]:
    """The startable process of each procedure: the newest version of each process counts."""
    return {
        info.root.procedure: info.key
        for info in newest_definitions(view)
        if info.root.startable and info.root.procedure
    }


def newest_definitions(view: View) -> tuple[ProcessDefinition, ...]:
    """What the newest version of each process that the reader may start or build on says, by
    key."""
    query = (
        sa.select(definition.c.info)
        .where(definition.c.digest.in_(CURRENT))
        .order_by(definition.c.key)
    )
    found = view.connection.scalars(query, {"homes": sorted(view.actor.homes)})
    return tuple(ProcessDefinition.from_json(info) for info in found)


def prepared_content(view: View, procurement: str, form: str) -> dict[str, Any] | None:
    """What the form begins with in this procurement, None where nothing was prepared."""
    query = (
        sa.select(audit_event.c.body)
        .where(audit_event.c.chain == procurement, audit_event.c.type == "FormPrepared")
        .order_by(audit_event.c.seq)
    )
    bodies = (orjson.loads(body)["data"] for body in view.connection.scalars(query))
    return next((body["content"] for body in bodies if body["form"] == form), None)
