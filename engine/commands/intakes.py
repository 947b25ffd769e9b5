"""Where suppliers deliver: opened for one kind of thing until a deadline that the process keeps."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from engine.access.policy import Action
from engine.bpmn import looking
from engine.clock import utc
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.errors import InvalidInputError, NotFoundError, RejectedError
from engine.model import events as e
from engine.model.delivery import KINDS, PROJECT
from engine.model.execution import TimerFact
from engine.model.records import IntakeRecord, TimerRecord
from engine.store import deliveries as rows
from engine.store import records

_KIND: Final = "kind"
_EXPECTED: Final = "expected"


@dataclass(frozen=True, slots=True)
class OpenIntake:
    """`timer` is an armed timer whose clock is the deadline; where there is none, `deadline` says
    it. What the process knows where the timer waits, of which kind and from whom, goes before
    `kind`."""

    procurement: str
    kind: str
    timer: str = ""
    deadline: datetime | None = None


def open_intake(command: OpenIntake, session: Session) -> Answer:
    act = Act.open(session, command.procurement)
    act.allow(Action.OPEN_INTAKE, act.target(), kind="procurement", key=act.id)
    act.require_running()
    timer = _timer(act, command.timer)
    known = looking.variables_at(act.version.process, act.state, timer.id) if timer else {}
    kind = str(known.get(_KIND) or command.kind)
    _require_new(act, kind)
    event = e.IntakeOpened(
        intake=uuid4().hex,
        kind=kind,
        deadline=_deadline(act, command, timer).isoformat(),
        timer=timer.element if timer else "",
        expected=_keys(known.get(_EXPECTED)),
        anonymous=kind == PROJECT,
        key=session.environment.vaults.contents.public(act.id).hex(),
    )
    act.record(event, element=event.timer)
    return {"procurement": act.id, "intake": event.intake}


def _timer(act: Act, key: str) -> TimerRecord | None:
    if not key:
        return None
    found = records.find_timer(act.session.work.connection, act.id, key)
    if found is None:
        raise NotFoundError("timer", key)
    return found


def _require_new(act: Act, kind: str) -> None:
    if kind not in KINDS:
        raise InvalidInputError(
            f"What suppliers hand in is one of {', '.join(KINDS)}.",
            kind=kind,
            about="one-of",
            choices=", ".join(KINDS),
        )
    for each in rows.intakes_of(act.session.work.connection, act.id):
        if each.kind == kind and each.closed_at is None and each.deadline > act.now:
            raise RejectedError(
                "Receipt of this kind is open already. Use that one, or wait for its deadline.",
                kind=kind,
                about="intake-open",
            )


def _deadline(act: Act, command: OpenIntake, timer: TimerRecord | None) -> datetime:
    deadline = timer.due_at if timer else command.deadline
    if deadline is None or utc(deadline) <= act.now:
        raise InvalidInputError(
            "The deadline must lie ahead. Choose one of the process, or give a later moment.",
            about="deadline-past",
        )
    return utc(deadline)


def _keys(expected: Any) -> list[str]:
    listed = expected if isinstance(expected, list) else []
    return sorted({str(each["id"]) for each in listed if isinstance(each, dict) and each.get("id")})


def follow(act: Act, timer: TimerFact) -> None:
    """Let the deadline of what is open move with the clock it follows: one truth for both."""
    for each in rows.intakes_of(act.session.work.connection, act.id):
        follows = each.timer == timer.element_id and each.closed_at is None
        if follows and each.deadline > act.now and each.deadline != timer.due_at:
            act.record(e.IntakeMoved(each.id, timer.due_at.isoformat()), element=timer.element_id)


def find(act: Act, key: str) -> IntakeRecord:
    """The intake, when it is this procurement's; raises NotFoundError."""
    found = rows.find_intake(act.session.work.connection, key)
    if found is None or found.procurement != act.id:
        raise NotFoundError("intake", key)
    return found
