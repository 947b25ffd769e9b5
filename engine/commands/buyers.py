"""Several organisations that buy together: one leads, and people of each may have seats."""

from dataclasses import dataclass

from engine.commands.environment import Answer, Session
from engine.commands.procurements import steer
from engine.errors import NotFoundError, RejectedError
from engine.model.events import BuyerJoined, BuyerLeft
from engine.store import people


@dataclass(frozen=True, slots=True)
class AddBuyer:
    procurement: str
    organisation: str
    reason: str


def add_buyer(command: AddBuyer, session: Session) -> Answer:
    """From now on people of the organisation may be given seats; nobody gets one by this alone."""
    act = steer(session, command.procurement, command.reason)
    found = people.find_organisation(session.work.connection, command.organisation)
    if found is None:
        raise NotFoundError("organisation", command.organisation)
    if found.id in (act.procurement.organisation, *act.parties):
        raise RejectedError(
            f"{found.name} takes part already.",
            organisation=found.id,
            about="buyer-there",
            found_name=found.name,
        )
    act.record(BuyerJoined(found.id, found.name))
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class RemoveBuyer:
    procurement: str
    organisation: str
    reason: str


def remove_buyer(command: RemoveBuyer, session: Session) -> Answer:
    """Raises RejectedError for who takes no part, and while people of the organisation hold seats:
    what they work on goes over to somebody first."""
    act = steer(session, command.procurement, command.reason)
    connection = session.work.connection
    found = people.find_organisation(connection, command.organisation)
    if found is None or found.id not in act.parties:
        raise RejectedError(
            "This organisation does not take part beside the lead.",
            organisation=command.organisation,
            about="buyer-not-there",
        )
    seated = people.persons(connection, sorted({seat.person for seat in act.team}))
    names = sorted(each.name for each in seated.values() if each.organisation == found.id)
    if names:
        raise RejectedError(
            f"These people of {found.name} have seats: {', '.join(names)}. Take them out of the"
            " team first.",
            organisation=found.id,
            names=names,
            about="buyer-seated",
            choices=", ".join(names),
            found_name=found.name,
        )
    act.record(BuyerLeft(found.id, found.name))
    return {"procurement": act.id}
