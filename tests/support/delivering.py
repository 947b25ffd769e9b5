"""Suppliers that hand in, and those who receive and open, on the small process."""

import io
from datetime import datetime, timedelta
from typing import Any

from engine.commands.intakes import OpenIntake
from engine.commands.openings import BeginOpening, OpenDeliveries
from engine.commands.procurements import Seat
from engine.model.actor import Actor
from engine.model.delivery import PORTAL
from engine.queries.deliveries import receiver_of
from engine.queries.view import View
from engine.store import deliveries
from service.deliveries import Arriving, Sender
from tests.support.guests import bring_supplier
from tests.support.platform import TEAM, Platform

A, B = "910000004", "910000012"
RECEIVER, OPENER = "owner-2", "lawyer"
TEAM_THAT_RECEIVES = (*TEAM, Seat(RECEIVER, "receiving-officer"))
LIMIT = 2 * 1024**3


def receiving(platform: Platform, kind: str = "tender", hours: int = 2) -> tuple[str, str]:
    """A procurement in which suppliers may deliver for some hours; its id and the intake's."""
    procurement = platform.start(team=TEAM_THAT_RECEIVES)
    return procurement, intake_in(platform, procurement, kind, hours)


def intake_in(platform: Platform, procurement: str, kind: str = "tender", hours: int = 2) -> str:
    deadline = platform.clock.now() + timedelta(hours=hours)
    command = OpenIntake(procurement, kind, deadline=deadline)
    return str(platform.act(RECEIVER, command)["intake"])


def supplier(platform: Platform, procurement: str, key: str = A) -> Actor:
    """Somebody who came in for the supplier."""
    return bring_supplier(platform, procurement, key, name=f"Leverandør {key}")


def view_of(platform: Platform, actor: Actor, connection: Any) -> View:
    environment = platform.bus.environment
    return View(
        connection,
        environment.definitions,
        actor,
        platform.clock.now(),
        vaults=environment.vaults,
    )


def deliver(
    platform: Platform, actor: Actor, intake: str, content: bytes = b"pris: 42", **values: Any
) -> dict[str, Any]:
    """Hand in one text file."""
    file = Arriving(values.pop("filename", "tilbud.txt"), io.BytesIO(content))
    return send(platform, actor, intake, file, **values)


def send(
    platform: Platform, actor: Actor, intake: str, *files: Arriving, **values: Any
) -> dict[str, Any]:
    with platform.store.reader() as connection:
        receiver = receiver_of(view_of(platform, actor, connection), intake)
    values = {"channel": PORTAL, "supplier": "", "name": "", **values}
    if actor.participation is not None:
        values = {**values, "supplier": actor.participation.scope, "name": actor.name}
    return Sender(platform.bus, actor, receiver, **values).deliver(files, LIMIT)


def after_the_deadline(platform: Platform, procurement: str, intake: str) -> None:
    platform.clock.set(deadline_of(platform, intake) + timedelta(minutes=1))


def deadline_of(platform: Platform, intake: str) -> datetime:
    with platform.store.reader() as connection:
        found = deliveries.find_intake(connection, intake)
    assert found is not None
    return found.deadline


def open_all(platform: Platform, procurement: str, intake: str) -> str:
    """Both open; the id of the opening."""
    begun = platform.act(RECEIVER, BeginOpening(procurement, intake))["opening"]
    platform.act(OPENER, OpenDeliveries(procurement, begun))
    return str(begun)
