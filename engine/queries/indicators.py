"""The ten indicators of one procurement, and of all that a reader may read.

Everything is asked with the reader's rights in the question: what is confidential to a supplier
counts only for those who may see it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any, Final

import orjson
import sqlalchemy as sa

from engine.model.business import BusinessRecord
from engine.model.dialogue import MinutesState
from engine.model.meeting import MeetingStatus
from engine.procurement.indicators import (
    FORMS,
    MINUTES_WITHIN,
    Decided,
    Given,
    Handed,
    Indicator,
    Measured,
    Stay,
    Story,
    Unit,
    indicators,
)
from engine.procurement.working_time import working_time
from engine.queries.figures import CATCHING, places_of_elements
from engine.queries.reader import is_known, readable, reader_values
from engine.queries.view import View, see_procurement
from engine.store.schema import (
    audit_event,
    business,
    contribution,
    decision,
    delivery,
    element_use,
    information,
    market_signup,
    meeting,
    minutes,
    phase_spell,
    procurement,
    release,
    round_,
    submission,
    supplier,
    task,
    undone,
)

MOST: Final = 200
"""So many procurements are measured, the newest first; that there are more is told."""
_BEGINNING: Final = 60
"""Forms are prepared with the first entries of a record."""

_DONE: Final = "completed"

Rows = Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True)
class IndicatorsPage:
    """`partial` when the reader may not see what is confidential to suppliers, which then does not
    count."""

    procurement: str
    reference: str
    title: str
    indicators: tuple[Indicator, ...]
    partial: bool


@dataclass(frozen=True, slots=True)
class Point:
    """A procurement's value of one measure."""

    procurement: str
    reference: str
    title: str
    value: float


@dataclass(frozen=True, slots=True)
class Spread:
    """One measure over many: those that tell it, the lowest first, and their median. `missing` are
    the reasons of the others with how many have it."""

    key: str
    unit: Unit
    points: tuple[Point, ...]
    median: float | None
    missing: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SpreadIndicator:
    number: int
    measures: tuple[Spread, ...]


@dataclass(frozen=True, slots=True)
class PortfolioIndicators:
    """Over `procurements`; `more` when the reader may read others that were not measured."""

    procurements: int
    more: bool
    indicators: tuple[SpreadIndicator, ...]


def indicators_page(view: View, key: str) -> IndicatorsPage:
    """Raises NotFoundError for those who may not read the procurement."""
    seen = see_procurement(view, key)
    found = _stories(view, [procurement.c.id == key], 1)
    known = {row.key for row in _all_suppliers(view, key)}
    return IndicatorsPage(
        procurement=key,
        reference=seen.row.reference,
        title=seen.row.title,
        indicators=indicators(found[0][1]),
        partial=any(not seen.sees(each) for each in known),
    )


def portfolio_indicators(view: View, process: str = "") -> PortfolioIndicators:
    """Of the newest that the reader may read; of one procedure where `process` names it."""
    where = [procurement.c.procedure == process] if process else []
    found = _stories(view, where, MOST + 1)
    measured = [(row, indicators(story)) for row, story in found[:MOST]]
    return PortfolioIndicators(len(measured), len(found) > MOST, tuple(_spread(measured)))


def procedures(view: View) -> tuple[str, ...]:
    """The procedures of what the reader may read."""
    found = readable(procurement.c.procedure).subquery()
    query = sa.select(found.c.procedure).where(found.c.procedure != "").distinct()
    return tuple(sorted(view.connection.scalars(query, reader_values(view))))


def _spread(
    measured: Sequence[tuple[Any, tuple[Indicator, ...]]],
) -> Iterable[SpreadIndicator]:
    numbers = [each.number for each in measured[0][1]] if measured else []
    for at, number in enumerate(numbers):
        keys = [each.key for each in measured[0][1][at].measures]
        every = [(row, {each.key: each for each in all_[at].measures}) for row, all_ in measured]
        yield SpreadIndicator(
            number, tuple(_over(key, [(row, of[key]) for row, of in every]) for key in keys)
        )


