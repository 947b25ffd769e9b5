"""What a scenario may expect, each read from the rows a page would read."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson
import sqlalchemy as sa

from engine.clock import OSLO
from engine.procurement.periods import oslo_day
from engine.procurement.ruledata import rule_set
from engine.queries.evaluation import voided_scores
from engine.store import people, records, tasks
from engine.store.schema import audit_event, notice, outbox, procurement, timer

Difference = tuple[str, str]
Expectation = Callable[[sa.Connection, str, Any], Iterator[Difference]]


def compare(
    connection: sa.Connection, key: str, expected: Mapping[str, Any]
) -> Iterator[Difference]:
    """Each expectation that does not hold, with what was found instead."""
    for name, wanted in expected.items():
        check = EXPECTATIONS.get(name)
        if check is None:
            yield f"a known expectation instead of '{name}'", ", ".join(EXPECTATIONS)
        else:
            yield from check(connection, key, wanted)


def _open(connection: sa.Connection, key: str, wanted: list[str]) -> Iterator[Difference]:
    found = sorted({task.element for task in tasks.open_of(connection, key)})
    for element in wanted:
        if element not in found:
            yield f"{element} is open", f"open: {', '.join(found) or 'nothing'}"


def _only_open(connection: sa.Connection, key: str, wanted: list[str]) -> Iterator[Difference]:
    found = sorted({task.element for task in tasks.open_of(connection, key)})
    if found != sorted(wanted):
        yield f"open are exactly {sorted(wanted)}", str(found)


def _not_open(connection: sa.Connection, key: str, wanted: list[str]) -> Iterator[Difference]:
    found = {task.element for task in tasks.open_of(connection, key)}
    for element in wanted:
        if element in found:
            yield f"{element} is not open", "it is"


def _open_in(
    connection: sa.Connection, key: str, wanted: Mapping[str, list[str]]
) -> Iterator[Difference]:
    """Branch → exactly what is open in it."""
    for branch, elements in wanted.items():
        found = sorted(
            task.element for task in tasks.open_of(connection, key) if task.scope == str(branch)
        )
        if found != sorted(elements):
            yield f"open in {branch} are exactly {sorted(elements)}", str(found)


def _due(connection: sa.Connection, key: str, wanted: Mapping[str, str]) -> Iterator[Difference]:
    """Last day of an open task, in Oslo: a period that ends at 24:00 is due on the day before."""
    found = {
        task.element: _last_day(task.due_at)
        for task in tasks.open_of(connection, key)
        if task.due_at
    }
    for element, day in wanted.items():
        if found.get(element) != str(day):
            yield f"{element} is due {day}", str(found.get(element, "no due date"))


def _timers(connection: sa.Connection, key: str, wanted: Mapping[str, str]) -> Iterator[Difference]:
    query = sa.select(timer.c.element, timer.c.due_at).where(timer.c.procurement == key)
    armed: dict[str, list[str]] = {}
    for element, due in connection.execute(query):
        armed.setdefault(element, []).append(_last_day(due))
    for element, day in wanted.items():
        if armed.get(element) != [str(day)]:
            yield f"one timer at {element} that ends {day}", str(armed.get(element, "none"))


def _armed(connection: sa.Connection, key: str, wanted: list[str]) -> Iterator[Difference]:
    """Exactly these timers are live, one each."""
    query = sa.select(timer.c.element).where(timer.c.procurement == key)
    found = sorted(connection.scalars(query))
    if found != sorted(wanted):
        yield f"live timers are exactly {sorted(wanted)}", str(found)


def _last_day(moment: Any) -> str:
    local = moment.astimezone(OSLO)
    if (local.hour, local.minute) == (0, 0):
        local -= timedelta(days=1)
    return str(local.date())


def _row(name: str) -> Expectation:
    def check(connection: sa.Connection, key: str, wanted: Any) -> Iterator[Difference]:
        found = connection.scalar(sa.select(procurement.c[name]).where(procurement.c.id == key))
        if str(found) != str(wanted):
            yield f"{name} is {wanted}", str(found)

    return check


def _suppliers(
    connection: sa.Connection, key: str, wanted: Mapping[str, str]
) -> Iterator[Difference]:
    found = {each.key: each.status for each in records.suppliers(connection, key)}
    for supplier, status in wanted.items():
        if found.get(str(supplier)) != status:
            yield f"supplier {supplier} is {status}", str(found.get(str(supplier), "unknown"))


def _decisions(
    connection: sa.Connection, key: str, wanted: Mapping[str, Any]
) -> Iterator[Difference]:
    """Element → option of the latest decision there, or a list of options in order."""
    made: dict[str, list[str]] = {}
    for each in records.decisions(connection, key):
        made.setdefault(each.element, []).append(each.option)
    for element, options in wanted.items():
        found = made.get(element, [])
        holds = found == options if isinstance(options, list) else found[-1:] == [options]
        if not holds:
            yield f"decided at {element}: {options}", str(found or "nothing")


def _recorded(connection: sa.Connection, key: str, wanted: Any) -> Iterator[Difference]:
    """Event type → how often it stands on record (a list asks for at least once each)."""
    query = (
        sa.select(audit_event.c.type, sa.func.count())
        .where(audit_event.c.chain == key)
        .group_by(audit_event.c.type)
    )
    found = {row[0]: row[1] for row in connection.execute(query)}
    if isinstance(wanted, list):
        for kind in wanted:
            if kind not in found:
                yield f"{kind} is on record", "it is not"
        return
    for kind, count in wanted.items():
        if found.get(kind, 0) != count:
            yield f"{kind} {count} times on record", str(found.get(kind, 0))


def _reasons(connection: sa.Connection, key: str, wanted: list[str]) -> Iterator[Difference]:
    """Each text stands as the reason of some entry."""
    query = sa.select(audit_event.c.body).where(audit_event.c.chain == key)
    found = [orjson.loads(body)["reason"] for body in connection.scalars(query)]
    for text in wanted:
        if not any(text in reason for reason in found):
            yield f"a reason that says «{text}»", "none does"


def _rule_sets(connection: sa.Connection, key: str, wanted: Any) -> Iterator[Difference]:
    """Element → the rules of which day the latest decision there names. A day alone: the rules
    that every decision names since the pinning; those before name the rules of their own day."""
    query = (
        sa.select(audit_event.c.type, audit_event.c.body)
        .where(audit_event.c.chain == key, audit_event.c.type.in_(("DecisionMade", "RulesPinned")))
        .order_by(audit_event.c.seq)
    )
    entries = [(kind, orjson.loads(body)) for kind, body in connection.execute(query)]
    pinned = next((at for at, (kind, _) in enumerate(entries) if kind == "RulesPinned"), -1)
    latest = {each["subject"]["element"]: each for kind, each in entries if kind == "DecisionMade"}
    for number, (kind, each) in enumerate(entries):
        element, named = each["subject"]["element"], each["subject"]["rule_set"]
        if isinstance(wanted, dict):
            day = wanted.get(element) if latest.get(element) is each else None
        else:
            own = oslo_day(datetime.fromisoformat(each["at"]))
            day = wanted if 0 <= pinned < number else own
        if kind == "DecisionMade" and day and named != rule_set(date.fromisoformat(str(day))).id:
            yield f"decided at {element} under the rules of {day}", str(named or "none")
    if isinstance(wanted, dict):
        for element in wanted.keys() - latest.keys():
            yield f"decided at {element}", "nothing"


def _voided(connection: sa.Connection, key: str, wanted: Mapping[str, str]) -> Iterator[Difference]:
    """Exactly these evaluators have scores that stay on record and do not count; each with words
    of the assessment that is why."""
    found = {each.evaluator: each.because for each in voided_scores(connection, key)}
    for person, words in wanted.items():
        if words not in found.get(person, ""):
            yield f"scores of {person} do not count: «{words}»", found.get(person, "they count")
    for person in found.keys() - wanted.keys():
        yield f"scores of {person} count", found[person]


def _submitted(
    connection: sa.Connection, key: str, wanted: Mapping[str, Mapping[str, Any]]
) -> Iterator[Difference]:
    """Form → fields of its newest submission, which may have others besides."""
    for form, fields in wanted.items():
        newest = records.submissions_of(connection, key, form)[-1:]
        content = newest[0].content if newest else {}
        for name, value in fields.items():
            if content.get(name) != value:
                yield f"{form}.{name} is {value}", str(content.get(name, "not on record"))


def _notices(
    connection: sa.Connection, key: str, wanted: Mapping[str, int]
) -> Iterator[Difference]:
    """Subtype → newest version of its one notice: one id, and every version once."""
    query = (
        sa.select(notice.c.subtype, notice.c.id, notice.c.version)
        .where(notice.c.procurement == key)
        .order_by(notice.c.version)
    )
    found: dict[str, list[tuple[str, int]]] = {}
    for subtype, identity, number in connection.execute(query):
        found.setdefault(subtype, []).append((identity, number))
    for subtype, version in wanted.items():
        sent = found.get(str(subtype), [])
        if len({identity for identity, _ in sent}) > 1:
            yield f"one notice {subtype}", f"several: {sent}"
        if [number for _, number in sent] != list(range(1, version + 1)):
            newest = sent[-1][1] if sent else 0
            yield f"notice {subtype} in version {version}", str(newest)


def _letters(
    connection: sa.Connection, key: str, wanted: Mapping[str, int]
) -> Iterator[Difference]:
    query = (
        sa.select(outbox.c.kind, sa.func.count())
        .where(outbox.c.procurement == key)
        .group_by(outbox.c.kind)
    )
    found = {row[0]: row[1] for row in connection.execute(query)}
    for kind, count in wanted.items():
        if found.get(kind, 0) != count:
            yield f"{count} letters of kind {kind}", str(found.get(kind, 0))


def _orphans(connection: sa.Connection, key: str, wanted: list[str]) -> Iterator[Difference]:
    """Open tasks that nobody in the team has the role for."""
    team = people.team(connection, key)
    found = sorted(
        {
            task.element
            for task in tasks.open_of(connection, key)
            if not any(
                seat.role == task.candidate and seat.scope in ("", task.scope) for seat in team
            )
        }
    )
    if found != sorted(wanted):
        yield f"tasks that nobody may do are exactly {sorted(wanted)}", str(found)


EXPECTATIONS: Final[Mapping[str, Expectation]] = {
    "open": _open,
    "only-open": _only_open,
    "not-open": _not_open,
    "open-in": _open_in,
    "due": _due,
    "timers": _timers,
    "armed": _armed,
    "status": _row("status"),
    "phase": _row("phase"),
    "outcome": _row("outcome"),
    "rules-at": _row("rules_at"),
    "suppliers": _suppliers,
    "decisions": _decisions,
    "recorded": _recorded,
    "reasons": _reasons,
    "rule-sets": _rule_sets,
    "submitted": _submitted,
    "voided": _voided,
    "notices": _notices,
    "letters": _letters,
    "orphans": _orphans,
}
