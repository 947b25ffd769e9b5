"""What suppliers handed in: opening receipt, registering, opening by two, and reading."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final

from fastapi import Depends, File, Form, Response, UploadFile
from fastapi.responses import StreamingResponse

from engine.commands.intakes import OpenIntake
from engine.commands.openings import BeginOpening, LookUpIdentity, OpenDeliveries
from engine.model.delivery import PRICE, QUALITY
from engine.queries.deliveries import identity_of, read_file, receipts_page, receiver_of
from service.api.routing import (
    ACT_PROBLEMS,
    FILE_PROBLEMS,
    RequestId,
    content,
    make_router,
)
from service.api.shapes import Asked, IdInPath, IdOrNone, Key, Moment, ProcurementDone, Told
from service.deliveries import Arriving, Sender, delivery_id
from service.dependencies import Bus, Everything, Person, Reader
from service.pages.receipts import streamed

router = make_router("receipts")

ONE: Final = "/procurements/{procurement}"
DELIVERY: Final = ONE + "/deliveries/{delivery}"
Files = Annotated[list[UploadFile], File(description="Up to 20; their names decide their kinds.")]
PriceFiles = Annotated[
    list[UploadFile],
    File(description="Where the intake is `parted`: the files that say what it costs."),
]


class FileTold(Told):
    """`size` in bytes and `digest` (SHA-256) as it came; `name` is empty while it is sealed. `part`
    is quality or price where price is kept apart; `closed` says that you may not know the price
    before you have judged quality."""

    id: str
    name: str
    media_type: str
    size: int
    digest: str
    part: str
    closed: bool


class DeliveryTold(Told):
    """`supplier` and `name` are empty where you may not know whose it is; `code` stands for them
    where names are kept away. `state` is received, late, replaced, withdrawn or opened."""

    id: str
    supplier: str
    name: str
    code: str
    channel: str
    at: datetime
    state: str
    late: bool
    digest: str
    files: list[FileTold]
    remark: str
    readable: bool


class OpeningTold(Told):
    """The opening record; `at` is null while the first person waits for the second."""

    id: str
    first: str
    second: str
    begun_at: datetime
    until: datetime
    at: datetime | None
    opened: list[DeliveryTold]
    left_sealed: list[tuple[DeliveryTold, str]]
    may_join: bool


class IntakeTold(Told):
    """`deliveries` are those that you may know of; `hidden` tells that there may be more. `parted`
    where prices come apart from quality."""

    id: str
    kind: str
    deadline: datetime
    opened_at: datetime
    closed_at: datetime | None
    anonymous: bool
    parted: bool
    over: bool
    deliveries: list[DeliveryTold]
    hidden: bool
    openings: list[OpeningTold]
    may_register: bool
    may_open: bool


class ClockTold(Told):
    timer: str
    name: str
    due_at: datetime


class ReceiptsTold(Told):
    """`clocks` are the deadlines that the process keeps, for whoever may open receipt."""

    intakes: list[IntakeTold]
    clocks: list[ClockTold]
    may_open_intake: bool


class NewIntake(Asked):
    """`timer` is one of the process's deadlines; without one, `deadline` says it."""

    kind: Key
    timer: IdOrNone = ""
    deadline: Moment | None = None


class IntakeDone(ProcurementDone):
    intake: str


class DeliveryDone(ProcurementDone):
    """`received_at` is the server's time, which alone decides whether it is late."""

    delivery: str
    received_at: datetime
    late: bool


class OpeningDone(ProcurementDone):
    opening: str


class OpenedDone(OpeningDone):
    opened: int


class IdentityTold(Told):
    code: str
    supplier: str
    name: str


@router.get(ONE + "/receipts")
def show_receipts(procurement: IdInPath, view: Reader) -> ReceiptsTold:
    """Where suppliers deliver, what came and how it was opened."""
    return ReceiptsTold.model_validate(receipts_page(view, procurement))


