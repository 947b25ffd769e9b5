"""What suppliers do in the portal: hand in, see their receipts, replace, withdraw."""

from dataclasses import dataclass

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from engine.commands.deliveries import WithdrawDelivery
from engine.errors import EngineError
from engine.queries.deliveries import (
    OwnDeliveries,
    own_deliveries,
    own_receipt,
    receiver_of,
    withdrawal_of,
)
from service.deliveries import Sender, delivery_id
from service.dependencies import Bus, Everything, Limits
from service.errors import Explanation, explain
from service.pages.receipts import arriving
from service.pages.rendering import go
from service.portal.visit import Here, Sent, Stay, read_sent

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Shown:
    own: OwnDeliveries
    problem: Explanation | None


def _show(here: Stay, error: EngineError | None = None) -> HTMLResponse:
    problem = explain(error, here.text) if error else None
    page = Shown(own_deliveries(here.view), problem)
    status = problem.status if problem else 200
    return here.show("portal/submissions.html", page, status=status)


@router.get("/portal/submissions")
def show_submissions(here: Here) -> HTMLResponse:
    return _show(here)


@router.get("/portal/submissions/{delivery}/receipt")
def show_receipt(delivery: str, here: Here) -> HTMLResponse:
    return here.show("portal/receipt.html", own_receipt(here.view, delivery))


@router.post("/portal/submissions/{intake}")
def submit(intake: str, here: Here, sent: Sent, parts: Everything, limits: Limits) -> Response:
    """Hand in the chosen files: the answer comes when they are in, and has the receipt."""
    actor = here.guest.actor
    try:
        limits.delivering.pass_one(actor.id, parts.clock.now())
        sender = Sender(
            parts.bus,
            actor,
            receiver_of(here.view, intake),
            supplier=here.place.scope,
            name=own_deliveries(here.view).name,
            delivery=delivery_id(parts.settings, actor, sent.request),
        )
        done = sender.deliver(arriving(sent), parts.settings.delivery_bytes)
    except EngineError as error:
        return _show(here, error)
    outcome = "submitted-late" if done["late"] else "submitted"
    return go(f"/portal/submissions/{done['delivery']}/receipt", done=outcome)


@router.get("/portal/submissions/{delivery}/withdraw")
def show_withdrawal(delivery: str, here: Here) -> HTMLResponse:
    """What taking it back means, before it is done."""
    return here.show("portal/withdrawal.html", withdrawal_of(here.view, delivery))


@router.post("/portal/submissions/{delivery}/withdraw", dependencies=[Depends(read_sent)])
def withdraw(delivery: str, here: Here, bus: Bus) -> Response:
    try:
        bus.handle(WithdrawDelivery(here.place.procurement, delivery), here.guest.actor)
    except EngineError as error:
        return _show(here, error)
    return go("/portal/submissions", done="withdrawn")
