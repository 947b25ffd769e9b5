"""From a fact to those who are told of it: one small function per event class, listed in `TELL`.

Whoever did it is not told: a person sees the result of an own act at once.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Final

from engine.model import events as e
from engine.model.actor import Membership
from engine.model.delivery import PORTAL
from engine.model.dialogue import RECEIVED
from engine.model.notifications import Notification, Occasion
from engine.model.records import TaskRecord

LEAD: Final = "procurement-lead"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Around a fact: who did it, the team, the day in Oslo, and which elements are gates."""

    actor: str
    team: tuple[Membership, ...]
    today: date
    gates: frozenset[str]

    def in_role(self, role: str, scope: str) -> list[str]:
        """Who holds the role today and may do its tasks for this supplier, deputies included."""
        return holders(self.team, self.today, role, scope)

    def in_team(self) -> list[str]:
        """Who is in the team today, but those who are there for one supplier alone."""
        seats = (seat for seat in self.team if not seat.scope and seat.valid_on(self.today))
        return list(dict.fromkeys(seat.person for seat in seats))


def holders(team: Iterable[Membership], today: date, role: str, scope: str = "") -> list[str]:
    """Who holds the role that day, for all suppliers or for this one."""
    return [
        seat.person
        for seat in team
        if seat.role == role and seat.scope in ("", scope) and seat.valid_on(today)
    ]


def leads(team: Iterable[Membership], today: date) -> tuple[str, ...]:
    """Who leads the procurement that day, deputies included, each once."""
    return tuple(dict.fromkeys(holders(team, today, LEAD)))


Rule = Callable[[Any, Circumstances], Iterable[Notification]]


def notifications(event: e.Event, around: Circumstances) -> tuple[Notification, ...]:
    """Who is told of the event, each once, in the order of the team."""
    rule = TELL.get(type(event))
    if rule is None:
        return ()
    told = {each.person: each for each in rule(event, around) if each.person != around.actor}
    return tuple(told.values())


def _to(
    persons: Collection[str], kind: Occasion, task: str = "", subject: str = ""
) -> Iterable[Notification]:
    return (Notification(person, kind, task, subject) for person in persons if person)


def _task_opened(event: e.TaskOpened, around: Circumstances) -> Iterable[Notification]:
    kind = Occasion.GATE_OPENED if event.element in around.gates else Occasion.TASK_OPENED
    persons = [event.assignee] if event.assignee else around.in_role(event.role, event.scope)
    return _to(persons, kind, event.task)


def _task_added(event: e.TaskAdded, around: Circumstances) -> Iterable[Notification]:
    """Whoever is asked to come; else who is to do it, or whoever in the role may."""
    if event.people:
        return _to(event.people, Occasion.CALLED, event.task)
    persons = [event.assignee] if event.assignee else around.in_role(event.role, "")
    return _to(persons, Occasion.TASK_OPENED, event.task)


def _gathering_moved(event: e.GatheringMoved, _around: Circumstances) -> Iterable[Notification]:
    return _to(event.people, Occasion.GATHERING_MOVED, event.task)


def _decision_recorded(event: e.DecisionRecorded, _around: Circumstances) -> Iterable[Notification]:
    return _to(event.people, Occasion.DECIDED)


def _added_withdrawn(event: e.AddedTaskWithdrawn, _around: Circumstances) -> Iterable[Notification]:
    return _to(event.people, Occasion.WITHDRAWN, event.task)


def _task_reopened(event: e.TaskReopened, around: Circumstances) -> Iterable[Notification]:
    return _to(around.in_role(event.role, event.scope), Occasion.TASK_REOPENED, event.task)


def _task_delegated(event: e.TaskDelegated, _around: Circumstances) -> Iterable[Notification]:
    return _to([event.assignee], Occasion.TASK_DELEGATED, event.task)


def _task_assigned(event: e.TaskAssigned, _around: Circumstances) -> Iterable[Notification]:
    yield from _to([event.assignee], Occasion.TASK_ASSIGNED, event.task)
    yield from _to([event.was], Occasion.TASK_TAKEN_AWAY, event.task)


def _task_put_back(event: e.TaskPutBack, _around: Circumstances) -> Iterable[Notification]:
    yield from _to([event.assignee], Occasion.TASK_ASSIGNED, event.task)
    yield from _to([event.was], Occasion.TASK_TAKEN_AWAY, event.task)


def _task_given_back(event: e.TaskGivenBack, _around: Circumstances) -> Iterable[Notification]:
    return _to([event.owner], Occasion.TASK_GIVEN_BACK, event.task)


def _decision_proposed(event: e.DecisionProposed, around: Circumstances) -> Iterable[Notification]:
    persons = around.in_role(event.second_role, event.scope)
    return _to(persons, Occasion.DECISION_PROPOSED, event.task)


def _decision_returned(event: e.DecisionReturned, _around: Circumstances) -> Iterable[Notification]:
    return _to([event.proposed_by], Occasion.DECISION_RETURNED, event.task)


def _due_moved(event: e.TaskDueMoved, around: Circumstances) -> Iterable[Notification]:
    """Who has the task; where nobody has, whoever may take it."""
    persons = event.holders or around.in_role(event.role, event.scope)
    return _to(persons, Occasion.DUE_MOVED, event.task)


def _deadline_moved(event: e.TimerMoved, around: Circumstances) -> Iterable[Notification]:
    """The whole team plans by the dates of the competition; those of one supplier's matter are the
    lead's to tell."""
    persons = around.in_role(LEAD, event.scope) if event.scope else around.in_team()
    return _to(persons, Occasion.DEADLINE_MOVED, subject=event.timer)


