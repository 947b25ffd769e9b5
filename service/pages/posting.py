"""What a page posts: the fields of its form, and beside them the token, request id and button."""

import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import Depends, Request
from pydantic import AfterValidator
from starlette.datastructures import FormData, UploadFile

from engine.errors import InvalidInputError
from service.dependencies import Everything, Person, require_own_request
from service.security.origin import require_token
from service.security.sessions import SignedIn
from service.uploads import Upload, read_upload
from service.wiring import Parts

TOKEN: Final = "_csrf"  # noqa: S105 - a field's name
REQUEST: Final = "_request"
ACTION: Final = "_action"
UPLOAD: Final = "_upload."
MOST_FIELDS: Final = 5000
LONGEST_FIELD: Final = 4 * 1024 * 1024  # bytes; the draft that a page began with is one field
MOST_FILES: Final = 20


@dataclass(frozen=True, slots=True)
class Posted:
    """`pairs` are the page's own fields, without the system's."""

    pairs: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, UploadFile], ...]
    request: str
    action: str
    limit: int

    def __getitem__(self, name: str) -> str:
        """The last value of a field, "" when there is none."""
        return next((value for key, value in reversed(self.pairs) if key == name), "")

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a field that may come several times."""
        return tuple(value for key, value in self.pairs if key == name)

    def uploads(self) -> Iterable[tuple[str, Upload]]:
        """Files that were chosen, by the path of their field; raises FileRefusedError."""
        for name, file in self.files:
            if file.filename:
                yield name, read_upload(file.filename, file.file, self.limit)


NOTHING_SENT: Final = Posted((), (), "", "", 0)
"""As a page is before anything was posted."""


async def read_posted(request: Request, person: Person, parts: Everything) -> AsyncIterator[Posted]:
    async for posted in read_form(request, person, parts):
        yield posted


async def read_form(request: Request, person: SignedIn, parts: Parts) -> AsyncIterator[Posted]:
    """Read the form and make sure that it is one of ours; large files go to disk, not memory."""
    require_own_request(request)
    limit = parts.settings.upload_bytes
    async with request.form(
        max_files=MOST_FILES, max_fields=MOST_FIELDS, max_part_size=LONGEST_FIELD
    ) as form:
        token = form.get(TOKEN)
        require_token(person.csrf, token if isinstance(token, str) else None)
        yield _posted(form, limit)


def _posted(form: FormData, limit: int) -> Posted:
    pairs: list[tuple[str, str]] = []
    files: list[tuple[str, UploadFile]] = []
    system: dict[str, str] = {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            files.append((name.removeprefix(UPLOAD), value))
        elif name in {TOKEN, REQUEST, ACTION}:
            system[name] = readable(value)
        else:
            pairs.append((readable(name), readable(value)))
    return Posted(
        tuple(pairs), tuple(files), system.get(REQUEST, "")[:64], system.get(ACTION, ""), limit
    )


def no_such_act(act: str) -> InvalidInputError:
    """The refusal of an act that the page does not offer."""
    return InvalidInputError(f"There is no act {act}.", act=act, about="no-such-act")


def readable(text: str) -> str:
    """Without characters that no keyboard types and no database or mail takes."""
    return _CONTROL.sub("", text)


Typed = Annotated[str, AfterValidator(readable)]
"""A field of a form outside of `Posted`."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

Sent = Annotated[Posted, Depends(read_posted)]