def _over(key: str, found: Sequence[tuple[Any, Measured]]) -> Spread:
    points = sorted(
        (
            Point(row.id, row.reference, row.title, each.value)
            for row, each in found
            if each.value is not None
        ),
        key=lambda point: (point.value, point.reference),
    )
    reasons: defaultdict[str, int] = defaultdict(int)
    for _, each in found:
        if each.value is None:
            reasons[each.missing] += 1
    middle = median(point.value for point in points) if points else None
    return Spread(key, found[0][1].unit, tuple(points), middle, tuple(sorted(reasons.items())))


def _stories(
    view: View, where: "Sequence[sa.ColumnElement[bool]]", most: int
) -> list[tuple[Any, Story]]:
    """The newest procurements that the reader may read, each with what is told of it."""
    columns = (
        procurement.c.id,
        procurement.c.organisation,
        procurement.c.definition,
        procurement.c.reference,
        procurement.c.title,
        procurement.c.created_at,
        procurement.c.ended_at,
    )
    every = readable(*columns, where=where).subquery("every")
    newest = sa.select(*every.c).order_by(every.c.created_at.desc(), every.c.id).limit(most)
    chosen = newest.cte("chosen")
    rows = _Reading(view, chosen)
    return [(row, rows.story(row)) for row in view.connection.execute(newest, reader_values(view))]


def _all_suppliers(view: View, key: str) -> Sequence[Any]:
    query = sa.select(supplier.c.key).where(supplier.c.procurement == key)
    return view.connection.execute(query).all()


