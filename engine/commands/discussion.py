"""Talk about contributions, moderated by the published code."""

from dataclasses import dataclass
from uuid import uuid4

from engine.commands.contributing import checked, contribute, moderate, required_clause, standing
from engine.commands.environment import Answer, Session
from engine.commands.telling import tell_contributors
from engine.errors import NotFoundError
from engine.model import events as e
from engine.model.mails import MailKind
from engine.model.notifications import Occasion
from engine.store import contributions as rows


@dataclass(frozen=True, slots=True)
class MakeRemark:
    """`role` and `group` are for members; a participant's are those of the invitation."""

    procurement: str
    contribution: str
    text: str
    named: bool = False
    role: str = ""
    group: str = ""


def make_remark(command: MakeRemark, session: Session) -> Answer:
    act = contribute(session, command.procurement)
    found = rows.find(session.work.connection, command.contribution)
    if found is None or found.procurement != act.id or found.hidden_by:
        raise NotFoundError("contribution", command.contribution)
    role, group = standing(session, command.role, command.group)
    text = checked(command.text)
    event = e.RemarkMade(uuid4().hex, found.id, role, group, text, command.named)
    act.record(event)
    return {"procurement": act.id, "remark": event.remark}


@dataclass(frozen=True, slots=True)
class ModerateRemark:
    """Hide it under a clause of the code, or under another one than before; or show it again with
    `hidden` false."""

    procurement: str
    remark: str
    clause: str
    reason: str
    hidden: bool = True


def moderate_remark(command: ModerateRemark, session: Session) -> Answer:
    act = moderate(session, command.procurement, command.reason)
    found = rows.find_remark(session.work.connection, command.remark)
    if found is None or found.procurement != act.id:
        raise NotFoundError("remark", command.remark)
    clause = required_clause(command.clause, hidden=command.hidden)
    if found.hidden_by != clause:
        act.record(e.RemarkModerated(found.id, clause, command.hidden))
        if command.hidden:
            tell_contributors(act, MailKind.HIDDEN, Occasion.HIDDEN, [found.by])
    return {"procurement": act.id}
