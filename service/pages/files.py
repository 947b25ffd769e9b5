"""Files: those that come with a form, and handing stored ones out."""

from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from engine.commands.attachments import AddAttachment
from engine.commands.bus import CommandBus
from engine.forms.definition import Form
from engine.forms.encoding import put
from engine.forms.values import Context
from engine.model.actor import Actor
from engine.queries.conversation import FileContent, read_attachment
from service.dependencies import Reader
from service.pages.posting import Posted
from service.security.headers import DOWNLOAD_POLICY, download_headers
from service.uploads import Upload

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Attaching:
    """Where files that come with a form are kept: at a task, or at the procurement itself."""

    bus: CommandBus
    actor: Actor
    procurement: str
    task: str = ""
    scope: str = ""

    def attach(self, file: Upload, request: str) -> str:
        """The attachment's id; the same request attaches once."""
        command = AddAttachment(
            self.procurement, file.name, file.media_type, file.content, self.task, self.scope
        )
        key: str = self.bus.handle(command, self.actor, request=request)["attachment"]
        return key


def put_files(
    form: Form, context: Context, data: dict[str, Any], sent: Posted, where: Attaching
) -> tuple[Context, dict[str, Any]]:
    """Attach each chosen file and put its id where its field is; the context then knows it.

    Raises FileRefusedError or TooLargeError before any of them is kept.
    """
    names: dict[str, str] = {}
    for number, (place, file) in enumerate(list(sent.uploads())):
        path = [int(part) if part.isdigit() else part for part in place.split(".")]
        field = form.find(tuple(path))
        if field is None:
            continue
        key = where.attach(file, f"{sent.request}-{number}" if sent.request else "")
        names[key] = file.name
        data = put(data, path, key, append=field.item is not None)
    return replace(context, files={**context.files, **names}), data


def inline(found: FileContent) -> Response:
    """A picture we drew ourselves, to be shown inside our pages and nowhere else."""
    return Response(
        found.content,
        media_type=found.media_type,
        headers={"Content-Disposition": "inline", "Content-Security-Policy": DOWNLOAD_POLICY},
    )


def as_download(found: FileContent) -> Response:
    """A file of somebody's, which no browser runs or shows inside our pages."""
    return Response(
        found.content,
        media_type=found.media_type,
        headers=download_headers(found.name),
    )


@router.get("/attachments/{key}")
def download(key: str, view: Reader) -> Response:
    """A file, for those who may read what it is attached to."""
    return as_download(read_attachment(view, key))
