"""What members of the team add to a procurement from its page, and trying again what failed."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from engine.commands.attachments import AddAttachment, WithdrawAttachment
from engine.commands.comments import AddComment, WithdrawComment
from engine.commands.environment import Answer
from engine.commands.incidents import RetryIncident
from engine.errors import EngineError
from engine.queries.view import see_procurement
from service.dependencies import Bus
from service.pages.posting import Posted, Sent, no_such_act
from service.pages.procurement import show_again
from service.pages.rendering import go
from service.pages.visit import Here

router = APIRouter(include_in_schema=False)


@router.post("/procurements/{key}/{act}")
def act_on_procurement(key: str, act: str, here: Here, bus: Bus, sent: Sent) -> Response:
    """What members of the team add, and trying again what failed."""
    see_procurement(here.view, key)
    answer: Answer = {}
    try:
        for command in _commands(act, key, sent):
            answer = bus.handle(command, here.person.actor, request=sent.request)
    except EngineError as error:
        return show_again(here, key, TAB_OF.get(act, ""), error)
    undo = {"undo": answer["comment"]} if act == "comment" else {}
    return go(f"/procurements/{key}{TAB_OF.get(act, '')}", done=act, **undo)


TAB_OF = {"attach": "/documents", "withdraw-file": "/documents"}
"""The tab whose buttons these are; the others are on the overview."""


def _commands(act: str, key: str, sent: Posted) -> list[Any]:
    if act == "attach":
        return [
            AddAttachment(key, file.name, file.media_type, file.content)
            for _, file in sent.uploads()
        ]
    simple: dict[str, Any] = {
        "retry": RetryIncident(key, sent["incident"]),
        "comment": AddComment(key, sent["text"], mentions=sent.every("mention")),
        "withdraw-comment": WithdrawComment(key, sent["comment"]),
        "withdraw-file": WithdrawAttachment(key, sent["file"]),
    }
    if act not in simple:
        raise no_such_act(act)
    return [simple[act]]
