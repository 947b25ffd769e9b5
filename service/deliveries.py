"""Handing in files: looked at, sealed piece by piece while they are read, then delivered at once.

A file is never whole in memory. Where names are kept away, what is read after opening is a copy
without properties; the file as it came is sealed for whoever keeps the names.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from tempfile import TemporaryFile
from typing import BinaryIO, Final
from uuid import uuid4

import orjson

from engine.commands.bus import CommandBus
from engine.commands.deliveries import KeepSealed, NewFile, SubmitDelivery
from engine.commands.environment import Answer
from engine.model.actor import Actor
from engine.model.delivery import PORTAL, QUALITY
from engine.model.records import DeliveryRecord
from engine.queries.deliveries import Receiver
from engine.store.deliveries import find_delivery
from engine.vault.sealing import CHUNK, Sealer
from service.keyfiles import read_secret
from service.metadata import strip
from service.security.secrets import keyed_hash
from service.settings import Settings
from service.uploads import MEGABYTE, kind_of, look_inside, plain_name, too_large

_TOGETHER: Final = 4
"""Pieces of 1 MB that are kept in one transaction."""


@dataclass(frozen=True, slots=True)
class Arriving:
    """A file that somebody sends; `stream` can be read more than once. `part` is what it belongs
    to where price is kept apart from quality."""

    filename: str
    stream: BinaryIO
    part: str = QUALITY

    @property
    def name(self) -> str:
        return plain_name(self.filename)

    @property
    def media_type(self) -> str:
        return kind_of(self.name).media_type

    def size(self) -> int:
        return self.stream.seek(0, 2)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who hands in, to which intake, and for which supplier where that is another. `delivery` is
    the new delivery's id."""

    bus: CommandBus
    actor: Actor
    receiver: Receiver
    supplier: str = ""
    name: str = ""
    channel: str = PORTAL
    remark: str = ""
    delivery: str = field(default_factory=lambda: uuid4().hex)

    def deliver(self, files: Iterable[Arriving], limit: int) -> Answer:
        """Take the files, seal them and hand them in, all or none; once, however often it is sent.

        `limit` is how many bytes they may be together. Raises TooLargeError, FileRefusedError or
        what the engine raises.
        """
        with self.bus.store.reader() as connection:
            known = find_delivery(connection, self.delivery)
        if known is not None:
            return _answer(known)
        arriving = {uuid4().hex: each for each in files}
        self._look_at(arriving.values(), limit)
        self._keep_cover(arriving)
        kept = tuple(self._keep(key, each) for key, each in arriving.items())
        command = SubmitDelivery(
            self.receiver.procurement,
            self.receiver.intake,
            self.delivery,
            kept,
            self.supplier,
            self.channel,
            self.remark,
        )
        return self.bus.handle(command, self.actor)

    def _look_at(self, arriving: Iterable[Arriving], limit: int) -> None:
        """Before anything is kept, whether all of it can be taken."""
        total = 0
        for each in arriving:
            kind_of(each.name)
            total += each.size()
            if total > limit:
                raise too_large(limit // MEGABYTE, each.name)
            look_inside(each.name, each.stream, each.size(), whole=True)

    def _keep_cover(self, files: Mapping[str, Arriving]) -> None:
        """Whose it is and what the files are called: sealed as they are, and before they are."""
        cover = {
            "supplier": self.supplier,
            "name": self.name,
            "by": self.actor.id,
            "files": {key: each.name for key, each in files.items()},
        }
        receiver = self.receiver
        vault = receiver.identities if receiver.anonymous else receiver.contents
        self._seal(vault, self.delivery, BytesIO(orjson.dumps(cover)))

    def _keep(self, key: str, file: Arriving) -> NewFile:
        receiver = self.receiver
        if not receiver.anonymous:
            size, digest = self._seal(receiver.contents, key, file.stream)
            part = file.part if receiver.parted else ""
            return NewFile(key, file.media_type, size, digest, key, part)
        shown = uuid4().hex
        with TemporaryFile() as nameless:
            strip(file.name, file.media_type, file.stream, nameless)
            self._seal(receiver.contents, shown, nameless)
        size, digest = self._seal(receiver.identities, key, file.stream)
        return NewFile(key, file.media_type, size, digest, shown)

    def _seal(self, vault: bytes, key: str, stream: BinaryIO) -> tuple[int, str]:
        """Keep what the stream holds, sealed for the vault; its size in bytes and SHA-256."""
        stream.seek(0)
        sealer = Sealer(vault, key)
        first = 0
        for pieces in _together(sealer.chunks(_pieces(stream))):
            command = KeepSealed(
                self.receiver.procurement,
                self.receiver.intake,
                self.delivery,
                key,
                first,
                pieces,
                sealer.header if first == 0 else b"",
            )
            self.bus.handle(command, self.actor)
            first += len(pieces)
        return sealer.size, sealer.digest


def _answer(found: DeliveryRecord) -> Answer:
    """What was answered when it came in."""
    return {
        "procurement": found.procurement,
        "delivery": found.id,
        "received_at": found.at.isoformat(),
        "late": found.late,
    }


def delivery_id(settings: Settings, actor: Actor, request: str) -> str:
    """The id of what a request hands in: the same when it is sent again, so that it is handed in
    once. It tells nothing of whose it is to who has not the installation's secret."""
    if not request:
        return uuid4().hex
    secret = read_secret(settings.secret_key)
    return keyed_hash(secret, "delivery", actor.id, request)[:32]


def _pieces(stream: BinaryIO) -> Iterator[bytes]:
    while piece := stream.read(CHUNK):
        yield piece


def _together(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, ...]]:
    waiting: list[bytes] = []
    for chunk in chunks:
        waiting.append(chunk)
        if len(waiting) == _TOGETHER:
            yield tuple(waiting)
            waiting = []
    if waiting:
        yield tuple(waiting)
