"""What was handed in, as far as the law lets the reader see it.

Before the opening nobody reads anything. Before the deadline even the receiving officer sees only
that something came, when, and its hash; other members see that receipt is open, and no more.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.access.policy import Action
from engine.errors import NotFoundError
from engine.model.actor import Participation
from engine.model.definition import PRICES, keeps_prices_apart
from engine.model.delivery import (
    CHANNELS,
    KINDS,
    PORTAL,
    PRICE,
    SEALED,
    WITH_PRICE,
    DeliveryState,
    part_of,
)
from engine.model.records import DeliveryRecord, IntakeRecord, OpeningRecord
from engine.procurement.opening import WAITS, openable
from engine.queries.names import element_name
from engine.queries.parties import buyer_of, supplier_name
from engine.queries.view import Seen, View, find_procurement, names_of, see_procurement
from engine.queries.withheld import is_withheld
from engine.store import deliveries as rows
from engine.store import records
from engine.store.firms import supplier_labels
from engine.store.receipts import plain_cover
from engine.store.schema import audit_event, timer


@dataclass(frozen=True, slots=True)
class Receiver:
    """What something is handed in to: the public keys that it is sealed for. `parted` where price
    is kept apart from quality."""

    procurement: str
    intake: str
    anonymous: bool
    parted: bool
    contents: bytes
    identities: bytes


@dataclass(frozen=True, slots=True)
class FileView:
    """`size` in bytes and `digest` (SHA-256) as it came; `name` is "" while it is sealed. `closed`
    for a price that the reader, who judges quality, must not know yet."""

    id: str
    name: str
    media_type: str
    size: int
    digest: str
    part: str
    closed: bool


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """`supplier` and `name`, which tells the organisation number too, are "" where the reader may
    not know whose it is; `code` stands for them where names are kept away. `readable` tells whether
    its files can be read."""

    id: str
    supplier: str
    name: str
    code: str
    channel: str
    at: datetime
    state: DeliveryState
    late: bool
    digest: str
    files: tuple[FileView, ...]
    remark: str
    readable: bool


@dataclass(frozen=True, slots=True)
class OpeningView:
    """The opening record: when, by which two, what was opened, and what was left sealed and why.
    `at` is None while the first waits for the second, until `until`."""

    id: str
    first: str
    second: str
    begun_at: datetime
    until: datetime
    at: datetime | None
    opened: tuple[DeliveryView, ...]
    left_sealed: tuple[tuple[DeliveryView, str], ...]
    may_join: bool


@dataclass(frozen=True, slots=True)
class IntakeView:
    """`deliveries` are those the reader may know of; `hidden` tells that there may be more;
    `parted` where price is kept apart from quality."""

    id: str
    kind: str
    deadline: datetime
    opened_at: datetime
    closed_at: datetime | None
    anonymous: bool
    parted: bool
    over: bool
    deliveries: tuple[DeliveryView, ...]
    hidden: bool
    openings: tuple[OpeningView, ...]
    may_register: bool
    may_open: bool


@dataclass(frozen=True, slots=True)
class ClockView:
    """A deadline that the process keeps."""

    timer: str
    name: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ReceiptsPage:
    procurement: str
    reference: str
    title: str
    intakes: tuple[IntakeView, ...]
    clocks: tuple[ClockView, ...]
    suppliers: tuple[tuple[str, str], ...]
    may_open_intake: bool
    kinds: tuple[str, ...] = KINDS
    channels: tuple[str, ...] = CHANNELS[1:]


def receipts_page(view: View, key: str) -> ReceiptsPage:
    """Where suppliers deliver, what came and how it was opened; raises NotFoundError."""
    seen = see_procurement(view, key)
    reading = _Reading.of(seen)
    may_open_intake = seen.row.status == "running" and seen.may(Action.OPEN_INTAKE, seen.target())
    return ReceiptsPage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        intakes=tuple(map(reading.intake, reversed(rows.intakes_of(view.connection, key)))),
        clocks=_clocks(seen) if may_open_intake else (),
        suppliers=tuple(reading.suppliers.items()) if reading.keeper else (),
        may_open_intake=may_open_intake,
    )


def _clocks(seen: Seen) -> tuple[ClockView, ...]:
    definition = seen.view.definition(seen.row.definition)
    query = (
        sa.select(timer.c.id, timer.c.element, timer.c.due_at)
        .where(timer.c.procurement == seen.row.id, timer.c.due_at > seen.view.now)
        .order_by(timer.c.due_at, timer.c.id)
    )
    return tuple(
        ClockView(row.id, element_name(definition, seen.view.language, row.element), row.due_at)
        for row in seen.view.connection.execute(query)
    )


@dataclass(frozen=True, slots=True)
class _Reading:
    """One reader of what was handed in: `keeper` may know of what is sealed."""

    seen: Seen
    keeper: bool
    suppliers: Mapping[str, str]
    persons: Mapping[str, str]

    @classmethod
    def of(cls, seen: Seen) -> "_Reading":
        connection, key = seen.view.connection, seen.row.id
        openings = rows.openings_of(connection, key)
        persons = {each.first for each in openings} | {each.second for each in openings}
        return cls(
            seen, seen.sees(SEALED), supplier_labels(connection, key), names_of(seen.view, persons)
        )

    def intake(self, found: IntakeRecord) -> IntakeView:
        seen = self.seen
        now = seen.view.now
        kept = rows.deliveries_of(seen.view.connection, seen.row.id, found.id)
        running = seen.row.status == "running" and not seen.is_past
        over = now > found.deadline
        receives = running and seen.may(Action.RECEIVE, seen.target())
        opens = running and over and seen.may(Action.OPEN_SEALED, seen.target())
        decisions = records.decisions(seen.view.connection, seen.row.id)
        shown = tuple(self.delivery(each, found) for each in kept if self.knows_of(each))
        return IntakeView(
            id=found.id,
            kind=found.kind,
            deadline=found.deadline,
            opened_at=found.opened_at,
            closed_at=found.closed_at,
            anonymous=found.anonymous,
            parted=_parted(seen, found.kind),
            over=over,
            deliveries=shown,
            hidden=not self.keeper,
            openings=self.openings(found, kept),
            may_register=receives and found.closed_at is None,
            may_open=opens and bool(openable(kept, decisions)),
        )

    def knows_of(self, found: DeliveryRecord) -> bool:
        if found.opened_at is None or found.code:
            return self.keeper
        return self.seen.sees(found.supplier)

    def delivery(self, found: DeliveryRecord, within: IntakeRecord) -> DeliveryView:
        seen = self.seen
        named = self.seen.view.now > within.deadline or found.channel != PORTAL
        readable = found.opened_at is not None and _reads(seen, found)
        supplier = found.supplier if named else ""
        cover = plain_cover(seen.view.connection, seen.view.vaults, found) if supplier else {}
        names = cover.get("files", {}) if readable else {}
        closed = readable and _price_closed(seen, found)
        return DeliveryView(
            id=found.id,
            supplier=supplier,
            name=self.suppliers.get(supplier) or cover.get("name") or supplier,
            code=found.code,
            channel=found.channel,
            at=found.at,
            state=found.state,
            late=found.late,
            digest=found.digest,
            files=tuple(_file(each, names, closed=closed) for each in found.files),
            remark=found.remark,
            readable=readable,
        )

    def openings(self, found: IntakeRecord, kept: list[DeliveryRecord]) -> tuple[OpeningView, ...]:
        mine = [
            each
            for each in rows.openings_of(self.seen.view.connection, self.seen.row.id)
            if each.intake == found.id
        ]
        by_id = {each.id: each for each in kept}
        return tuple(
            self.opening(each, found, by_id) for each in mine if each.at or self._waits(each)
        )

    def _waits(self, found: OpeningRecord) -> bool:
        return self.seen.view.now - found.begun_at <= WAITS

    def opening(
        self, found: OpeningRecord, within: IntakeRecord, kept: Mapping[str, DeliveryRecord]
    ) -> OpeningView:
        seen = self.seen
        may = seen.row.status == "running" and seen.may(Action.OPEN_SEALED, seen.target())
        return OpeningView(
            id=found.id,
            first=self.persons.get(found.first, found.first),
            second=self.persons.get(found.second, found.second),
            begun_at=found.begun_at,
            until=found.begun_at + WAITS,
            at=found.at,
            opened=tuple(
                self.delivery(kept[key], within)
                for key in found.deliveries
                if self._listed(kept[key])
            ),
            left_sealed=tuple(
                (self.delivery(kept[key], within), why)
                for key, why in found.left_sealed
                if self._listed(kept[key])
            ),
            may_join=may and found.at is None and found.first != seen.view.actor.id,
        )

    def _listed(self, found: DeliveryRecord) -> bool:
        """Who was opened, and who not, is no secret from those who may know of the supplier."""
        return self.keeper if found.code else self.seen.sees(found.supplier)


def _file(found: list[Any], names: Mapping[str, str], *, closed: bool = False) -> FileView:
    """`closed` says whether prices are closed to the reader: their files have no names either."""
    key, media_type, size, digest, *_ = found
    part = part_of(found)
    shut = closed and part == PRICE
    return FileView(
        key, "" if shut else names.get(key, ""), media_type, size, digest, part, closed=shut
    )


def _parted(seen: Seen, kind: str) -> bool:
    """Whether what is handed in has a part for the price: the model keeps prices from those who
    judge quality until they have."""
    return kind in WITH_PRICE and keeps_prices_apart(seen.view.definition(seen.row.definition))


def _price_closed(seen: Seen, found: DeliveryRecord) -> bool:
    return found.opened_at is not None and is_withheld(seen, PRICES, found.opened_at)


def _reads(seen: Seen, found: DeliveryRecord) -> bool:
    """Whether the reader may read what was opened: a project only who keeps the names, until it
    is presented without them."""
    return seen.sees(SEALED if found.code else found.supplier)


@dataclass(frozen=True, slots=True)
class SealedContent:
    """A file that was opened: `chunks` are decrypted one by one while they are read."""

    name: str
    media_type: str
    size: int | None
    chunks: Iterator[bytes]


def read_file(view: View, key: str, delivery: str, file: str) -> SealedContent:
    """A file of an opened delivery; raises NotFoundError for what is sealed or not for the
    reader."""
    seen = see_procurement(view, key)
    found = rows.find_delivery(view.connection, delivery)
    known = found is not None and found.procurement == key and found.opened_at is not None
    if found is None or not known or not _reads(seen, found):
        raise NotFoundError("delivery", delivery)
    for at, each in enumerate(found.files, start=1):
        kept, media_type, size, _digest, shown, *_ = each
        if kept == file:
            if part_of(each) == PRICE and _price_closed(seen, found):
                raise NotFoundError("file", file)
            names = (
                {}
                if found.code
                else plain_cover(view.connection, view.vaults, found).get("files", {})
            )
            name = names.get(kept) or f"{found.code or found.supplier}-{at}"
            chunks = rows.unsealed(view.connection, view.vaults.contents.private(key), shown)
            return SealedContent(name, media_type, size if shown == kept else None, chunks)
    raise NotFoundError("file", file)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who stands behind a code, and what the files were called."""

    code: str
    supplier: str
    name: str


