"""Time passing: each due timer fires once, in due order, whoever asks and however often."""

from dataclasses import dataclass

from engine.access.policy import Action
from engine.bpmn import runtime
from engine.commands import flow
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.model.events import TimerFired
from engine.store import records


@dataclass(frozen=True, slots=True)
class FireTimer:
    procurement: str
    timer: str


def fire_timer(command: FireTimer, session: Session) -> Answer:
    """Fire the timer if it is still armed and due; `fired` tells whether it was."""
    act = Act.open(session, command.procurement)
    act.allow(Action.FIRE, act.target(), kind="procurement", key=act.id)
    timer = records.find_timer(session.work.connection, act.id, command.timer)
    if timer is None or timer.due_at > session.now or act.procurement.status != "running":
        return {"fired": False, "procurement": act.id}
    event = TimerFired(timer.id, timer.element, timer.due_at.isoformat())
    session.work.keep_snapshot(act.id, session.work.next_seq(act.id), act.state)
    act.record(event, element=timer.element)
    step = runtime.fire_timer(act.version.process, act.state, timer.id, session.now, act.host())
    flow.carry(act, step)
    return {"fired": True, "procurement": act.id}
