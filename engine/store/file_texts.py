"""What files say: read outside of any act, kept once for each content."""

from typing import Final

import sqlalchemy as sa

from engine.model.records import AttachmentRecord
from engine.store.rows import Selection
from engine.store.schema import attachment, file_text
from engine.store.unit_of_work import UnitOfWork

_TEXT: Final = sa.select(file_text.c.text).where(file_text.c.blob == sa.bindparam("blob"))
_OF_BLOB: Final = Selection(
    attachment,
    AttachmentRecord,
    attachment.c.blob == sa.bindparam("blob"),
    order=(attachment.c.at, attachment.c.id),
)


def find(connection: sa.Connection, blob: str) -> str | None:
    """None for a file that nobody has read yet."""
    found = connection.scalar(_TEXT, {"blob": blob})
    return None if found is None else str(found)


def keep(work: UnitOfWork, blob: str, text: str) -> None:
    work.writer.insert(file_text, blob=blob, text=text)


def attachments_with(connection: sa.Connection, blob: str) -> list[AttachmentRecord]:
    """Every attachment of this content."""
    return _OF_BLOB.all(connection, blob=blob)