def identity_of(view: View, key: str, delivery: str) -> Identity:
    """For whoever keeps the names, once it is on record; raises NotFoundError."""
    seen = see_procurement(view, key)
    found = rows.find_delivery(view.connection, delivery)
    if found is None or found.procurement != key or not found.code or not seen.sees(SEALED):
        raise NotFoundError("delivery", delivery)
    cover = rows.cover_of(view.connection, view.vaults, found)
    return Identity(found.code, cover["supplier"], cover["name"])


def receiver_of(view: View, intake: str) -> Receiver:
    """Where the reader may hand something in; raises NotFoundError."""
    found = rows.find_intake(view.connection, intake)
    if found is None:
        raise NotFoundError("intake", intake)
    seen = find_procurement(view, found.procurement)
    place = view.actor.participation
    may = (
        _may_deliver(seen, found, place)
        if place is not None
        else seen.may(Action.RECEIVE, seen.target())
    )
    if not may:
        raise NotFoundError("intake", intake)
    vaults = view.vaults
    return Receiver(
        procurement=found.procurement,
        intake=found.id,
        anonymous=found.anonymous,
        parted=_parted(seen, found.kind),
        contents=bytes.fromhex(found.key),
        identities=vaults.identities.public(found.procurement) if found.anonymous else b"",
    )


