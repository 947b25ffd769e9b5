"""Who is away and who stands in: by itself, in teams, and where tasks are handed out."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.access.policy import Action, allowed
from engine.access.rules import Target
from engine.queries.people import PersonCard, persons_of
from engine.queries.view import Seen, View, names_of
from engine.store import absences, people
from engine.store.absences import AbsenceRecord


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """Days, first and last included. `now` tells that they last today; `substitute` is a name, ""
    for nobody; `may_withdraw` whether the reader can end it."""

    id: str
    person: str
    name: str
    substitute: str
    first: date
    last: date
    now: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Absences:
    """`mine`, those in which I stand in, and for who keeps them for all, those of others.
    `colleagues` are whom one can choose from; `keeps_all` whether the reader enters others'."""

    mine: tuple[AbsenceView, ...]
    standing_in: tuple[AbsenceView, ...]
    others: tuple[AbsenceView, ...]
    colleagues: tuple[PersonCard, ...]
    keeps_all: bool


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a task can be given to; `away_until` is set while she or he is away, with the name
    of who stands in."""

    id: str
    name: str
    away_until: date | None = None
    substitute: str = ""


def absences_of(view: View) -> Absences:
    """For the reader: what lasts or is to come."""
    home, me = view.actor.organisation, view.actor.id
    keeps_all = _may_keep(view, home, "")
    known = absences.of_organisation(view.connection, home, view.today)
    mine = [each for each in known if each.person == me]
    standing = absences.of_substitute(view.connection, me, view.today)
    others = [each for each in known if each.person != me] if keeps_all else []
    return Absences(
        mine=_views(view, mine),
        standing_in=_views(view, standing),
        others=_views(view, others),
        colleagues=persons_of(view, frozenset({home})),
        keeps_all=keeps_all,
    )


def away_in_team(seen: Seen) -> tuple[AbsenceView, ...]:
    """Members who are away now or later; nobody in an earlier moment, of which it is not known."""
    if seen.is_past:
        return ()
    members = {seat.person for seat in seen.team if seen.sees(seat.scope)}
    return _views(seen.view, absences.of_persons(seen.view.connection, members, seen.view.today))


def colleagues(view: View, keys: Collection[str]) -> tuple[Colleague, ...]:
    """These persons by name, and who of them is away today."""
    persons = people.persons(view.connection, sorted(keys))
    away = _away_today(view, persons)
    names = names_of(view, {each.substitute for each in away.values()})
    found = (
        Colleague(
            key,
            person.name,
            away[key].last if key in away else None,
            names.get(away[key].substitute, "") if key in away else "",
        )
        for key, person in persons.items()
    )
    return tuple(sorted(found, key=lambda each: each.name))


def _away_today(view: View, keys: Collection[str]) -> Mapping[str, AbsenceRecord]:
    found = absences.of_persons(view.connection, keys, view.today)
    return {each.person: each for each in found if each.lasts_on(view.today)}


def _views(view: View, found: Iterable[AbsenceRecord]) -> tuple[AbsenceView, ...]:
    records = tuple(found)
    names = names_of(view, {key for each in records for key in (each.person, each.substitute)})
    return tuple(
        AbsenceView(
            id=each.id,
            person=each.person,
            name=names.get(each.person, each.person),
            substitute=names.get(each.substitute, ""),
            first=each.first,
            last=each.last,
            now=each.lasts_on(view.today),
            may_withdraw=_may_keep(view, each.organisation, each.person),
        )
        for each in records
    )


def _may_keep(view: View, organisation: str, person: str) -> bool:
    target = Target(organisation, owner=person)
    return allowed(Action.KEEP_ABSENCES, view.actor, target, view.today) is not None
