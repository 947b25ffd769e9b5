"""Makes plans: the happy path from where a procurement stands, laid out day by day.

Pure: the same facts at the same moment give the same plan.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from engine.model.definition import ElementInfo, ProcessDefinition
from engine.procurement.calendar import ONE_DAY, next_working_day, working_days_between
from engine.procurement.happy_path import (
    Evaluate,
    Fork,
    Guide,
    Stop,
    Way,
    happy_path,
    opening_options,
    stops_of,
)
from engine.procurement.periods import oslo_day
from engine.procurement.plan import (
    Bar,
    BarKind,
    Milestone,
    OpenFact,
    PastFact,
    Plan,
    PlanFacts,
    Repetition,
)
from engine.procurement.planning import AS_IT_IS, Assumptions, Choice, Repeat, assumptions
from engine.procurement.text import LANGUAGES, Text
from engine.procurement.time_limits import TimeLimit, time_limit

_WORK = ("userTask", "manualTask")
_INSTANT = timedelta(microseconds=1)
_CALL = re.compile(r'time_limit\(\s*"([\w-]+)"\s*,\s*([A-Za-z_]\w*)\s*\)')
_PERIOD = re.compile(r"P(\d{1,4})([DWMY])")
_DAYS = {"D": 1, "W": 7, "M": 30, "Y": 365}


def last_day(value: Any) -> date | None:
    """The last day before a moment: 24:00 belongs to the day it ends. None for no date."""
    moment = _read(value) if isinstance(value, str) else value
    if isinstance(moment, datetime):
        return oslo_day(moment - _INSTANT) if moment.tzinfo else date(*moment.timetuple()[:3])
    return moment if isinstance(moment, date) else None


def _read(text: str) -> date | datetime | None:
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def _count(value: Any) -> int | None:
    """A whole number of turns, as process data has it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if value >= 1 else None


def _calendar_days(period: str) -> int | None:
    """The days of a plain ISO 8601 period; months and years as they are on average."""
    found = _PERIOD.fullmatch(period.strip())
    return int(found[1]) * _DAYS[found[2]] if found else None


def _with_law(bar: Bar, limit: TimeLimit) -> Bar:
    return replace(
        bar,
        rule=limit.rule_id,
        citation=limit.citation,
        verified=limit.verified,
        why=_why(limit),
    )


def _why(limit: TimeLimit) -> Text:
    return {language: " ".join(limit.explain(language)) for language in LANGUAGES}


def make_plan(
    definition: ProcessDefinition,
    facts: PlanFacts,
    evaluate: Evaluate,
    *,
    start: date | None = None,
    choice: Choice = AS_IT_IS,
    assumed: Assumptions | None = None,
) -> Plan:
    """The plan as it stands at `facts.now`.

    `start` is the day on which a procurement that has not begun does. Raises what the rules raise
    where they have no row for the day (`RejectedError`).
    """
    return _Planner(definition, facts, evaluate, start, choice, assumed or assumptions()).make()


