"""What suppliers handed in: where, when, sealed, and by whom it was opened."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import orjson
import sqlalchemy as sa

from engine.errors import NotFoundError
from engine.model.records import DeliveryRecord, IntakeRecord, OpeningRecord
from engine.store.prepared import Prepared
from engine.store.rows import Selection
from engine.store.schema import delivery, intake, opening, sealed_chunk, sealed_file
from engine.store.unit_of_work import UnitOfWork
from engine.vault.keys import Vaults
from engine.vault.sealing import opened

_OF: Final[sa.BindParameter[str]] = sa.bindparam("procurement")
_KEY: Final[sa.BindParameter[str]] = sa.bindparam("key")
_INTAKE: Final = Selection(intake, IntakeRecord, intake.c.id == _KEY)
_INTAKES: Final = Selection(
    intake, IntakeRecord, intake.c.procurement == _OF, order=(intake.c.opened_at, intake.c.id)
)
_DELIVERY: Final = Selection(delivery, DeliveryRecord, delivery.c.id == _KEY)
_DELIVERIES: Final = Selection(
    delivery, DeliveryRecord, delivery.c.procurement == _OF, order=(delivery.c.seq,)
)
_OPENING: Final = Selection(opening, OpeningRecord, opening.c.id == _KEY)
_OPENINGS: Final = Selection(
    opening, OpeningRecord, opening.c.procurement == _OF, order=(opening.c.begun_at, opening.c.id)
)
_LOOSE: Final = Prepared(
    sa.select(sealed_file.c.id).where(
        sealed_file.c.id == _KEY,
        sealed_file.c.intake == sa.bindparam("intake"),
        sealed_file.c.delivery == "",
    )
)
_COUNT: Final = Prepared(
    sa.select(sa.func.count()).select_from(sealed_chunk).where(sealed_chunk.c.file == _KEY)
)
_HEADER: Final = Prepared(sa.select(sealed_file.c.header).where(sealed_file.c.id == _KEY))
_CHUNK: Final = Prepared(
    sa.select(sealed_chunk.c.content).where(
        sealed_chunk.c.file == _KEY, sealed_chunk.c.number == sa.bindparam("number")
    )
)
_ABANDONED: Final = sa.select(sealed_file.c.id).where(
    sealed_file.c.delivery == "", sealed_file.c.begun_at < sa.bindparam("before")
)
_DROP_CHUNKS: Final = Prepared(sa.delete(sealed_chunk).where(sealed_chunk.c.file.in_(_ABANDONED)))
_DROP_FILES: Final = Prepared(
    sa.delete(sealed_file).where(
        sealed_file.c.delivery == "", sealed_file.c.begun_at < sa.bindparam("before")
    )
)


def find_intake(connection: sa.Connection, key: str) -> IntakeRecord | None:
    return _INTAKE.one(connection, key=key)


def intakes_of(connection: sa.Connection, procurement: str) -> list[IntakeRecord]:
    """The oldest first."""
    return _INTAKES.all(connection, procurement=procurement)


def find_delivery(connection: sa.Connection, key: str) -> DeliveryRecord | None:
    return _DELIVERY.one(connection, key=key)


def deliveries_of(
    connection: sa.Connection, procurement: str, within: str = ""
) -> list[DeliveryRecord]:
    """In the order in which they came; those of one intake where `within` names it."""
    found = _DELIVERIES.all(connection, procurement=procurement)
    return [each for each in found if within in ("", each.intake)]


def find_opening(connection: sa.Connection, key: str) -> OpeningRecord | None:
    return _OPENING.one(connection, key=key)


def openings_of(connection: sa.Connection, procurement: str) -> list[OpeningRecord]:
    """The oldest first; those that a second person has not joined too."""
    return _OPENINGS.all(connection, procurement=procurement)


def begin_file(work: UnitOfWork, file: str, within: str, header: bytes, now: datetime) -> None:
    work.writer.insert(
        sealed_file, id=file, intake=within, delivery="", header=header, begun_at=now
    )


def keep_chunk(work: UnitOfWork, file: str, number: int, content: bytes) -> None:
    work.writer.insert(sealed_chunk, file=file, number=number, content=content)


def is_loose(connection: sa.Connection, file: str, within: str) -> bool:
    """Whether the file came to this intake and is part of no delivery yet."""
    return _LOOSE.first(connection, {"key": file, "intake": within}) is not None


def hand_in(work: UnitOfWork, file: str, key: str) -> None:
    """The file is part of the delivery `key` from now on."""
    work.writer.update(sealed_file, {"id": file}, delivery=key)


def chunk_count(connection: sa.Connection, file: str) -> int:
    found = _COUNT.first(connection, {"key": file})
    return 0 if found is None else int(found[0])


def sealed_chunks(connection: sa.Connection, file: str) -> Iterator[bytes]:
    """One after the other, so that only one is in memory."""
    number = 0
    while (found := _CHUNK.first(connection, {"key": file, "number": number})) is not None:
        yield bytes(found[0])
        number += 1


def unsealed(connection: sa.Connection, private: bytes, file: str) -> Iterator[bytes]:
    """The content of a kept file, piece by piece; raises NotFoundError, or TamperedError on the
    way."""
    header = _HEADER.first(connection, {"key": file})
    if header is None:
        raise NotFoundError("file", file)
    return opened(private, file, bytes(header[0]), sealed_chunks(connection, file))


def cover_of(connection: sa.Connection, vaults: Vaults, found: DeliveryRecord) -> dict[str, Any]:
    """Whose it is and what its files are called: for those who may know it alone. Where names are
    kept away this takes the key of the identities. Raises KeyMissingError."""
    vault = vaults.identities if found.code else vaults.contents
    pieces = unsealed(connection, vault.private(found.procurement), found.id)
    cover: dict[str, Any] = orjson.loads(b"".join(pieces))
    return cover


def drop_abandoned(work: UnitOfWork, before: datetime) -> int:
    """Forget files that began to come in before this moment and were never handed in; how many."""
    _DROP_CHUNKS.run(work.connection, {"before": before})
    return _DROP_FILES.run(work.connection, {"before": before})
