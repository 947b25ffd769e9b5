"""What suppliers hand in: it comes in sealed, at the server's time, and stays as it came.

The pieces of a file are kept in short transactions while it comes in, so that a large one holds up
nobody and is never whole in memory; the act that hands them in decides, by its own moment, whether
they came in time. Until then they are part of nothing.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from engine.access.policy import Action
from engine.access.rules import Target
from engine.commands import intakes
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.errors import (
    DeliveryReplacedError,
    FileCountError,
    InvalidInputError,
    NotFoundError,
    PartMissingError,
    ReceiptClosedError,
    RejectedError,
)
from engine.model import events as e
from engine.model.actor import Actor
from engine.model.definition import keeps_prices_apart
from engine.model.delivery import (
    CHANNELS,
    MOST_FILES,
    PARTS,
    PORTAL,
    SEALED,
    WITH_PRICE,
    DeliveryState,
)
from engine.model.records import DeliveryRecord, IntakeRecord
from engine.store import deliveries as rows

ABANDONED: Final = timedelta(days=1)
_CODE_LETTERS: Final = "BCDFGHJKLMNPQRSTVWXZ23456789"  # no vowels: a code spells no word
_CODE_LENGTH: Final = 5


class TooLateError(RejectedError):
    """The deadline has passed on the server's clock; `details` hold it and the present moment."""

    code = "too-late"


@dataclass(frozen=True, slots=True)
class KeepSealed:
    """Pieces of one file, sealed, the first of them number `first`. With number 0 comes the
    `header` that the file is opened with. `delivery` is the cover's id, and the cover comes
    first."""

    procurement: str
    intake: str
    delivery: str
    file: str
    first: int
    chunks: tuple[bytes, ...]
    header: bytes = b""