def _may_deliver(seen: Seen, found: IntakeRecord, place: Participation) -> bool:
    target = replace(seen.target(place.scope), procurement=seen.row.id)
    expected = not found.expected or place.scope in found.expected
    return expected and seen.may(Action.DELIVER, target)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the supplier gets for what it handed in: when, on which hash, and where in the record
    this stands (`entry` and its `entry_hash`)."""

    delivery: str
    reference: str
    title: str
    organisation: str
    supplier: str
    kind: str
    deadline: datetime
    at: datetime
    late: bool
    state: DeliveryState
    channel: str
    digest: str
    files: tuple[FileView, ...]
    entry: int
    entry_hash: str
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class OwnIntake:
    """Where the supplier may deliver; `over` once the deadline has passed; `parted` where price is
    handed in apart from quality."""

    id: str
    kind: str
    deadline: datetime
    over: bool
    anonymous: bool
    parted: bool
    receipts: tuple[Receipt, ...]


@dataclass(frozen=True, slots=True)
class OwnDeliveries:
    procurement: str
    reference: str
    title: str
    organisation: str
    name: str
    now: datetime
    intakes: tuple[OwnIntake, ...]


def own_deliveries(view: View) -> OwnDeliveries:
    """The supplier's own: where to deliver, and what it has handed in; nothing of others."""
    place = view.actor.participation
    if place is None or not place.scope:
        raise NotFoundError("portal", view.actor.id)
    seen = find_procurement(view, place.procurement)
    around = _Own(seen, place, buyer_of(seen))
    return OwnDeliveries(
        procurement=seen.row.id,
        reference=seen.row.reference,
        title=seen.row.title,
        organisation=around.organisation,
        name=around.name,
        now=view.now,
        intakes=tuple(
            around.intake(each)
            for each in reversed(rows.intakes_of(view.connection, seen.row.id))
            if _may_deliver(seen, each, place)
        ),
    )


