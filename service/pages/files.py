"""Files: those that come with a form, and handing stored ones out."""

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response

from engine.commands.attachments import AddAttachment
from engine.commands.bus import CommandBus
from engine.forms.encoding import put
from engine.model.actor import Actor
from engine.queries.conversation import read_attachment
from engine.queries.task import TaskPage
from service.dependencies import Reader
from service.pages.posting import Posted
from service.security.headers import DOWNLOAD_POLICY

router = APIRouter(include_in_schema=False)


def put_files(
    page: TaskPage, data: dict[str, Any], sent: Posted, bus: CommandBus, actor: Actor
) -> tuple[TaskPage, dict[str, Any]]:
    """Attach each chosen file to the task and put its id where its field is.

    Raises FileRefusedError or TooLargeError before any of them is kept.
    """
    form = page.form
    if form is None:
        return page, data
    names: dict[str, str] = {}
    for number, (place, file) in enumerate(list(sent.uploads())):
        path = [int(part) if part.isdigit() else part for part in place.split(".")]
        field = form.find(tuple(path))
        if field is None:
            continue
        command = AddAttachment(
            page.task.procurement, file.name, file.media_type, file.content, page.task.id
        )
        request = f"{sent.request}-{number}" if sent.request else ""
        key = bus.handle(command, actor, request=request)["attachment"]
        names[key] = file.name
        data = put(data, path, key, append=field.item is not None)
    context = replace(page.form_context, files={**page.form_context.files, **names})
    return replace(page, form_context=context), data


@router.get("/attachments/{key}")
def download(key: str, view: Reader) -> Response:
    """The file as a download that no browser runs or shows inside our pages."""
    found = read_attachment(view, key)
    return Response(
        found.content,
        media_type=found.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
            "Content-Security-Policy": DOWNLOAD_POLICY,
        },
    )
