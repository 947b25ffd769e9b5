"""Random courses of the small process: whatever people, time and the lead may do, in any order."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

from engine.commands.attachments import AddAttachment
from engine.commands.comments import AddComment
from engine.commands.decisions import ConfirmDecision, ReturnDecision
from engine.commands.messages import ReportMessage
from engine.commands.procurements import (
    CancelProcurement,
    ResumeProcurement,
    Seat,
    SuspendProcurement,
)
from engine.commands.rewind import RewindProcurement
from engine.commands.tasks import ClaimTask, CompleteTask, DelegateTask, ReleaseTask
from engine.commands.team import AddMember, RemoveMember
from engine.errors import EngineError, NotFoundError
from engine.model.records import TaskRecord
from engine.queries.record import points_of
from engine.queries.view import View, find_procurement
from engine.store import people
from tests.support.platform import GOOD_NEED, Platform

Draw = Callable[[list[Any]], Any]
"""Picks one of several; what picks decides on the course."""

WHY: Final = "Fordi det trengs."
OFTEN: Final = ("complete", "complete", "complete", "confirm", "later")
PEOPLE: Final = ("lead", "owner", "owner-2", "lawyer")
ACTS: Final = (
    *OFTEN,
    "claim",
    "release",
    "delegate",
    "return",
    "comment",
    "attach",
    "suspend",
    "resume",
    "cancel",
    "message",
    "rewind",
    "seat",
    "unseat",
)
_FORMS: Final = {"describe": GOOD_NEED, "score": {"points": 5}}


def step(platform: Platform, procurement: str, draw: Draw) -> str:
    """One act that may be refused; its name is the answer, "" when it was."""
    name = draw(list(ACTS))
    platform.clock.set(platform.clock.now() + timedelta(hours=1))
    try:
        _DO[name](platform, procurement, draw)
    except EngineError:
        return ""
    return str(name)


def _task(platform: Platform, procurement: str, draw: Draw) -> TaskRecord:
    """Some open task; raises NotFoundError when there is none."""
    found = platform.open(procurement)
    if not found:
        raise NotFoundError("task", procurement)
    task: TaskRecord = draw(found)
    return task


def _complete(platform: Platform, procurement: str, draw: Draw) -> None:
    task = _task(platform, procurement, draw)
    option = draw(["go", "return", "stop"]) if task.element == "approve" else ""
    command = CompleteTask(task.id, _FORMS.get(task.element, {}), option, WHY)
    platform.act(draw(list(PEOPLE)), command)


def _later(platform: Platform, _procurement: str, draw: Draw) -> None:
    platform.clock.set(platform.clock.now() + timedelta(days=draw([1, 20])))
    platform.fire_due()


def _rewind(platform: Platform, procurement: str, draw: Draw) -> None:
    with platform.store.reader() as connection:
        definitions, now = platform.bus.environment.definitions, platform.clock.now()
        view = View(connection, definitions, platform.actor("lead"), now)
        points = points_of(find_procurement(view, procurement))
    seq = draw([point.seq for point in points] or [1])
    platform.act("lead", RewindProcurement(procurement, seq, WHY))


def _unseat(platform: Platform, procurement: str, draw: Draw) -> None:
    with platform.store.reader() as connection:
        team = people.team(connection, procurement)
    seat = draw([each.id for each in team if each.person != "lead"] or ["none"])
    platform.act("lead", RemoveMember(procurement, seat, WHY))


def _as(who: str, make: Callable[[str, TaskRecord, Draw], Any]) -> Callable[..., None]:
    """An act on some open task, by `who` or by anybody of the team."""

    def do(platform: Platform, procurement: str, draw: Draw) -> None:
        task = _task(platform, procurement, draw)
        platform.act(who or draw(list(PEOPLE)), make(procurement, task, draw))

    return do


def _steer(make: Callable[[str], Any]) -> Callable[..., None]:
    return lambda platform, procurement, _draw: platform.act("lead", make(procurement)) and None


_DO: Final[dict[str, Callable[[Platform, str, Draw], None]]] = {
    "complete": _complete,
    "confirm": _as("", lambda _p, task, _d: ConfirmDecision(task.id, WHY)),
    "later": _later,
    "claim": _as("", lambda _p, task, _d: ClaimTask(task.id)),
    "release": _as("", lambda _p, task, _d: ReleaseTask(task.id)),
    "delegate": _as("", lambda _p, task, draw: DelegateTask(task.id, draw(list(PEOPLE)), WHY)),
    "return": _as("", lambda _p, task, _d: ReturnDecision(task.id, WHY)),
    "comment": _as("", lambda p, task, _d: AddComment(p, "Sagt.", task.id)),
    "attach": _as("", lambda p, task, _d: AddAttachment(p, "a.txt", "text/plain", b"a", task.id)),
    "suspend": _steer(lambda p: SuspendProcurement(p, WHY)),
    "resume": _steer(lambda p: ResumeProcurement(p, WHY)),
    "cancel": _steer(lambda p: CancelProcurement(p, WHY)),
    "message": _steer(lambda p: ReportMessage(p, "supplier-withdraws", {"why": "Mangler folk"})),
    "rewind": _rewind,
    "seat": _steer(lambda p: AddMember(p, Seat("stranger", "need-owner"), WHY)),
    "unseat": _unseat,
}
