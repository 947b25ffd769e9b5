"""The dated things of a procurement that a reader may see, for a calendar of his or her own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.bpmn import runtime
from engine.clock import OSLO
from engine.procurement.planner import last_day
from engine.queries.names import element_name
from engine.queries.plan import plan_page
from engine.queries.view import Seen, View, see_procurement
from engine.store import records, tasks


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """`kind` is task, deadline or milestone; `name` what the model calls it, or the milestone's id.

    `day` is the last day where it lasts till 24:00 or has no time; `at` is set where an hour counts
    (aware UTC). `fact` is False for what is only expected. `uid` never changes.
    """

    uid: str
    kind: str
    name: str
    day: date
    at: datetime | None
    fact: bool
    citation: str
    task: str = ""


@dataclass(frozen=True, slots=True)
class ProcurementCalendar:
    """`sequence` is the number of the record's last entry: it grows with every change."""

    id: str
    reference: str
    title: str
    sequence: int
    made_at: datetime
    entries: tuple[CalendarEntry, ...]


def calendar_of(view: View, key: str) -> ProcurementCalendar:
    """Deadlines, the reader's own due tasks and the milestones; raises NotFoundError where the
    procurement is not the reader's."""
    seen = see_procurement(view, key)
    found = [*_tasks(seen), *_deadlines(seen), *_milestones(seen)]
    return ProcurementCalendar(
        id=key,
        reference=seen.row.reference,
        title=seen.row.title,
        sequence=seen.row.audit_seq,
        made_at=view.now,
        entries=tuple(sorted(found, key=lambda each: (each.day, each.uid))),
    )


def _tasks(seen: Seen) -> Iterable[CalendarEntry]:
    """Open tasks that are the reader's, or wait for a role that he or she holds."""
    me, definition = seen.view.actor.id, seen.view.definition(seen.row.definition)
    for each in tasks.open_of(seen.view.connection, seen.row.id):
        mine = each.assignee == me or (not each.assignee and each.candidate in seen.my_roles)
        if not mine or each.due_at is None or not seen.sees(each.scope):
            continue
        day, at = _day_and_hour(each.due_at)
        name = element_name(definition, seen.view.language, each.element)
        citation = str(each.due_why.get("citation", ""))
        yield CalendarEntry(f"task-{each.id}", "task", name, day, at, True, citation, each.id)


def _deadlines(seen: Seen) -> Iterable[CalendarEntry]:
    """What the process waits for; a deadline that is moved keeps its id."""
    if not seen.row.state or seen.row.status not in ("running", "suspended"):
        return
    compiled = seen.view.definitions.get(seen.view.connection, seen.row.definition)
    why = {each.id: each.why for each in records.timers_of(seen.view.connection, seen.row.id)}
    for timer in runtime.inspect(compiled.process, seen.row.state).timers:
        if not seen.sees(timer.scope):
            continue
        day, at = _day_and_hour(timer.due_at)
        name = element_name(compiled.definition, seen.view.language, timer.element_id)
        citation = str(why.get(timer.task_id, {}).get("citation", ""))
        yield CalendarEntry(f"deadline-{timer.task_id}", "deadline", name, day, at, True, citation)


def _milestones(seen: Seen) -> Iterable[CalendarEntry]:
    for each in plan_page(seen.view, seen.row.id).plan.milestones:
        uid = f"milestone-{seen.row.id}-{each.id}"
        yield CalendarEntry(uid, "milestone", each.id, each.day, None, each.fact, each.citation)


def _day_and_hour(moment: datetime) -> tuple[date, datetime | None]:
    """24:00 in Oslo is the end of the day before; any other time of day counts."""
    local = moment.astimezone(OSLO)
    if (local.hour, local.minute) == (0, 0):
        return local.date() - timedelta(days=1), None
    return last_day(moment) or local.date(), moment
