"""What people from outside do in their own place, and in no other."""

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Session
from engine.errors import NotFoundError
from engine.model.actor import Participation


def own_place(session: Session, procurement: str) -> tuple[Act, Participation]:
    """The act of a participant in the place that is hers or his; raises NotFoundError or
    ForbiddenError for everybody else."""
    act = Act.open(session, procurement)
    place = session.actor.participation
    target = act.target(scope=place.scope if place else "", procurement=act.id)
    act.allow(Action.PARTICIPATE, target, kind="procurement", key=act.id)
    if place is None:
        raise NotFoundError("place", procurement)
    return act, place


def of_supplier(session: Session, procurement: str) -> tuple[Act, str]:
    """The same while the procurement runs, and the key of the supplier whose place it is; raises
    NotFoundError for who takes part for no supplier."""
    act, place = own_place(session, procurement)
    act.require_running()
    if not place.scope:
        raise NotFoundError("supplier", place.scope)
    return act, place.scope