def _incident_raised(event: e.IncidentRaised, around: Circumstances) -> Iterable[Notification]:
    """The lead, who alone can try it again."""
    return _to(around.in_role(LEAD, event.scope), Occasion.INCIDENT, subject=event.incident)


def _rules_changed(_event: e.RulesChanged, around: Circumstances) -> Iterable[Notification]:
    """The lead, who answers for which rules the procurement follows."""
    return _to(around.in_role(LEAD, ""), Occasion.RULES_CHANGED)


def _comment_added(event: e.CommentAdded, _around: Circumstances) -> Iterable[Notification]:
    return _to(event.mentions, Occasion.MENTIONED, event.task, event.comment)


def _stands_in(event: e.MemberAdded, around: Circumstances) -> Iterable[Notification]:
    """Whoever stands in for another must know, and the lead who it is where an absence says so;
    any other member hears of the tasks."""
    if event.absence:
        yield from _to(around.in_role(LEAD, ""), Occasion.SUBSTITUTED, subject=event.person)
    yield from _to([event.person] if event.deputy_for else [], Occasion.STANDING_IN)


def _seat_ended(event: e.SeatEnded, around: Circumstances) -> Iterable[Notification]:
    """The lead, who may seat somebody else; whose seat it was knows of the team no more."""
    return _to(around.in_role(LEAD, ""), Occasion.SEAT_ENDED, subject=event.person)


def _task_released(event: e.TaskReleased, around: Circumstances) -> Iterable[Notification]:
    """All who may take what came back because its holder may do it no longer."""
    persons = around.in_role(event.role, event.scope) if event.role else ()
    return _to([each for each in persons if each != event.assignee], Occasion.TASK_FREE, event.task)


def _all_hear(kind: Occasion) -> Rule:
    """Everybody in the team hears of what the lead does with the whole."""
    return lambda _event, around: _to(around.in_team(), kind)


def reminded(task: TaskRecord, kind: Occasion, around: Circumstances) -> tuple[Notification, ...]:
    """Who has the task hears that it is due soon; when it is overdue its owner and the lead too."""
    told = [task.assignee] if task.assignee else around.in_role(task.candidate, task.scope)
    if kind is Occasion.OVERDUE:
        told = [*told, task.owner, *around.in_role(LEAD, task.scope)]
    return tuple(_to(dict.fromkeys(told), kind, task.id))


def _letter_returned(event: e.LetterReturned, around: Circumstances) -> Iterable[Notification]:
    return _to(around.in_role(LEAD, event.scope), Occasion.LETTER_RETURNED, subject=event.letter)


def _question_asked(event: e.QuestionAsked, around: Circumstances) -> Iterable[Notification]:
    """The lead, where no task of the process asks anybody to answer."""
    persons = () if event.driven else around.in_role(LEAD, event.scope)
    return _to(persons, Occasion.SUPPLIER_WROTE)


def _minutes_answered(event: e.MinutesAnswered, around: Circumstances) -> Iterable[Notification]:
    """The lead, who settles an objection."""
    persons = () if event.confirmed else around.in_role(LEAD, event.scope)
    return _to(persons, Occasion.SUPPLIER_WROTE)


def _inquiry_answered(event: e.InquiryAnswered, around: Circumstances) -> Iterable[Notification]:
    """The lead, when the supplier replied itself."""
    persons = around.in_role(LEAD, event.scope) if event.channel == PORTAL else ()
    return _to(persons, Occasion.SUPPLIER_WROTE)


def _document_handed(event: e.DocumentHanded, around: Circumstances) -> Iterable[Notification]:
    came = event.direction == RECEIVED
    return _to(around.in_role(LEAD, event.scope) if came else (), Occasion.SUPPLIER_WROTE)


def _meeting_changed(
    event: e.MeetingBooked | e.MeetingMoved | e.MeetingCancelled, around: Circumstances
) -> Iterable[Notification]:
    """The lead, unless it was her or his own doing."""
    return _to(around.in_role(LEAD, event.scope), Occasion.MEETING_CHANGED)


TELL: Final[Mapping[type, Rule]] = MappingProxyType(
    {
        e.TaskOpened: _task_opened,
        e.TaskAdded: _task_added,
        e.DecisionRecorded: _decision_recorded,
        e.GatheringMoved: _gathering_moved,
        e.AddedTaskWithdrawn: _added_withdrawn,
        e.TaskReopened: _task_reopened,
        e.TaskDelegated: _task_delegated,
        e.TaskAssigned: _task_assigned,
        e.TaskPutBack: _task_put_back,
        e.TaskGivenBack: _task_given_back,
        e.DecisionProposed: _decision_proposed,
        e.DecisionReturned: _decision_returned,
        e.TaskDueMoved: _due_moved,
        e.TimerMoved: _deadline_moved,
        e.IncidentRaised: _incident_raised,
        e.LetterReturned: _letter_returned,
        e.QuestionAsked: _question_asked,
        e.MinutesAnswered: _minutes_answered,
        e.DocumentHanded: _document_handed,
        e.InquiryAnswered: _inquiry_answered,
        e.MeetingBooked: _meeting_changed,
        e.MeetingMoved: _meeting_changed,
        e.MeetingCancelled: _meeting_changed,
        e.RulesChanged: _rules_changed,
        e.CommentAdded: _comment_added,
        e.MemberAdded: _stands_in,
        e.SeatEnded: _seat_ended,
        e.TaskReleased: _task_released,
        e.ProcurementSuspended: _all_hear(Occasion.SUSPENDED),
        e.ProcurementResumed: _all_hear(Occasion.RESUMED),
        e.ProcurementCancelled: _all_hear(Occasion.CANCELLED),
        e.ProcurementRewound: _all_hear(Occasion.REWOUND),
    }
)