@router.post(ONE + "/intakes", status_code=201, responses=ACT_PROBLEMS)
def open_intake(
    procurement: IdInPath, asked: NewIntake, bus: Bus, person: Person, request: RequestId
) -> IntakeDone:
    """Let suppliers deliver until a deadline."""
    command = OpenIntake(procurement, asked.kind, asked.timer, asked.deadline)
    return IntakeDone.model_validate(bus.handle(command, person.actor, request=request))


@dataclass(frozen=True, slots=True)
class Registration:
    """What came by another channel than the portal, as it was sent."""

    supplier: str
    name: str
    channel: str
    remark: str
    files: list[Arriving]


def read_registration(
    supplier: Annotated[str, Form(min_length=1, max_length=120)],
    name: Annotated[str, Form(min_length=1, max_length=300)],
    channel: Annotated[str, Form(max_length=20)],
    remark: Annotated[str, Form(max_length=2000)] = "",
    files: Files | None = None,
    price_files: PriceFiles | None = None,
) -> Registration:
    sent = sent_files(files, price_files)
    return Registration(supplier.strip(), name.strip(), channel, remark, sent)


@router.post(ONE + "/intakes/{intake}/deliveries", status_code=201, responses=FILE_PROBLEMS)
def register(
    procurement: IdInPath,
    intake: IdInPath,
    sent: Annotated[Registration, Depends(read_registration)],
    view: Reader,
    parts: Everything,
    person: Person,
    request: RequestId,
) -> DeliveryDone:
    """Register what came by another channel than the portal, with its files where it has any."""
    receipts_page(view, procurement)
    sender = Sender(
        parts.bus,
        person.actor,
        receiver_of(view, intake),
        supplier=sent.supplier,
        name=sent.name,
        channel=sent.channel,
        remark=sent.remark,
        delivery=delivery_id(parts.settings, person.actor, request),
    )
    done = sender.deliver(sent.files, parts.settings.delivery_bytes)
    return DeliveryDone.model_validate(done)


def sent_files(
    files: list[UploadFile] | None, price_files: list[UploadFile] | None
) -> list[Arriving]:
    return [
        Arriving(each.filename or "", each.file, part)
        for part, sent in ((QUALITY, files), (PRICE, price_files))
        for each in sent or ()
    ]


@router.post(ONE + "/intakes/{intake}/openings", status_code=201, responses=ACT_PROBLEMS)
def begin_opening(
    procurement: IdInPath, intake: IdInPath, bus: Bus, person: Person, request: RequestId
) -> OpeningDone:
    """Be the first of the two persons who open; nothing is opened yet."""
    command = BeginOpening(procurement, intake)
    return OpeningDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(ONE + "/openings/{opening}/join", responses=ACT_PROBLEMS)
def open_deliveries(
    procurement: IdInPath, opening: IdInPath, bus: Bus, person: Person, request: RequestId
) -> OpenedDone:
    """Be the second, and open all that came in time."""
    command = OpenDeliveries(procurement, opening)
    return OpenedDone.model_validate(bus.handle(command, person.actor, request=request))


@router.post(DELIVERY + "/identity", responses=ACT_PROBLEMS)
def look_up_identity(
    procurement: IdInPath,
    delivery: IdInPath,
    view: Reader,
    bus: Bus,
    person: Person,
    request: RequestId,
) -> IdentityTold:
    """Who stands behind a code. That you looked goes into the record."""
    bus.handle(LookUpIdentity(procurement, delivery), person.actor, request=request)
    return IdentityTold.model_validate(identity_of(view, procurement, delivery))


@router.get(
    DELIVERY + "/files/{file}",
    response_class=Response,
    responses=content("application/octet-stream"),
)
def download_delivered(
    procurement: IdInPath, delivery: IdInPath, file: IdInPath, view: Reader, parts: Everything
) -> StreamingResponse:
    """A file of an opened delivery, decrypted while it is sent."""
    found = read_file(view, procurement, delivery, file)
    return streamed(found, parts, view, (procurement, delivery, file))
