"""What a reader was told, and how much of it still waits for a look.

Rights are looked at when it is read: who may no longer see a task hears no more of it. What asked
for work is over as soon as the task has moved on, whether or not anybody looked.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import sqlalchemy as sa

from engine.access.rules import CONFIDENTIAL, OVERSEEING_GRANTS, READING_GRANTS
from engine.errors import NotFoundError
from engine.model.actor import BARRING
from engine.model.notifications import ASKS_FOR_WORK, Occasion
from engine.queries.names import element_name
from engine.queries.view import View, names_of
from engine.store.schema import (
    comment,
    incident,
    invitation,
    invitation_mail,
    mail,
    member,
    notification,
    participant,
    person,
    procurement,
    procurement_party,
    role_grant,
    task,
    timer,
)

PAGE: Final = 50
_SCOPE: Final = sa.func.coalesce(task.c.scope, "")
_OF: Final = (
    notification.join(procurement, procurement.c.id == notification.c.procurement)
    .join(person, person.c.id == notification.c.person)
    .outerjoin(task, task.c.id == notification.c.task)
)
_ITS_TIMER: Final = (timer.c.procurement == notification.c.procurement) & (
    timer.c.id == notification.c.subject
)


@dataclass(frozen=True, slots=True)
class Told:
    """One notification. `about` is the task's name, the element's that stopped or whose deadline
    moved, or the name of who was not reached or has the seat; `over` tells that nothing is asked of
    the reader any more; `due_at` is the task's due date, or the deadline as it is now."""

    id: int
    kind: Occasion
    at: datetime
    read: bool
    over: bool
    by: str
    about: str
    task: str
    procurement: str
    reference: str
    title: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page, newest first; `older` is the id to continue below, 0 at the end; `newest` the
    highest id on it, up to which it was seen."""

    rows: tuple[Told, ...]
    unread: int
    older: int

    @property
    def newest(self) -> int:
        return self.rows[0].id if self.rows else 0


def inbox(view: View, *, unread_only: bool = False, below: int = 0, limit: int = PAGE) -> Inbox:
    """What the reader was told, as far as she or he may still know of it."""
    where = [notification.c.person == view.actor.id, may_know(view.today)]
    if unread_only:
        where.append(_waits())
    if below:
        where.append(notification.c.id < below)
    query = _rows().where(*where).order_by(notification.c.id.desc()).limit(limit + 1)
    rows = view.connection.execute(query).all()
    older = rows[limit - 1].id if len(rows) > limit else 0
    count = unread_counts(view.connection, [view.actor.id], view.today)
    return Inbox(_told(view, rows[:limit]), count.get(view.actor.id, 0), older)


def find_told(view: View, key: int) -> Told:
    """One of the reader's own notifications; raises NotFoundError for any other."""
    query = _rows().where(
        notification.c.id == key, notification.c.person == view.actor.id, may_know(view.today)
    )
    found = _told(view, view.connection.execute(query).all())
    if not found:
        raise NotFoundError("notification", key)
    return found[0]


def still_to_tell(view: View, key: str) -> tuple[Told, ...]:
    """What the mail `key` has to tell the reader; not what is over, or was read meanwhile."""
    query = _rows().where(
        notification.c.mail == key,
        notification.c.mail != "",
        notification.c.person == view.actor.id,
        may_know(view.today),
        _waits(),
    )
    return _told(view, view.connection.execute(query.order_by(notification.c.id)).all())