def keep_sealed(command: KeepSealed, session: Session) -> Answer:
    """Nobody begins to send after the deadline; who began before it may end, and is then late."""
    begins = command.file == command.delivery and command.first == 0
    if begins:
        act = Act.open(session, command.procurement)
        found = _allowed(act, command.intake)
        if session.actor.participation is not None:
            _require_time(found, act.now)
    else:
        _require_loose(session, command.intake, command.delivery)
    if command.first == 0:
        rows.begin_file(session.work, command.file, command.intake, command.header, session.now)
    else:
        _require_loose(session, command.intake, command.file)
    for number, content in enumerate(command.chunks, start=command.first):
        rows.keep_chunk(session.work, command.file, number, content)
    return {"kept": len(command.chunks)}


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that has come in: `size` in bytes and `digest` (SHA-256) as it came. `shown` is the
    kept file that is read after opening: itself, or the same without what tells who made it.
    `part` is where price is kept apart from quality, else ""."""

    id: str
    media_type: str
    size: int
    digest: str
    shown: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class SubmitDelivery:
    """Hand in the files of `delivery`, whose id is also that of its sealed cover: whose it is, and
    the names of its files. `supplier` is for those who register what came by another channel."""

    procurement: str
    intake: str
    delivery: str
    files: tuple[NewFile, ...]
    supplier: str = ""
    channel: str = PORTAL
    remark: str = ""


def submit_delivery(command: SubmitDelivery, session: Session) -> Answer:
    """It is in at the moment at which this act has the procurement to itself, right before it is
    committed: one microsecond after the deadline is late."""
    act = Act.open(session, command.procurement)
    act.session = session = replace(session, now=session.environment.clock.now())
    found = _allowed(act, command.intake)
    act.require_running()
    _require_open(found)
    _require_sound(command, session.actor)
    _require_parts(act, command, found)
    supplier = _supplier(command, session.actor)
    late = session.now > found.deadline
    own = _own(act, found, supplier)
    earlier = [each.id for each in own if each.state is DeliveryState.RECEIVED]
    code = _draw(act) if found.anonymous else ""
    event = e.DeliveryReceived(
        delivery=command.delivery,
        intake=found.id,
        supplier="" if found.anonymous else supplier,
        owner=_owner(act, supplier) if found.anonymous else "",
        code=code,
        channel=command.channel,
        late=late,
        files=[
            [each.id, each.media_type, each.size, each.digest, each.shown, each.part]
            for each in command.files
        ],
        digest=digest_of(tuple(each.digest for each in command.files)),
        replaces=[] if late else earlier,
        remark=command.remark.strip(),
        scope=SEALED,
    )
    _hand_in(act, command, found)
    if found.anonymous and session.actor.participation is not None:
        act.session = replace(session, actor=_nameless(session.actor, code))
    act.record(event)
    return {
        "procurement": act.id,
        "delivery": event.delivery,
        "received_at": session.now.isoformat(),
        "late": late,
    }


def digest_of(digests: tuple[str, ...]) -> str:
    """The SHA-256 of a delivery as a whole: that of the digests of its files, each on a line."""
    return sha256("".join(f"{each}\n" for each in digests).encode()).hexdigest()


def _hand_in(act: Act, command: SubmitDelivery, found: IntakeRecord) -> None:
    """Every file is there and part of nothing yet; from now on it is part of this delivery."""
    kept = {command.delivery, *(each.id for each in command.files)}
    for key in sorted(kept | {each.shown for each in command.files}):
        _require_loose(act.session, found.id, key)
        rows.hand_in(act.session.work, key, command.delivery)


def _require_loose(session: Session, intake: str, file: str) -> None:
    """Raises NotFoundError unless the file came to this intake and is part of nothing yet."""
    if not rows.is_loose(session.work.connection, file, intake):
        raise NotFoundError("file", file)


def _allowed(act: Act, intake: str) -> IntakeRecord:
    """The intake, for those who may bring something to it; raises NotFoundError for others."""
    place = act.session.actor.participation
    if place is None:
        act.allow(Action.RECEIVE, act.target(), kind="procurement", key=act.id)
        return intakes.find(act, intake)
    act.allow(Action.DELIVER, target_of(act, place.scope), kind="procurement", key=act.id)
    found = intakes.find(act, intake)
    if found.expected and place.scope not in found.expected:
        raise NotFoundError("intake", intake)
    return found


def target_of(act: Act, scope: str) -> Target:
    return act.target(procurement=act.id, scope=scope)


def _require_open(found: IntakeRecord) -> None:
    if found.closed_at is not None:
        raise ReceiptClosedError(
            "What came in has been registered, and receipt is closed. Ask the buyer.",
            intake=found.id,
        )


def _require_time(found: IntakeRecord, now: datetime) -> None:
    _require_open(found)
    if now > found.deadline:
        raise TooLateError(
            f"The deadline was {found.deadline.isoformat()}; the server's clock says"
            f" {now.isoformat()}. Nothing was taken. Ask the buyer whether anything can be done.",
            deadline=found.deadline.isoformat(),
            now=now.isoformat(),
        )


def _require_sound(command: SubmitDelivery, actor: Actor) -> None:
    outside = actor.participation is not None
    if command.channel not in CHANNELS or outside != (command.channel == PORTAL):
        raise InvalidInputError(
            f"What comes by another way than the portal came by {', '.join(CHANNELS[1:])}.",
            channel=command.channel,
            about="one-of",
            choices=", ".join(CHANNELS[1:]),
        )
    least = 1 if outside else 0
    if not least <= len(command.files) <= MOST_FILES:
        raise FileCountError(
            f"Hand in from one to {MOST_FILES} files; pack more of them into a ZIP archive.",
            count=len(command.files),
            most=MOST_FILES,
        )
    if any(each.part not in ("", *PARTS) for each in command.files):
        raise InvalidInputError(
            f"The parts of a submission are {' and '.join(PARTS)}.", about="delivery-parts"
        )
    if not outside and not command.supplier.strip():
        raise InvalidInputError(
            "Say whose it is: the organisation number.", supplier="", about="whose-delivery"
        )


def _require_parts(act: Act, command: SubmitDelivery, found: IntakeRecord) -> None:
    """Raises PartMissingError where price is kept apart and a supplier leaves a part out."""
    parted = found.kind in WITH_PRICE and keeps_prices_apart(act.version.definition)
    if not parted or command.channel != PORTAL:
        return
    missing = [part for part in PARTS if part not in {each.part for each in command.files}]
    if missing:
        raise PartMissingError(
            "Hand in quality and price apart, both of them: those who judge quality must not see"
            f" what it costs. There is no {missing[0]} part.",
            part=missing[0],
        )


def _supplier(command: SubmitDelivery, actor: Actor) -> str:
    place = actor.participation
    return command.supplier.strip() if place is None else place.scope


def _owner(act: Act, supplier: str) -> str:
    return act.session.environment.vaults.owner(act.id, supplier)


def _own(act: Act, found: IntakeRecord, supplier: str) -> list[DeliveryRecord]:
    """What the supplier has handed in here."""
    connection = act.session.work.connection
    owner = _owner(act, supplier) if found.anonymous else ""
    return [
        each
        for each in rows.deliveries_of(connection, act.id, found.id)
        if (each.supplier, each.owner) == ("" if found.anonymous else supplier, owner)
    ]


def _draw(act: Act) -> str:
    """A code that no other delivery here has and that says nothing of whose it is."""
    taken = {each.code for each in rows.deliveries_of(act.session.work.connection, act.id)}
    while True:
        code = "".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_LENGTH))
        if code not in taken:
            return code


def _nameless(actor: Actor, code: str) -> Actor:
    """Who acts, as the record may know it where names are kept away."""
    return Actor(f"code:{code}", code, "", level=actor.level)


@dataclass(frozen=True, slots=True)
class WithdrawDelivery:
    procurement: str
    delivery: str


def withdraw_delivery(command: WithdrawDelivery, session: Session) -> Answer:
    """The supplier takes back what it handed in, before the deadline; it stays sealed and
    listed."""
    act = Act.open(session, command.procurement)
    place = session.actor.participation
    scope = place.scope if place is not None else ""
    act.allow(Action.DELIVER, target_of(act, scope), kind="procurement", key=act.id)
    found = rows.find_delivery(session.work.connection, command.delivery)
    if found is None or found.procurement != act.id:
        raise NotFoundError("delivery", command.delivery)
    within = intakes.find(act, found.intake)
    if found.id not in {each.id for each in _own(act, within, scope)}:
        raise NotFoundError("delivery", command.delivery)
    answer = {"procurement": act.id, "delivery": found.id}
    if found.state is DeliveryState.WITHDRAWN:
        return answer
    act.require_running()
    _require_time(within, act.now)
    if found.state is not DeliveryState.RECEIVED:
        raise DeliveryReplacedError(
            "Only what counts can be withdrawn; a newer one has taken the place of this.",
            state=str(found.state),
        )
    if within.anonymous:
        act.session = replace(session, actor=_nameless(session.actor, found.code))
    act.record(e.DeliveryWithdrawn(found.id, SEALED))
    return answer


@dataclass(frozen=True, slots=True)
class DropAbandoned:
    """Forget pieces of files that were never handed in."""


def drop_abandoned(_command: DropAbandoned, session: Session) -> Answer:
    session.require(Action.FIRE, Target(""), kind="files", key="that nobody handed in")
    return {"dropped": rows.drop_abandoned(session.work, session.now - ABANDONED)}
