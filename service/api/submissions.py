"""What suppliers do without an account: hand in, see their receipts, withdraw."""

from datetime import datetime
from typing import Final

from fastapi import Depends

from engine.commands.deliveries import WithdrawDelivery
from engine.queries.deliveries import own_deliveries, own_receipt, receiver_of, withdrawal_of
from service.api.receipts import DeliveryDone, Files, FileTold, PriceFiles, sent_files
from service.api.routing import (
    ACT_PROBLEMS,
    FILE_PROBLEMS,
    PortalRoute,
    RequestId,
    get_request_id,
    make_router,
)
from service.api.shapes import IdInPath, ProcurementDone, Told
from service.deliveries import Sender, delivery_id
from service.dependencies import Bus, Everything, Guest, GuestReader, Limits, place_of

router = make_router("portal", route=PortalRoute)

OWN: Final = "/portal/submissions"


class ReceiptTold(Told):
    """Keep it: with `digest`, and `entry` and `entry_hash` of the buyer's record, one can show
    later what was handed in and when. `digest` is the SHA-256 of the files' digests, each on a line
    of its own."""

    delivery: str
    reference: str
    title: str
    organisation: str
    supplier: str
    kind: str
    deadline: datetime
    at: datetime
    late: bool
    state: str
    channel: str
    digest: str
    files: list[FileTold]
    entry: int
    entry_hash: str
    may_withdraw: bool


class OwnIntakeTold(Told):
    """Where you may hand in; `over` once the deadline has passed. `parted`: send the files that say
    what it costs as `price_files`, so that those who judge quality do not see them first."""

    id: str
    kind: str
    deadline: datetime
    over: bool
    anonymous: bool
    parted: bool
    receipts: list[ReceiptTold]


class SubmissionsTold(Told):
    """`now` is the server's clock, which alone decides."""

    reference: str
    title: str
    organisation: str
    name: str
    now: datetime
    intakes: list[OwnIntakeTold]


class WithdrawalTold(Told):
    """`receipt` tells which and, as `deadline`, until when you may hand in anew; `replaced` how
    many earlier ones stay sealed and do not come to count again."""

    receipt: ReceiptTold
    replaced: int


class WithdrawnDone(ProcurementDone):
    delivery: str


@router.get(OWN)
def list_submissions(view: GuestReader) -> SubmissionsTold:
    """Where your supplier may hand in, and its receipts."""
    return SubmissionsTold.model_validate(own_deliveries(view))


@router.post("/portal/intakes/{intake}/submissions", status_code=201, responses=FILE_PROBLEMS)
def submit(  # noqa: PLR0913, PLR0917 - the parts of the form
    intake: IdInPath,
    files: Files,
    view: GuestReader,
    guest: Guest,
    parts: Everything,
    limits: Limits,
    request: RequestId,
    price_files: PriceFiles | None = None,
) -> DeliveryDone:
    """Hand in files, sealed; where the intake is `parted`, those that say what it costs apart, and
    some of both. You are in time when the answer says so."""
    limits.delivering.pass_one(guest.actor.id, parts.clock.now())
    sender = Sender(
        parts.bus,
        guest.actor,
        receiver_of(view, intake),
        supplier=place_of(guest).scope,
        name=own_deliveries(view).name,
        delivery=delivery_id(parts.settings, guest.actor, request),
    )
    done = sender.deliver(sent_files(files, price_files), parts.settings.delivery_bytes)
    return DeliveryDone.model_validate(done)


@router.get(OWN + "/{delivery}/receipt")
def show_receipt(delivery: IdInPath, view: GuestReader) -> ReceiptTold:
    """The receipt of what your supplier handed in."""
    return ReceiptTold.model_validate(own_receipt(view, delivery))


@router.get(OWN + "/{delivery}/withdraw")
def show_withdrawal(delivery: IdInPath, view: GuestReader) -> WithdrawalTold:
    """What taking it back means, before it is done: it is sealed for good and counts no more."""
    return WithdrawalTold.model_validate(withdrawal_of(view, delivery))


# The name of the act is not kept: beside it would stand whose the delivery is.
@router.post(
    OWN + "/{delivery}/withdraw", responses=ACT_PROBLEMS, dependencies=[Depends(get_request_id)]
)
def withdraw(delivery: IdInPath, bus: Bus, guest: Guest) -> WithdrawnDone:
    """Take it back, before the deadline, once however often it is sent; it stays sealed and
    listed."""
    command = WithdrawDelivery(place_of(guest).procurement, delivery)
    return WithdrawnDone.model_validate(bus.handle(command, guest.actor))
