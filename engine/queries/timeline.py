"""What has happened and what is to come, on one line of time."""

from dataclasses import dataclass
from datetime import date

from engine.procurement.plan import BarKind, Milestone
from engine.queries.overview import DeadlineView, deadlines_of
from engine.queries.plan import PlanLine, plan_of
from engine.queries.record import LogEntry, milestones_of
from engine.queries.view import Seen

AHEAD = (BarKind.OPEN, BarKind.PLANNED, BarKind.LEGAL, BarKind.WAITING)


@dataclass(frozen=True, slots=True)
class Timeline:
    """`past` are entries of the record, oldest first; what lies ahead is as the plan has it today:
    `lines` by the day they begin, `milestones` and `deadlines` by their day."""

    past: tuple[LogEntry, ...]
    lines: tuple[PlanLine, ...]
    milestones: tuple[Milestone, ...]
    deadlines: tuple[DeadlineView, ...]
    today: date
    end: date


def timeline_of(seen: Seen) -> Timeline:
    plan = plan_of(seen)
    ahead = [line for line in plan.lines if line.bar.kind in AHEAD]
    return Timeline(
        past=milestones_of(seen),
        lines=tuple(sorted(ahead, key=lambda line: (line.bar.start, line.bar.end))),
        milestones=tuple(
            sorted(
                (
                    each
                    for each in plan.plan.milestones
                    if not each.fact and each.day >= plan.plan.today
                ),
                key=lambda each: each.day,
            )
        ),
        deadlines=deadlines_of(seen),
        today=plan.plan.today,
        end=plan.plan.end,
    )
