"""The acts that a procurement's page offers."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from engine.commands.attachments import AddAttachment
from engine.commands.comments import AddComment
from engine.commands.incidents import RetryIncident
from engine.commands.procurements import (
    CancelProcurement,
    ResumeProcurement,
    Seat,
    SuspendProcurement,
)
from engine.commands.rewind import RewindProcurement
from engine.commands.team import AddMember, RemoveMember
from engine.errors import EngineError, InvalidInputError
from engine.queries.view import see_procurement
from service.dependencies import Bus
from service.pages.posting import Posted, Sent
from service.pages.procurement import show_again
from service.pages.rendering import go
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@router.post("/procurements/{key}/{act}")
def act_on_procurement(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """The lead's buttons, and what members of the team add."""
    see_procurement(here.view, key)
    try:
        for command in _commands(act, key, sent):
            bus.handle(command, here.person.actor, request=sent.request)
    except EngineError as error:
        return show_again(here, key, TAB_OF.get(act, ""), error)
    return go(f"/procurements/{key}{TAB_OF.get(act, '')}", done=act)


TAB_OF = {"attach": "/documents", "add-member": "/team", "remove-member": "/team"}
"""The tab whose buttons these are; the others are on the overview."""


def _commands(act: str, key: str, sent: Posted) -> list[Any]:
    reason = sent["_reason"].strip()
    if act == "attach":
        return [
            AddAttachment(key, file.name, file.media_type, file.content)
            for _, file in sent.uploads()
        ]
    if act == "rewind":
        if not sent["to"].isdecimal():
            raise InvalidInputError("Choose the point to go back to.", to=sent["to"])
        return [RewindProcurement(key, int(sent["to"]), reason)]
    simple: dict[str, Any] = {
        "suspend": SuspendProcurement(key, reason),
        "resume": ResumeProcurement(key, reason),
        "cancel": CancelProcurement(key, reason),
        "retry": RetryIncident(key, sent["incident"]),
        "comment": AddComment(key, sent["text"], mentions=sent.every("mention")),
        "add-member": AddMember(key, _seat(sent), reason),
        "remove-member": RemoveMember(key, sent["member"], reason),
    }
    if act not in simple:
        raise InvalidInputError(f"There is no act {act}.", act=act)
    return [simple[act]]


def _seat(sent: Posted) -> Seat:
    return Seat(sent["person"], sent["role"], sent["deputy_for"])