def own_receipt(view: View, delivery: str) -> Receipt:
    """One receipt of the supplier's own; raises NotFoundError."""
    return _own_receipt(view, delivery)[0]


def _own_receipt(view: View, delivery: str) -> tuple[Receipt, OwnIntake]:
    """With what it was handed in to."""
    for intake in own_deliveries(view).intakes:
        for receipt in intake.receipts:
            if receipt.delivery == delivery:
                return receipt, intake
    raise NotFoundError("delivery", delivery)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What it means to take a delivery back: `receipt` tells which and until when one may deliver
    anew, `replaced` how many earlier ones do not come to count again."""

    receipt: Receipt
    replaced: int


def withdrawal_of(view: View, delivery: str) -> Withdrawal:
    """Told before it is done, of one of the supplier's own deliveries; raises NotFoundError."""
    receipt, within = _own_receipt(view, delivery)
    return Withdrawal(
        receipt, sum(each.state is DeliveryState.REPLACED for each in within.receipts)
    )


@dataclass(frozen=True, slots=True)
class _Own:
    seen: Seen
    place: Participation
    organisation: str

    @property
    def name(self) -> str:
        return supplier_name(self.seen.view, self.seen.row.id, self.place.scope)

    def intake(self, found: IntakeRecord) -> OwnIntake:
        view = self.seen.view
        owner = view.vaults.owner(self.seen.row.id, self.place.scope) if found.anonymous else ""
        mine = ("" if found.anonymous else self.place.scope, owner)
        kept = rows.deliveries_of(view.connection, self.seen.row.id, found.id)
        over = view.now > found.deadline
        return OwnIntake(
            id=found.id,
            kind=found.kind,
            deadline=found.deadline,
            over=over,
            anonymous=found.anonymous,
            parted=_parted(self.seen, found.kind),
            receipts=tuple(
                self.receipt(each, found)
                for each in reversed(kept)
                if (each.supplier, each.owner) == mine
            ),
        )

    def receipt(self, found: DeliveryRecord, within: IntakeRecord) -> Receipt:
        view, row = self.seen.view, self.seen.row
        entry = sa.select(audit_event.c.hash).where(
            audit_event.c.chain == row.id, audit_event.c.seq == found.seq
        )
        names = rows.cover_of(view.connection, view.vaults, found).get("files", {})
        running = row.status == "running" and within.closed_at is None
        return Receipt(
            delivery=found.id,
            reference=row.reference,
            title=row.title,
            organisation=self.organisation,
            supplier=self.name,
            kind=within.kind,
            deadline=within.deadline,
            at=found.at,
            late=found.late,
            state=found.state,
            channel=found.channel,
            digest=found.digest,
            files=tuple(_file(each, names) for each in found.files),
            entry=found.seq,
            entry_hash=bytes(view.connection.scalar(entry) or b"").hex(),
            may_withdraw=running
            and found.state is DeliveryState.RECEIVED
            and view.now <= within.deadline,
        )
