"""What you were told, what you hear by mail, and which mails did not arrive."""

from datetime import datetime, time
from typing import Annotated, Self

from fastapi import Query
from pydantic import AfterValidator, Field, StringConstraints, model_validator

from engine.commands.mails import ChooseMail, ResendMail
from engine.commands.notifications import MarkRead
from engine.model.mails import MailState
from engine.model.notifications import Occasion, Topic
from engine.notifications.timing import Pace, Preference
from engine.queries.mails import choices_of, undelivered, undelivered_of_organisation
from engine.queries.notifications import inbox
from engine.queries.view import see_procurement
from service.api.routing import ACT_PROBLEMS, RequestId, make_router
from service.api.shapes import Asked, IdInPath, Told
from service.dependencies import Bus, Person, Reader, Text
from service.i18n import DEFAULT, LANGUAGES
from service.wording import sentence

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


Time = Annotated[
    str,
    StringConstraints(max_length=5, pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$"),
    Field(description="A time of day in Oslo, such as 07:30."),
]


def _known(language: str) -> str:
    if language not in LANGUAGES:
        raise ValueError(f"it is none of {', '.join(LANGUAGES)}")
    return language


Language = Annotated[str, StringConstraints(max_length=5), AfterValidator(_known)]


class MailChoice(Asked):
    """What you want to hear by mail, and when. No mail leaves between `quiet_from` and `quiet_to`
    (the same time twice: there is no quiet time), nor on days off with `only_working_days`."""

    language: Language = DEFAULT
    by_mail: Annotated[list[Topic], Field(max_length=len(Topic), default_factory=list)]
    pace: Pace = Pace.AT_ONCE
    digest_at: Time = "08:00"
    quiet_from: Time = "00:00"
    quiet_to: Time = "00:00"
    only_working_days: bool = False
    invitations: bool = False


class MailChoices(Told):
    """What you chose. `address` is "" where there is none; `problem` is why the newest mail to it
    did not arrive, "" where it did."""

    chosen: MailChoice
    address: str
    problem: str


@router.get("/notifications/choices")
def show_choices(view: Reader) -> MailChoices:
    """What you hear by mail, and when."""
    found = choices_of(view)
    chosen = found.preference
    return MailChoices(
        chosen=MailChoice(
            language=chosen.language,
            by_mail=sorted(chosen.by_mail),
            pace=chosen.pace,
            digest_at=f"{chosen.digest_at:%H:%M}",
            quiet_from=f"{chosen.quiet_from:%H:%M}",
            quiet_to=f"{chosen.quiet_to:%H:%M}",
            only_working_days=chosen.only_working_days,
            invitations=chosen.invitations,
        ),
        address=found.address,
        problem=found.problem,
    )


@router.put("/notifications/choices", responses=ACT_PROBLEMS)
def choose(
    asked: MailChoice, bus: Bus, view: Reader, person: Person, request: RequestId
) -> MailChoices:
    """Choose what you hear by mail; it holds for what waits as well."""
    preference = Preference(
        language=asked.language,
        by_mail=frozenset(asked.by_mail),
        pace=asked.pace,
        digest_at=time.fromisoformat(asked.digest_at),
        quiet_from=time.fromisoformat(asked.quiet_from),
        quiet_to=time.fromisoformat(asked.quiet_to),
        only_working_days=asked.only_working_days,
        invitations=asked.invitations,
    )
    bus.handle(ChooseMail(preference), person.actor, request=request)
    return show_choices(view)


class UndeliveredMail(Told):
    """A mail that has not arrived. `next_at` is null when it is not tried again; `problem` is what
    the mail server said. `role` is what somebody from outside takes part as, empty for the staff;
    `name` and `address` are empty where you may not see who it is."""

    id: str
    role: str
    name: str
    address: str
    state: MailState
    attempts: int
    queued_at: datetime
    next_at: datetime | None
    problem: str


class UndeliveredList(Told):
    items: list[UndeliveredMail]


class Resent(Told):
    mail: str
    state: MailState


@router.get("/undelivered")
def list_undelivered_of_organisation(view: Reader) -> UndeliveredList:
    """For the administrator: mails to anybody in the organisation, or from outside in its
    procurements, that failed, came back or are tried again, of the last month."""
    found = undelivered_of_organisation(view)
    return UndeliveredList(items=[UndeliveredMail.model_validate(each) for each in found])


@router.post("/mails/{mail}/resend", responses=ACT_PROBLEMS)
def resend(mail: IdInPath, bus: Bus, person: Person, request: RequestId) -> Resent:
    """Try a mail again that was given up or came back: for the lead of a procurement that it speaks
    of, and for the administrator of the organisation."""
    return Resent.model_validate(bus.handle(ResendMail(mail), person.actor, request=request))


@router.get("/procurements/{procurement}/undelivered")
def list_undelivered(procurement: IdInPath, view: Reader) -> UndeliveredList:
    """For the lead: mails about the procurement that failed, came back or are tried again."""
    found = undelivered(see_procurement(view, procurement))
    return UndeliveredList(items=[UndeliveredMail.model_validate(each) for each in found])
