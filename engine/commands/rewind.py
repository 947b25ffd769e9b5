"""Going back to an earlier point: a new fact with a reason, never an erasure."""

from collections.abc import Collection
from dataclasses import dataclass

from engine.bpmn import runtime
from engine.commands import flow, submissions
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.meetings import take_back_times
from engine.commands.procurements import steer
from engine.commands.telling import tell_resumed
from engine.errors import NotFoundError, RejectedError
from engine.model.events import ProcurementRewound, TaskReopened
from engine.model.records import CANCELLED
from engine.store import dialogue, records, tasks


@dataclass(frozen=True, slots=True)
class RewindProcurement:
    """Back to right before the act whose first entry is `to_seq`."""

    procurement: str
    to_seq: int
    reason: str


def rewind_procurement(command: RewindProcurement, session: Session) -> Answer:
    """Restores the live process; what was handed in and decided since stays and no longer counts.

    Letters that were sent stay sent, suppliers keep their status: the reason must speak of them.
    Who was told of a cancellation behind which it goes back is told that it goes on.
    """
    act = steer(session, command.procurement, command.reason)
    if act.procurement.status == "cancelled":
        raise RejectedError(
            f"{act.procurement.reference} is cancelled and cannot be taken up again.",
            reference=act.procurement.reference,
            about="cancelled-for-good",
        )
    earlier = records.find_snapshot(session.work.connection, act.id, command.to_seq)
    if earlier is None:
        raise NotFoundError("point to go back to, entry", command.to_seq)
    connection = session.work.connection
    undone = records.records_since(connection, act.id, command.to_seq)
    proposed = records.proposed_since(connection, act.id, command.to_seq)
    before = {each.id for each in dialogue.rounds_of(connection, act.id)}
    outcome = records.outcome_before(connection, act.id, command.to_seq)
    act.record(ProcurementRewound(command.to_seq, undone, outcome))
    take_back_times(act, before - {each.id for each in dialogue.rounds_of(connection, act.id)})
    if act.procurement.outcome == CANCELLED and outcome != CANCELLED:
        tell_resumed(act)
    submissions.estimate_again(act)
    difference = runtime.diff_open(act.version.process, act.state, earlier)
    act.state = earlier
    flow.restore(act, difference)
    _withdraw_proposals(act, proposed)
    act.keep_state()
    return {"procurement": act.id, "undone": len(undone)}


def _withdraw_proposals(act: Act, proposed: Collection[str]) -> None:
    """A decision that was proposed since, and awaits its second pair of eyes, is to be made anew:
    what it rests on no longer counts."""
    for task in tasks.open_of(act.session.work.connection, act.id):
        if task.id in proposed and task.proposal is not None:
            event = TaskReopened(task.id, task.element, task.role, task.scope)
            act.record(event, element=task.element, task=task.id)
