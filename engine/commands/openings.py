"""Opening what was handed in: after the deadline, by two persons, in one act."""

from dataclasses import dataclass
from uuid import uuid4

from engine.access.policy import Action
from engine.commands import intakes
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.errors import NotFoundError, RejectedError, SeparationOfDutiesError
from engine.model import events as e
from engine.model.delivery import RECEIVER, SEALED, DeliveryState
from engine.model.records import DeliveryRecord, IntakeRecord, OpeningRecord
from engine.procurement.opening import WAITS, openable
from engine.store import deliveries as rows
from engine.store import people, records


@dataclass(frozen=True, slots=True)
class BeginOpening:
    procurement: str
    intake: str


def begin_opening(command: BeginOpening, session: Session) -> Answer:
    """The first person is ready; nothing is opened yet."""
    act = _act(session, command.procurement)
    found = _passed(act, command.intake)
    _require_something(act, found)
    event = e.OpeningBegun(uuid4().hex, found.id)
    act.record(event)
    return {"procurement": act.id, "opening": event.opening}


@dataclass(frozen=True, slots=True)
class OpenDeliveries:
    """The second person opens together with the first."""

    procurement: str
    opening: str


def open_deliveries(command: OpenDeliveries, session: Session) -> Answer:
    """All that came in time is opened at once, and late ones that D9 has accepted; the rest stays
    sealed."""
    act = _act(session, command.procurement)
    begun = rows.find_opening(session.work.connection, command.opening)
    if begun is None or begun.procurement != act.id:
        raise NotFoundError("opening", command.opening)
    found = _passed(act, begun.intake)
    _require_second(act, begun)
    session.environment.vaults.contents.private(act.id)
    opened = _require_something(act, found)
    taken = {each.id for each in opened}
    left = [
        [each.id, str(each.state)]
        for each in rows.deliveries_of(session.work.connection, act.id, found.id)
        if each.id not in taken and each.state is not DeliveryState.OPENED
    ]
    by = [begun.first, session.actor.id]
    act.record(e.DeliveriesOpened(begun.id, by, [each.id for each in opened], left))
    return {"procurement": act.id, "opening": begun.id, "opened": len(opened)}


def _act(session: Session, procurement: str) -> Act:
    act = Act.open(session, procurement)
    act.allow(Action.OPEN_SEALED, act.target(), kind="procurement", key=act.id)
    act.require_running()
    return act


def _passed(act: Act, intake: str) -> IntakeRecord:
    """The intake, once its deadline has passed."""
    found = intakes.find(act, intake)
    if act.now <= found.deadline:
        raise RejectedError(
            f"Nothing is opened before the deadline, {found.deadline.isoformat()}.",
            deadline=found.deadline.isoformat(),
            about="before-deadline",
        )
    return found


def _require_second(act: Act, begun: OpeningRecord) -> None:
    if begun.at is not None:
        raise RejectedError(
            "This opening has taken place.", opening=begun.id, about="opened-already"
        )
    if act.now - begun.begun_at > WAITS:
        raise RejectedError(
            f"The first person was ready more than {WAITS.seconds // 60} minutes ago. Begin again,"
            " with both of you there.",
            minutes=WAITS.seconds // 60,
            about="opening-lapsed",
        )
    first, second = begun.first, act.session.actor.id
    if first == second:
        raise SeparationOfDutiesError(
            "Two persons open. Ask a colleague to open together with you.", other="opening"
        )
    seated = {
        seat.person
        for seat in act.team
        if seat.role == RECEIVER and not seat.scope and seat.valid_on(act.session.today)
    }
    if not seated & {first, second}:
        known = people.persons(act.session.work.connection, sorted(seated))
        names = ", ".join(sorted(each.name for each in known.values()))
        raise RejectedError(
            f"One of the two must be the receiving officer ({names or 'nobody has the role'}).",
            names=names,
            about="receiver-needed",
        )


def _require_something(act: Act, found: IntakeRecord) -> list[DeliveryRecord]:
    connection = act.session.work.connection
    opened = openable(
        rows.deliveries_of(connection, act.id, found.id), records.decisions(connection, act.id)
    )
    if not opened:
        raise RejectedError(
            "There is nothing to open: nothing came in time, or all of it is open already.",
            intake=found.id,
            about="nothing-to-open",
        )
    return opened


@dataclass(frozen=True, slots=True)
class LookUpIdentity:
    """Put on record that the keeper of the names looks at who stands behind a code."""

    procurement: str
    delivery: str


def look_up_identity(command: LookUpIdentity, session: Session) -> Answer:
    act = Act.open(session, command.procurement)
    act.allow(Action.RECEIVE, act.target(), kind="procurement", key=act.id)
    found = rows.find_delivery(session.work.connection, command.delivery)
    if found is None or found.procurement != act.id or not found.code:
        raise NotFoundError("delivery", command.delivery)
    act.record(e.IdentityLookedUp(found.id, SEALED))
    return {"procurement": act.id, "delivery": found.id}
