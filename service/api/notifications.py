"""What you were told: the list, and marking it as read."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import Query
from pydantic import Field, model_validator

from engine.commands.notifications import MarkRead
from engine.model.notifications import Occasion
from engine.queries.notifications import inbox
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import Asked, Told
from service.dependencies import Bus, Person, Reader, Text
from service.pages.notifications import sentence

router = make_router("notifications")

_LARGEST = 2**53
NotificationId = Annotated[int, Field(ge=1, le=_LARGEST)]


class Notification(Told):
    """One thing you were told. `text` says it; `over` tells that nothing is asked of you any more;
    `task` is "" where it is about the procurement as a whole."""

    id: int
    kind: Occasion
    text: str
    at: datetime
    read: bool
    over: bool
    by: str
    task: str
    procurement: str
    reference: str
    title: str
    due_at: datetime | None


class NotificationPart(Told):
    """A page, newest first; `older` is what to give as `below` for the next, 0 at the end. `unread`
    counts all that waits for a look."""

    items: list[Notification]
    unread: int
    older: int


class Reading(Asked):
    """Either some of them by id, or all up to an id."""

    ids: Annotated[list[NotificationId], Field(max_length=200, default_factory=list)]
    up_to: Annotated[int, Field(ge=0, le=_LARGEST)] = 0

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if bool(self.ids) == bool(self.up_to):
            raise ValueError("give either `ids` or `up_to`")
        return self


class ReadDone(Told):
    read: int


@router.get("/notifications")
def list_notifications(
    view: Reader,
    text: Text,
    unread: bool = False,
    below: Annotated[int, Query(ge=0, le=_LARGEST)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> NotificationPart:
    """What you were told, as far as you may still know of it."""
    found = inbox(view, unread_only=unread, below=below, limit=limit)
    items = [
        Notification(
            id=each.id,
            kind=each.kind,
            text=sentence(each, text),
            at=each.at,
            read=each.read,
            over=each.over,
            by=each.by,
            task=each.task,
            procurement=each.procurement,
            reference=each.reference,
            title=each.title,
            due_at=each.due_at,
        )
        for each in found.rows
    ]
    return NotificationPart(items=items, unread=found.unread, older=found.older)


@router.post("/notifications/read", responses=ACT_PROBLEMS)
def mark_read(asked: Reading, bus: Bus, person: Person, request: RequestId) -> ReadDone:
    """Mark your own notifications as read; how many were not yet is the answer."""
    keys = tuple(asked.ids) if asked.ids else None
    answer = bus.handle(MarkRead(keys, asked.up_to), person.actor, request=request)
    return ReadDone.model_validate(answer)
