"""What went wrong by itself, and trying it again."""

from dataclasses import dataclass

from engine.access.policy import Action
from engine.bpmn import runtime
from engine.commands import flow
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.errors import NotFoundError
from engine.model.events import IncidentRetried
from engine.store import records


@dataclass(frozen=True, slots=True)
class RetryIncident:
    procurement: str
    incident: str


def retry_incident(command: RetryIncident, session: Session) -> Answer:
    """Try the blocked element again; if it fails again, a new incident stands in its place."""
    act = Act.open(session, command.procurement)
    act.allow(Action.STEER, act.target(), kind="procurement", key=act.id)
    act.require_running()
    found = records.open_incidents(session.work.connection, act.id)
    incident = next((each for each in found if each.id == command.incident), None)
    if incident is None:
        raise NotFoundError("incident", command.incident)
    act.record(
        IncidentRetried(incident.id, incident.task, incident.element),
        element=incident.element,
        task=incident.task,
    )
    view = runtime.inspect(act.version.process, act.state)
    service = [
        item for item in view.work if item.task_id == incident.task and item.kind in flow.SERVICES
    ]
    if service:
        flow.resume_services(act, service)
    else:
        step = runtime.retry(act.version.process, act.state, incident.task, session.now, act.host())
        flow.carry(act, step)
    return {"procurement": act.id}