def unread_counts(
    connection: sa.Connection, persons: Collection[str], today: date
) -> Mapping[str, int]:
    """How much waits for a look, by person; those for whom nothing does are left out."""
    query = (
        sa.select(notification.c.person, sa.func.count())
        .select_from(_OF)
        .where(notification.c.person.in_(persons), may_know(today), _waits())
        .group_by(notification.c.person)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def may_know(today: date) -> "sa.ColumnElement[bool]":
    """As the policy's `read-task`, or `read` where there is no task, for each row's own person."""
    told = notification.c
    grant = (
        sa.select(role_grant.c.person)
        .where(
            role_grant.c.person == told.person,
            role_grant.c.organisation == procurement.c.organisation,
            sa.or_(
                role_grant.c.role.in_(READING_GRANTS),
                role_grant.c.role.in_(OVERSEEING_GRANTS) & (_SCOPE == ""),
            ),
        )
        .exists()
    )
    reads = sa.or_(_seated(today) & _inside(), grant)
    return reads & sa.or_(_SCOPE == "", ~_barred(today))


def _barred(today: date) -> "sa.ColumnElement[bool]":
    """The person holds a seat whose impartiality is not settled."""
    unsettled = member.alias("unsettled")
    return (
        sa.select(unsettled.c.id)
        .where(*_holds(unsettled.c, today), unsettled.c.impartiality.in_(sorted(BARRING)))
        .exists()
    )


def _holds(seat: Any, today: date) -> tuple["sa.ColumnElement[bool]", ...]:
    """The person who is told holds the seat on the day."""
    told, day = notification.c, today.isoformat()
    return (
        seat.procurement == told.procurement,
        seat.person == told.person,
        seat.removed.is_(False),
        sa.or_(seat.valid_from == "", seat.valid_from <= day),
        sa.or_(seat.valid_to == "", seat.valid_to >= day),
    )


def _seated(today: date) -> "sa.ColumnElement[bool]":
    seat, told = member.c, notification.c
    unbound = (seat.scope == "") & sa.or_(
        seat.role.in_(sorted(CONFIDENTIAL)), seat.role == task.c.candidate
    )
    return (
        sa.select(seat.id)
        .where(
            *_holds(seat, today),
            sa.or_(
                seat.scope == _SCOPE,
                unbound,
                told.person == task.c.assignee,
                told.person == task.c.owner,
            ),
        )
        .exists()
    )


def _inside() -> "sa.ColumnElement[bool]":
    party = (
        sa.select(procurement_party.c.organisation)
        .where(
            procurement_party.c.procurement == procurement.c.id,
            procurement_party.c.organisation == person.c.organisation,
        )
        .exists()
    )
    return (procurement.c.organisation == person.c.organisation) | party


def _waits() -> "sa.ColumnElement[bool]":
    """Not looked at, and not over."""
    return notification.c.read_at.is_(None) & ~is_over()


def is_over() -> "sa.ColumnElement[bool]":
    """Nothing is asked of the person any more: the task has moved on, the incident is closed, what
    was said is taken back."""
    kind = notification.c.kind
    held = sa.or_(task.c.assignee == "", task.c.assignee == notification.c.person)
    still = sa.case(
        (kind.in_(sorted(ASKS_FOR_WORK)), (task.c.status == "open") & held),
        (kind == Occasion.DECISION_PROPOSED, (task.c.status == "approval") & held),
        (kind == Occasion.TASK_ASSIGNED, task.c.status.in_(("open", "approval")) & held),
        (
            kind.in_((Occasion.DUE_SOON, Occasion.OVERDUE)),
            task.c.status.in_(("open", "approval")),
        ),
        (kind == Occasion.INCIDENT, _incident_open()),
        (kind == Occasion.MENTIONED, ~_comment_withdrawn()),
        else_=sa.true(),
    )
    return sa.not_(sa.func.coalesce(still, sa.false()))


def _incident_open() -> "sa.ColumnElement[bool]":
    return (
        sa.select(incident.c.id)
        .where(incident.c.id == notification.c.subject, incident.c.closed_at.is_(None))
        .exists()
    )


def _comment_withdrawn() -> "sa.ColumnElement[bool]":
    return (
        sa.select(comment.c.id)
        .where(comment.c.id == notification.c.subject, comment.c.withdrawn_at.is_not(None))
        .exists()
    )


def _rows() -> "sa.Select[Any]":
    stopped = (
        sa.select(incident.c.element)
        .where(incident.c.id == notification.c.subject)
        .scalar_subquery()
    )
    addressee = person.alias()
    missed = (
        sa.select(sa.func.coalesce(addressee.c.name, participant.c.name, invitation.c.name))
        .select_from(mail)
        .outerjoin(addressee, addressee.c.id == mail.c.person)
        .outerjoin(participant, participant.c.id == mail.c.participant)
        .outerjoin(invitation_mail, invitation_mail.c.mail == mail.c.id)
        .outerjoin(invitation, invitation.c.id == invitation_mail.c.invitation)
        .where(mail.c.id == notification.c.subject)
        .scalar_subquery()
    )
    spoken_of = (
        sa.select(addressee.c.name)
        .where(addressee.c.id == notification.c.subject)
        .scalar_subquery()
    )
    return sa.select(
        notification,
        procurement.c.reference,
        procurement.c.title,
        procurement.c.definition,
        task.c.name.label("task_name"),
        task.c.process,
        task.c.element,
        task.c.due_at,
        is_over().label("over"),
        stopped.label("stopped"),
        missed.label("missed"),
        spoken_of.label("named"),
        timer.c.element.label("moved"),
        timer.c.due_at.label("moved_to"),
    ).select_from(_OF.outerjoin(timer, _ITS_TIMER))


def _told(view: View, rows: Collection[Any]) -> tuple[Told, ...]:
    names = names_of(view, {row.by for row in rows})
    return tuple(
        Told(
            id=row.id,
            kind=Occasion(row.kind),
            at=row.at,
            read=row.read_at is not None,
            over=bool(row.over),
            by=names.get(row.by, ""),
            about=_about(view, row),
            task=row.task,
            procurement=row.procurement,
            reference=row.reference,
            title=row.title,
            due_at=row.due_at or row.moved_to,
        )
        for row in rows
    )


def _about(view: View, row: Any) -> str:
    if row.task:
        return view.text(row.definition, row.process, f"{row.element}.name", row.task_name)
    if element := row.stopped or row.moved:
        return element_name(view.definition(row.definition), view.language, element)
    return str(row.missed or row.named or row.title)