class _Planner:
    """One plan in the making. `_at` is the day on which the last thing ended; `_fresh` says that
    nothing has been done on it yet, so that work can begin the same day."""

    def __init__(
        self,
        definition: ProcessDefinition,
        facts: PlanFacts,
        evaluate: Evaluate,
        start: date | None,
        choice: Choice,
        assumed: Assumptions,
    ) -> None:
        self._definition, self._facts, self._choice = definition, facts, choice
        self._evaluate, self._assumed = evaluate, assumed
        self._today = oslo_day(facts.now)
        self._procedure = choice.procedure or facts.procedure
        self._begun = bool(facts.active or facts.past or facts.over)
        self._at = self._today if self._begun else (start or self._today)
        self._fresh = True
        self._days: dict[str, date] = {}
        self._facts_of: set[str] = set()
        self._same: dict[str, str] = {}
        self._limits: dict[str, TimeLimit] = {}
        self._decided: dict[str, date] = {}
        self._waits: dict[str, tuple[date, date, Bar]] = {}
        self._open: set[tuple[str, str]] = set()

    def make(self) -> Plan:
        self._take_facts()
        repeats = self._repeats()
        way = happy_path(self._guide(repeats))
        past = [self._past_bar(each) for each in self._facts.past if self._is_shown(each)]
        ahead = [] if self._facts.over else [*self._schedule(self._from_here(way))]
        aside = [] if self._facts.over else [*self._aside()]
        bars = (*past, *sorted([*aside, *ahead], key=lambda bar: bar.start))
        first = min((bar.start for bar in bars), default=self._at)
        last = max((bar.end for bar in bars), default=self._at)
        ahead_of = {stop.repeat for stop in stops_of(way)}
        return Plan(
            start=first,
            end=last,
            today=self._today,
            procedure=self._procedure,
            bars=bars,
            milestones=tuple(sorted(self._milestones(), key=lambda each: each.day)),
            repetitions=tuple(
                Repetition(repeat.id, repeat.title, planned, now)
                for repeat, now, planned in repeats.values()
                if repeat.id in ahead_of
            ),
        )

    # What is known

    def _take_facts(self) -> None:
        for name, value in self._facts.variables.items():
            day = last_day(value)
            if day is not None:
                self._days[name] = day
                self._facts_of.add(name)
        self._forget_deadlines_too_short()
        self._decided |= self._facts.decided
        for past in self._facts.past:
            element = self._element(past.process, past.element)
            if element is None:
                continue
            for name in self._moments_set_by(element):
                if name not in self._days:
                    self._days[name] = past.last
                    self._facts_of.add(name)
            if element.timer is not None:
                self._remember_wait(element, past.last, self._past_bar(past))

    def _forget_deadlines_too_short(self) -> None:
        """A deadline below the legal minimum cannot stand while its notice is still to be sent."""
        for name, assumed in self._assumed.deadlines.items():
            start = self._days.get(assumed.start)
            rule = assumed.rules.get(self._procedure, "")
            if name not in self._facts_of or not rule or start is None or start < self._today:
                continue
            if self._limit(rule, start).period.legal_last_day > self._days[name]:
                self._facts_of.discard(name)
                del self._days[name]

    def _element(self, process: str, element: str) -> ElementInfo | None:
        found = self._definition.processes.get(process)
        return found.elements.get(element) if found else None

    def _repeats(self) -> dict[str, tuple[Repeat, int, int]]:
        found = {}
        for repeat in self._assumed.repeats:
            now = _count(self._facts.variables.get(repeat.counter)) or 1
            active = any(element == repeat.first for _, element in self._facts.active)
            rows = self._facts.rows.get((repeat.known_form, repeat.known_rows))
            known = _count(self._facts.variables.get(repeat.known)) or rows or repeat.planned
            planned = self._choice.repeats.get(repeat.id, known)
            found[repeat.first] = (repeat, now, max(now, planned) if active else planned)
        return found

    def _guide(self, repeats: Mapping[str, tuple[Repeat, int, int]]) -> Guide:
        known: dict[str, Any] = {
            name: value for name, value in self._facts.variables.items() if isinstance(value, bool)
        }
        known |= opening_options(self._definition)
        known["procedure"] = self._procedure
        active = {element for _, element in self._facts.active}
        left_out = {
            key
            for key, days in self._assumed.days.items()
            if days + self._choice.extra.get(key, 0) <= 0 and key not in active
        }
        return Guide(self._definition, known, self._evaluate, repeats, frozenset(left_out))

    # Where it stands

    def _from_here(self, way: Way) -> Way:
        """What is left: from the first stop that holds a token on, or all of it before the start.
        Where tokens stand beside the way, from the place they lead back to."""
        if not self._begun:
            return way
        here = self._here(way, self._facts.active)
        if here is None:
            here = self._here(way, self._places_ahead())
        return here or ()

    def _here(self, way: Way, active: frozenset[tuple[str, str]]) -> Way | None:
        for number, item in enumerate(way):
            if isinstance(item, Stop):
                if self._holds(item, active):
                    return way[number:]
                continue
            branches = [self._here(branch, active) for branch in item.ways]
            if any(branch is not None for branch in branches):
                left = tuple(branch for branch in branches if branch is not None)
                return (Fork(left), *way[number + 1 :])
        return None

    def _holds(self, stop: Stop, active: frozenset[tuple[str, str]]) -> bool:
        """Whether a token stands here, and in everything around; what encloses others does not
        count for itself."""
        if stop.element.kind in ("callActivity", "subProcess"):
            return False
        around = {element for _, element in active}
        return (stop.process, stop.element.id) in active and around.issuperset(stop.path)

    def _places_ahead(self) -> frozenset[tuple[str, str]]:
        """The tokens, and every element that flows lead them to."""
        found = set(self._facts.active)
        todo = list(found)
        while todo:
            process, element = todo.pop()
            for flow in self._definition.processes[process].flows:
                if flow.source == element and (process, flow.target) not in found:
                    found.add((process, flow.target))
                    todo.append((process, flow.target))
        return frozenset(found)

    # From day to day

    def _schedule(self, way: Way) -> Iterator[Bar]:
        for item in way:
            if isinstance(item, Stop):
                yield from self._stop(item)
                continue
            at, fresh, ends = self._at, self._fresh, [(self._at, self._fresh)]
            for branch in item.ways:
                self._at, self._fresh = at, fresh
                yield from self._schedule(branch)
                ends.append((self._at, self._fresh))
            self._at = max(day for day, _ in ends)
            self._fresh = fresh and self._at == at and all(still for _, still in ends)

    def _stop(self, stop: Stop) -> Iterator[Bar]:
        element = stop.element
        for given in element.call_inputs:
            self._same[given.variable] = self._same.get(given.value, given.value)
        if element.kind in _WORK:
            yield self._work(stop)
        elif element.timer is not None and element.kind == "intermediateCatchEvent":
            yield from self._wait(stop)
        for name in self._moments_set_by(element):
            if name not in self._facts_of:
                self._days[name] = self._at

    def _moments_set_by(self, element: ElementInfo) -> Iterator[str]:
        """Variables that get the moment at which the element is done."""
        for output in element.outputs:
            if self._is_moment(output.variable) and output.variable not in self._assumed.deadlines:
                yield output.variable

    def _is_moment(self, name: str) -> bool:
        return any(
            variable.name == name and variable.type in ("date-time", "date")
            for process in self._definition.processes.values()
            for variable in process.variables
        )

    def _work(self, stop: Stop) -> Bar:
        days = max(1, self._planned_days(stop.element) + self._choice.extra.get(stop.element.id, 0))
        fact = self._fact_of(stop)
        if fact is not None:
            self._open.add((fact.process, fact.element))
            first = fact.since
            end = max(self._today, self._after_working_days(first, days))
        else:
            first = next_working_day(self._at if self._fresh else self._at + ONE_DAY)
            end = self._after_working_days(first, days)
        self._move_to(end)
        bar = self._bar(stop, BarKind.OPEN if fact else BarKind.PLANNED, first, end)
        if stop.element.gate is not None and stop.element.gate.decision not in self._facts.decided:
            self._decided.setdefault(stop.element.gate.decision, end)
        if fact is not None:
            return replace(bar, latest=fact.due, citation=fact.citation, why=fact.why)
        return self._with_limit(bar, stop.element)

    def _fact_of(self, stop: Stop) -> OpenFact | None:
        if (stop.process, stop.element.id) in self._open or not self._holds(
            stop, self._facts.active
        ):
            return None
        found = [
            each
            for each in self._facts.open
            if (each.process, each.element) == (stop.process, stop.element.id)
        ]
        if not found:
            return None
        dues = [each.due for each in found if each.due is not None]
        return replace(
            found[0], since=min(each.since for each in found), due=max(dues, default=None)
        )

    def _planned_days(self, element: ElementInfo) -> int:
        """Working days: the assumption, else what the model gives the task, else the usual."""
        if element.id in self._assumed.days:
            return self._assumed.days[element.id]
        given = _calendar_days(element.due.value) if element.due and element.due.value else None
        if given is not None:
            return max(1, round(given * 5 / 7))
        return self._assumed.gate_days if element.gate else self._assumed.default_days

    def _with_limit(self, bar: Bar, element: ElementInfo) -> Bar:
        """With the last day that the law allows, where the task's due date is a rule."""
        if element.due is None or not element.due.rule:
            return bar
        start = self._day(element.due.start or "")
        found = self._limit(element.due.rule, start or bar.start)
        return _with_law(replace(bar, latest=found.period.latest_act), found)

    def _wait(self, stop: Stop) -> Iterator[Bar]:
        """A wait: a legal period, a moment that people have set, or a plain period."""
        fact = self._fact_of(stop)
        source = stop.element.timer.value if stop.element.timer else ""
        first = fact.since if fact else self._at + (timedelta(0) if self._fresh else ONE_DAY)
        end, found = self._end_of_wait(source)
        extra = max(0, self._choice.extra.get(stop.element.id, 0)) if fact is None else 0
        if fact is not None:
            self._open.add((fact.process, fact.element))
            end = max(fact.due or self._today, self._today)
        elif extra and end is not None:
            end = self._after_working_days(end + ONE_DAY, extra)
        if end is None:
            return
        bar = self._bar(stop, BarKind.LEGAL if found else BarKind.WAITING, min(first, end), end)
        if found is not None:
            bar = _with_law(bar, found)
        elif fact is not None:
            bar = replace(bar, citation=fact.citation, why=fact.why)
        is_over = end <= self._at and fact is None
        self._move_to(max(end, self._at), is_done=not is_over)
        self._remember_wait(stop.element, end, bar)
        name = self._same.get(source, source)
        if name in self._assumed.deadlines and name not in self._facts_of:
            self._days[name] = end
        if not is_over:
            yield bar

    def _end_of_wait(self, source: str) -> tuple[date | None, TimeLimit | None]:
        """The last day of the wait, and the rule it rests on where it is a legal minimum."""
        name = self._same.get(source, source)
        if name in self._facts_of or (name in self._days and name in self._assumed.deadlines):
            return self._days[name], self._limits.get(name)
        if name in self._assumed.deadlines:
            return self._deadline(name)
        if self._is_moment(name):  # people choose it, and the earliest is when it is waited for
            self._days[name] = self._at
            return None, None
        days = _calendar_days(source)
        if days is not None:
            return self._at + timedelta(days=days), None
        return self._by_expression(source)

    def _deadline(self, name: str) -> tuple[date, TimeLimit | None]:
        assumed = self._assumed.deadlines[name]
        rule = assumed.rules.get(self._procedure, "")
        if rule:
            found = self._limit(rule, self._day(assumed.start) or self._at)
            self._limits[name] = found
            self._days[name] = found.period.legal_last_day
            return self._days[name], found
        days = assumed.days + self._choice.extra.get(name, 0)
        self._days[name] = self._after_working_days(self._at + ONE_DAY, max(1, days))
        return self._days[name], None

    def _by_expression(self, source: str) -> tuple[date | None, TimeLimit | None]:
        """A `time_limit` is counted from the day its moment is expected; else what FEEL gives."""
        call = _CALL.search(source)
        if call is not None:
            found = self._limit(call[1], self._day(call[2]) or self._at)
            return found.period.legal_last_day, found
        return last_day(self._evaluate(source, dict(self._days))), None

    def _day(self, name: str) -> date | None:
        return self._days.get(self._same.get(name, name))

    def _limit(self, rule: str, start: date) -> TimeLimit:
        return time_limit(rule, start, self._facts.rules_at)

    def _after_working_days(self, first: date, days: int) -> date:
        """The last of `days` working days from `first` on."""
        day = next_working_day(first)
        for _ in range(days - 1):
            day = next_working_day(day + ONE_DAY)
        return day

    def _move_to(self, day: date, *, is_done: bool = True) -> None:
        self._at, self._fresh = max(self._at, day), self._fresh and not is_done

    # What is shown

    def _bar(self, stop: Stop, kind: BarKind, first: date, end: date) -> Bar:
        return Bar(
            key=stop.key,
            phase=stop.phase,
            process=stop.process,
            element=stop.element.id,
            kind=kind,
            start=first,
            end=end,
            working_days=working_days_between(first, end),
            round=stop.round,
        )

    def _is_shown(self, fact: PastFact) -> bool:
        """Work of people and waits have bars; what is done by itself takes no time."""
        element = self._element(fact.process, fact.element)
        return element is not None and (element.kind in _WORK or element.timer is not None)

    def _past_bar(self, fact: PastFact) -> Bar:
        return Bar(
            key=f"past/{fact.process}/{fact.element}",
            phase=fact.phase,
            process=fact.process,
            element=fact.element,
            kind=BarKind.PAST,
            start=fact.first,
            end=fact.last,
            working_days=working_days_between(fact.first, fact.last),
        )

    def _aside(self) -> Iterator[Bar]:
        """Open work that lies beside the way, such as a complaint that is being answered."""
        for fact in self._facts.open:
            if (fact.process, fact.element) in self._open:
                continue
            end = max(self._today, fact.due or self._today)
            yield Bar(
                key=f"aside/{fact.process}/{fact.element}",
                phase=fact.phase,
                process=fact.process,
                element=fact.element,
                kind=BarKind.OPEN,
                start=fact.since,
                end=end,
                working_days=working_days_between(fact.since, end),
                latest=fact.due,
                citation=fact.citation,
                why=fact.why,
            )

    def _remember_wait(self, element: ElementInfo, end: date, bar: Bar) -> None:
        source = element.timer.value if element.timer else ""
        for kind in self._assumed.milestones:
            if kind.wait and kind.wait in source:
                passed = end if bar.kind is BarKind.PAST else max(end, self._at)
                self._waits[kind.id] = (end, passed, bar)

    def _milestones(self) -> Iterator[Milestone]:
        found: dict[str, Milestone] = {}
        for kind in self._assumed.milestones:
            milestone: Milestone | None = None
            if kind.wait and kind.id in self._waits:
                end, _, bar = self._waits[kind.id]
                fact = bar.kind is BarKind.PAST
                milestone = Milestone(kind.id, end, fact, bar.rule, bar.citation)
            elif kind.decision and kind.decision in self._decided:
                fact = kind.decision in self._facts.decided
                milestone = Milestone(kind.id, self._decided[kind.decision], fact)
            elif kind.day_after and kind.day_after in found:
                passed = self._waits[kind.day_after][1]
                milestone = replace(found[kind.day_after], id=kind.id, day=passed + ONE_DAY)
            elif kind.variable and kind.variable in self._days:
                called = kind.called.get(self._facts.procedure, kind.id)
                milestone = self._of_variable(called, kind.variable, kind.limit)
            if milestone is not None:
                found[kind.id] = milestone
        yield from found.values()

    def _of_variable(self, key: str, variable: str, limit: str) -> Milestone:
        day, fact = self._days[variable], variable in self._facts_of
        if limit:
            found = self._limit(limit, day)
            return Milestone(key, found.period.latest_act, False, limit, found.citation)
        minimum = self._limits.get(variable)
        return Milestone(
            key,
            day,
            fact,
            minimum.rule_id if minimum else "",
            minimum.citation if minimum else "",
        )