class _Reading:
    """What stands in the record of the chosen procurements: one question for each kind."""

    def __init__(self, view: View, chosen: sa.CTE) -> None:
        self._view = view
        self._chosen = chosen
        self._forms = self._of(submission, submission.c.scope, submission.c.form.in_(FORMS))
        self._decisions = self._of(decision, decision.c.scope, decision.c.element != "")
        self._contributions = self._of(contribution, None, contribution.c.status == "open")
        self._suppliers = self._of(supplier, supplier.c.key)
        opened = delivery.c.opened_at.is_not(None) & (delivery.c.supplier != "")
        self._deliveries = self._of(delivery, delivery.c.supplier, opened)
        held = meeting.c.status == MeetingStatus.HELD
        self._meetings = self._of(meeting, meeting.c.scope, held)
        self._minutes = self._of(minutes, minutes.c.scope)
        self._information = self._of(information, information.c.scope)
        self._releases = self._of(release, None)
        self._rounds = self._of(round_, None)
        self._stays = self._of(phase_spell, None)
        waited = task.c.taken_at.is_not(None)
        dated = (task.c.status == _DONE) & task.c.due_at.is_not(None)
        self._tasks = self._of(task, task.c.scope, waited | dated)
        standing = market_signup.c.withdrawn_at.is_(None)
        self._signups = self._of(market_signup, market_signup.c.scope, standing)
        self._businesses = self._of(business, business.c.scope)
        self._uses = self._of(element_use, element_use.c.scope)
        self._undone = self._of(undone, None)
        self._entries = self._begun()

    def _of(
        self,
        table: sa.Table,
        scope: "sa.ColumnElement[str] | None",
        *where: "sa.ColumnElement[bool]",
    ) -> Rows:
        """The table's rows by procurement, less what is confidential to others than the reader."""
        chosen = self._chosen
        known = () if scope is None else (is_known(scope, chosen.c.id, chosen.c.organisation),)
        query = (
            sa.select(table)
            .select_from(chosen.join(table, table.c.procurement == chosen.c.id))
            .where(*known, *where)
        )
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for row in self._view.connection.execute(query, reader_values(self._view)):
            found[row.procurement].append(row)
        return found

    def _begun(self) -> Rows:
        """Entries that say what forms began with."""
        chosen = self._chosen
        query = (
            sa.select(audit_event.c.chain, audit_event.c.body)
            .select_from(chosen.join(audit_event, audit_event.c.chain == chosen.c.id))
            .where(audit_event.c.seq <= _BEGINNING, audit_event.c.type == "FormPrepared")
        )
        found: defaultdict[str, list[Any]] = defaultdict(list)
        for row in self._view.connection.execute(query, reader_values(self._view)):
            found[row.chain].append(orjson.loads(row.body)["data"])
        return found

    def story(self, row: Any) -> Story:
        """What is told of one procurement."""
        key = row.id
        gone = {each.record for each in self._undone.get(key, ())}
        return Story(
            forms=tuple(
                Handed(each.form, orjson.loads(each.content), each.scope, each.at)
                for each in _in_order(self._forms, key)
                if each.id not in gone
            ),
            decisions=tuple(
                Decided(
                    each.decision,
                    each.option,
                    each.opens,
                    len(each.checks),
                    each.element,
                    each.scope,
                    each.at,
                )
                for each in _in_order(self._decisions, key)
                if each.id not in gone
            ),
            contributions=tuple(
                Given(
                    each.role,
                    each.on_behalf or each.by,
                    each.used,
                    each.reason,
                    each.at,
                    each.answered_at,
                )
                for each in self._contributions.get(key, ())
            ),
            suppliers={each.key: each.status for each in self._suppliers.get(key, ())},
            signed_up=frozenset(each.scope for each in self._signups.get(key, ())),
            tendered=frozenset(each.supplier for each in self._deliveries.get(key, ())),
            businesses={
                each.scope: BusinessRecord(*each) for each in self._businesses.get(key, ())
            },
            meetings=tuple(
                (each.scope, each.ended_at - each.began_at)
                for each in self._meetings.get(key, ())
                if each.began_at and each.ended_at
            ),
            lags=self._lags(key),
            minuted=tuple(_is_confirmed(each) for each in self._minutes.get(key, ())),
            rounds=len(self._rounds.get(key, ())),
            stays=tuple(
                Stay(each.phase, each.entered_at, each.left_at) for each in self._stays.get(key, ())
            ),
            waited=self._waited(row),
            overrun=tuple(
                each.closed_at - each.due_at
                for each in self._tasks.get(key, ())
                if each.due_at and each.closed_at and each.status == _DONE
            ),
            prepared={each["form"]: each["content"] for each in self._entries.get(key, ())},
            set_aside=len(gone),
            began=row.created_at,
            ended=row.ended_at,
            now=self._view.now,
        )

    def _lags(self, key: str) -> tuple[timedelta, ...]:
        released = {each.id: each.at for each in self._releases.get(key, ())}
        return tuple(
            released[each.release] - each.learned_at
            for each in self._information.get(key, ())
            if each.release in released
        )

    def _waited(self, row: Any) -> dict[str, timedelta]:
        """Working time until people took their tasks, and at events that wait."""
        waited: dict[str, timedelta] = {}
        tasks = [each for each in self._tasks.get(row.id, ()) if each.taken_at]
        if tasks:
            spans = (working_time(each.opened_at, each.taken_at) for each in tasks)
            waited["people"] = sum(spans, timedelta())
        uses = self._uses.get(row.id, ())
        if uses:
            definition = self._view.definition(row.definition)
            places = places_of_elements(definition)
            for each in uses:
                process = places.get(each.element)
                info = definition.processes[process].elements[each.element] if process else None
                if info is not None and info.kind in CATCHING:
                    what = "clock" if info.event == "timer" else "others"
                    span = timedelta(seconds=int(each.seconds))
                    waited[what] = waited.get(what, timedelta()) + span
        return waited


def _in_order(rows: Rows, key: str) -> list[Any]:
    return sorted(rows.get(key, ()), key=lambda row: row.seq)


def _is_confirmed(row: Any) -> bool:
    return bool(
        row.state == MinutesState.CONFIRMED
        and row.answered_at is not None
        and row.answered_at - row.sent_at <= MINUTES_WITHIN
    )
