"""Time passing: each due timer fires once, in due order, whoever asks and however often."""

from dataclasses import dataclass

from engine.access.policy import Action
from engine.access.rules import Target
from engine.bpmn import runtime
from engine.commands import flow
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.model.events import TimerFired
from engine.model.records import TimerRecord
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
    _fire(act, timer)
    return {"fired": True, "procurement": act.id}


@dataclass(frozen=True, slots=True)
class FireDueTimers:
    """Those that are due, at most `count` of them, in one transaction; but not those in `left`."""

    count: int
    left: tuple[str, ...] = ()


def fire_due_timers(command: FireDueTimers, session: Session) -> Answer:
    """Fire timers in due order, no two of one procurement; `fired` tells how many.

    Several processes may ask at once: each gets others. When one cannot fire, none has.
    """
    session.require(Action.FIRE, Target(""), kind="timers", key="that are due")
    claimed = session.work.lock_due(session.now, command.count, command.left)
    acts = [(Act.on(session, procurement), timer) for procurement, timer in claimed]
    for act, timer in acts:
        act.allow(Action.FIRE, act.target(), kind="procurement", key=act.id)
        _fire(act, timer)
    return {"fired": len(claimed)}


def _fire(act: Act, timer: TimerRecord) -> None:
    event = TimerFired(timer.id, timer.element, timer.due_at.isoformat())
    act.session.work.keep_snapshot(act.id, act.session.work.next_seq(act.id), act.state)
    act.record(event, element=timer.element)
    step = runtime.fire_timer(act.version.process, act.state, timer.id, act.now, act.host())
    flow.carry(act, step)
