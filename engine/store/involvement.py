"""Who was involved before the competition, how, and what is done so that the lead does not count.

FOA § 12-2, Directive 2014/24/EU art. 41. Gathered from what is on record: sign-ups that gave input,
meetings that were held, and those whom the forms declare to have advised or prepared.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.model.meeting import MeetingStatus
from engine.procurement.reading import entries, said
from engine.store import market, meetings, records
from engine.store.firms import supplier_names

_MARKET_MEETING = "market_121"


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody was involved: `kind` is sign-up, input, meeting, adviser or declared; `what` in
    words, "" where there are none."""

    kind: str
    at: datetime
    what: str = ""


@dataclass(frozen=True, slots=True)
class Measure:
    """`kind` is one of the form that levels the field (F-08), "" where it is in words alone."""

    kind: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Involved:
    """One business or person. `due` tells that it had a say and nothing is done about it yet."""

    name: str
    ways: tuple[Way, ...]
    measures: tuple[Measure, ...]

    @property
    def due(self) -> bool:
        had_a_say = any(each.kind != "sign-up" for each in self.ways)
        return had_a_say and not self.measures


@dataclass(slots=True)
class _Gathering:
    """`sees` says of a supplier's key whether its matter may be told."""

    connection: sa.Connection
    procurement: str
    sees: Callable[[str], bool]
    names: dict[str, str] = field(default_factory=dict)
    ways: "defaultdict[str, list[Way]]" = field(default_factory=lambda: defaultdict(list))
    measures: "defaultdict[str, list[Measure]]" = field(default_factory=lambda: defaultdict(list))

    def add(self, name: str, way: Way) -> None:
        if name.strip():
            self.ways[self._key(name)].append(way)

    def level(self, name: str, measure: Measure) -> None:
        if name.strip() and (measure.kind or measure.what):
            self.measures[self._key(name)].append(measure)

    def _key(self, name: str) -> str:
        key = " ".join(name.split()).casefold()
        self.names.setdefault(key, name.strip())
        return key

    def people(self) -> Iterator[Involved]:
        for key in sorted(self.names):
            ways = sorted(self.ways[key], key=lambda each: each.at)
            yield Involved(self.names[key], tuple(ways), tuple(self.measures[key]))


def involved_in(
    connection: sa.Connection, procurement: str, sees: Callable[[str], bool]
) -> tuple[Involved, ...]:
    """Everybody on record whose matter may be told, by name."""
    found = _Gathering(connection, procurement, sees)
    names = supplier_names(connection, procurement)
    _from_market(found, names)
    _from_meetings(found, names)
    _from_forms(found)
    return tuple(found.people())


def _from_market(found: _Gathering, names: Mapping[str, str]) -> None:
    connection, key = found.connection, found.procurement
    for each in market.signups_of(connection, key):
        if found.sees(each.scope):
            found.add(each.organisation, Way("sign-up", each.at))
    for given in market.inputs_of(connection, key):
        if found.sees(given.scope):
            found.add(names.get(given.scope, given.scope), Way("input", given.at))


def _from_meetings(found: _Gathering, names: Mapping[str, str]) -> None:
    """Meetings held before the competition: those of the market dialogue, and those with minutes
    of the kind."""
    connection, key = found.connection, found.procurement
    for each in meetings.meetings_of(connection, key):
        is_held = (each.kind, each.status) == ("market", MeetingStatus.HELD)
        if is_held and each.began_at is not None and found.sees(each.scope):
            found.add(names.get(each.scope, each.scope), Way("meeting", each.began_at))
    for minutes in records.submissions_of(connection, key, "meeting-minutes"):
        if said(minutes.content, "type") == _MARKET_MEETING and found.sees(minutes.scope):
            supplier = said(minutes.content, "supplier") or minutes.scope
            when = said(minutes.content, "start")
            at = datetime.fromisoformat(when) if when else minutes.at
            found.add(names.get(supplier, supplier), Way("meeting", at))


def _from_forms(found: _Gathering) -> None:
    """Advisers and others whom the market report and the levelling (F-08) and the assessment of
    prior involvement name, with what is done about each."""
    for report, at in _newest(found, "market-report"):
        for row in entries(report, "advisers"):
            found.add(said(row, "name"), Way("adviser", at, said(row, "advice")))
            found.level(said(row, "name"), Measure("", said(row, "countermeasure"), at))
    for levelling, at in _newest(found, "level-field"):
        for row in entries(levelling, "advisers"):
            found.add(said(row, "name"), Way("adviser", at))
            found.level(said(row, "name"), Measure(said(row, "measure"), said(row, "reason"), at))
    for each in records.submissions_of(found.connection, found.procurement, "prior-involvement"):
        if found.sees(each.scope):
            who = said(each.content, "who")
            found.add(who, Way("declared", each.at, said(each.content, "did")))
            for row in entries(each.content, "measures"):
                found.level(who, Measure("", said(row, "knowledge"), each.at))


def _newest(found: _Gathering, form: str) -> Iterator[tuple[Any, datetime]]:
    every = records.submissions_of(found.connection, found.procurement, form)
    shown = [each for each in every if found.sees(each.scope)]
    if shown:
        yield shown[-1].content, shown[-1].at
