"""The second pair of eyes: confirm what the first decided, or send it back."""

from dataclasses import dataclass, replace

from engine.access.policy import Action
from engine.bpmn import looking
from engine.commands import gates, seating
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.tasks import allow_work, decide, finish, open_act
from engine.errors import NotFoundError, ReasonMissingError, RejectedError
from engine.model import events as e
from engine.model.definition import ElementInfo, GateInfo
from engine.model.records import TaskRecord
from engine.store import records


@dataclass(frozen=True, slots=True)
class ConfirmDecision:
    task: str
    reason: str = ""


def confirm_decision(command: ConfirmDecision, session: Session) -> Answer:
    """The checks must hold at this moment too: facts may have changed since the proposal."""
    act, task, proposal = _open_proposal(session, command.task)
    element = act.element(task.process, task.element)
    gates.require_fit(act, task, gates.the_actor(act))
    act.reason = "\n".join(filter(None, dict.fromkeys((proposal["reason"], command.reason))))
    gate = _gate(element)
    option = gates.require_option(gate, proposal["option"], act.reason, task)
    variables = looking.variables_of(act.version.process, act.state, task.id)
    content = _proposed_content(act, proposal["submission"])
    checks = gates.evaluated(act, task, element, variables, content)
    gates.require_open(task, option, checks)
    first_seq = session.work.next_seq(act.id)
    decide(act, task, gate, option, checks, [proposal["by"], session.actor.id])
    finish(act, task, element, variables, content, first_seq, option=option)
    return {"task": task.id, "procurement": act.id}


@dataclass(frozen=True, slots=True)
class ReturnDecision:
    task: str
    reason: str


def return_decision(command: ReturnDecision, session: Session) -> Answer:
    """Back to the first person, with a reason; to the role, where that person may do it no more."""
    act, task, proposal = _open_proposal(session, command.task)
    gates.require_second_person(task, gates.the_actor(act))
    if not command.reason.strip():
        raise ReasonMissingError(
            f"Sending «{task.name}» back needs a written reason, so that the first person knows"
            " what to mend.",
            task=task.id,
        )
    act.reason = command.reason
    gate = _gate(act.element(task.process, task.element))
    event = e.DecisionReturned(
        task.id,
        task.element,
        gate.decision,
        proposal["option"],
        proposal["by"],
        task.role,
    )
    act.record(event, element=task.element, task=task.id)
    seating.release_unless_held(act, replace(task, assignee=proposal["by"], candidate=task.role))
    return {"task": task.id, "procurement": act.id}


def _open_proposal(session: Session, key: str) -> tuple[Act, TaskRecord, dict[str, str]]:
    act, task = open_act(session, key)
    allow_work(act, task, Action.DECIDE)
    if task.proposal is None:
        raise RejectedError(
            f"«{task.name}» has not been decided yet; there is nothing to confirm.",
            task=task.id,
            name=task.name,
            about="nothing-to-confirm",
        )
    return act, task, task.proposal


def _gate(element: ElementInfo) -> GateInfo:
    """Only gates make proposals."""
    if element.gate is None:
        raise NotFoundError("gate", element.id)
    return element.gate


def _proposed_content(act: Act, submission: str) -> dict[str, object]:
    if not submission:
        return {}
    return records.get_submission(act.session.work.connection, submission).content
