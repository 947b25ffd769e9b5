"""The files of a version as they were deployed: forms for programs that fill them in, any file for
designers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from engine.bpmn.diagram import in_language
from engine.errors import NotFoundError
from engine.forms.definition import Form
from engine.queries.definitions import SEEN, model_values, seen_version
from engine.queries.view import View
from engine.store.definitions import DEPLOYED
from engine.store.schema import blob, definition, definition_file, procurement


@dataclass(frozen=True, slots=True)
class FormSource:
    """The three files of a form, parsed."""

    key: str
    title: str
    json_schema: Mapping[str, Any]
    ui: Mapping[str, Any]
    english: Mapping[str, Any]


def form_source(view: View, key: str, form: Form) -> FormSource:
    """The files of a form of the procurement `key`, whom the reader has been let in to."""
    names = {ending: f"forms/{form.key}.{ending}.json" for ending in ("schema", "ui", "en")}
    query = (
        sa.select(definition_file.c.path, blob.c.content)
        .join(blob, blob.c.digest == definition_file.c.blob)
        .join(procurement, procurement.c.definition == definition_file.c.definition)
        .where(procurement.c.id == key, definition_file.c.path.in_(names.values()))
    )
    found = {path: orjson.loads(content) for path, content in view.connection.execute(query)}
    if names["schema"] not in found:
        raise NotFoundError("form", form.key)
    return FormSource(
        key=form.key,
        title=form.title(view.language),
        json_schema=found[names["schema"]],
        ui=found.get(names["ui"], {}),
        english=found.get(names["en"], {}),
    )


def deployed_file(view: View, digest: str, path: str) -> bytes:
    """One file of a version that the reader may see; raises NotFoundError."""
    query = (
        sa.select(blob.c.content)
        .select_from(DEPLOYED)
        .join(definition_file, definition_file.c.definition == definition.c.digest)
        .join(blob, blob.c.digest == definition_file.c.blob)
        .where(definition.c.digest == digest, definition_file.c.path == path, SEEN)
        .limit(1)
    )
    content = view.connection.scalar(query, model_values(view))
    if content is None:
        raise NotFoundError("file", path)
    return bytes(content)


def model_source(view: View, digest: str, process: str = "") -> bytes:
    """The BPMN file of a process of a version that the reader may see, the root's when none is
    named, with the names of the reader's language; raises NotFoundError."""
    said = seen_version(view, digest)
    found = said.processes.get(process or said.key)
    if found is None:
        raise NotFoundError("process", process)
    source = deployed_file(view, digest, found.file)
    texts = said.texts.get(view.language, {}).get(found.key, {})
    return in_language(source, texts) if texts else source
