"""Ten indicators of innovation, participation and dialogue, from process data alone.

Each has a few measures with a unit, and each measure says where in the record it stands; what the
record does not hold yet is missing and says why, never 0. Source: the domain brief's ten
indicators, which answer the research questions of the PIVOTAL pre-project.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median
from typing import Any, Final

from engine.model.business import BusinessRecord
from engine.procurement.periods import oslo_day
from engine.procurement.signals import how_share, says_how
from engine.procurement.voices import FEWEST

MINUTES_WITHIN: Final = timedelta(days=5)
"""So soon after a meeting its minutes are to be confirmed."""
_AMBITION: Final = {"none": 0, "new_to_org": 1, "improved_market": 2, "new_to_market": 3}
_GROUP_OF_ROLE: Final = {
    "employee": "employee",
    "union-representative": "union",
    "safety-representative": "safety",
    "citizen": "citizen",
    "user-organisation": "user_org",
    "research": "research",
    "other-buyer": "other_buyer",
}
_AMBITION_STAGES: Final = (
    ("procurement-documents", "documents", "documents-ambition"),
    ("contract", "contract", "contract-ambition"),
)
"""Where ambition is stated after the need: in the newest documents, and in the least ambitious of
the contracts."""
_DEMAND: Final = ("minimum_requirements", "other_requirements")
_GO: Final = frozenset({"go", "go-with-change", "call-off"})
_STOP: Final = frozenset({"terminate", "terminate-all", "stop"})
_BUY: Final = "buy"
UNSTATED: Final = "traits"
"""What is missing where suppliers are known, but nothing of them."""
_UPHELD: Final = frozenset({"upheld", "partly"})


class Unit(StrEnum):
    LEVEL = "level"  # 0 to 3, as F-01 has it
    NUMBER = "number"
    PERCENT = "percent"
    DAYS = "days"
    HOURS = "hours"  # of working time
    RATIO = "ratio"  # 0 for alike, towards 1 for unlike


@dataclass(frozen=True, slots=True)
class Handed:
    """A form that was handed in and counts."""

    form: str
    content: Mapping[str, Any]
    scope: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decided:
    decision: str
    option: str
    opens: bool
    checks: int
    element: str
    scope: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Given:
    """A contribution that stands; `by` is whose words it holds, as far as that is known."""

    role: str
    by: str
    used: str
    reason: str
    at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in a phase; `left` is None while it lasts."""

    phase: str
    entered: datetime
    left: datetime | None


@dataclass(frozen=True, slots=True)
class Story:
    """What one reader may know of one procurement. Forms and decisions in the order in which they
    were made.

    `signed_up` are the scopes that the market dialogue has; `tendered` suppliers whose deliveries
    are open; `businesses` what is known of suppliers by scope; `meetings` are supplier and length
    of those held; `lags` how long what one learned waited until all had it; `minuted` whether
    minutes were confirmed in time; `prepared` what forms began with; `waited` working time by what
    was waited for (people, others, clock); `overrun` how long after their due dates tasks were
    done, less than nothing before them; `set_aside` counts what rewinds took back.
    """

    forms: tuple[Handed, ...]
    decisions: tuple[Decided, ...]
    contributions: tuple[Given, ...]
    suppliers: Mapping[str, str]
    signed_up: frozenset[str]
    tendered: frozenset[str]
    businesses: Mapping[str, BusinessRecord]
    meetings: tuple[tuple[str, timedelta], ...]
    lags: tuple[timedelta, ...]
    minuted: tuple[bool, ...]
    rounds: int
    stays: tuple[Stay, ...]
    waited: Mapping[str, timedelta]
    overrun: tuple[timedelta, ...]
    prepared: Mapping[str, Mapping[str, Any]]
    set_aside: int
    began: datetime
    ended: datetime | None
    now: datetime

    def newest(self, form: str) -> Mapping[str, Any] | None:
        """The newest version that is for all suppliers, or of any where none is."""
        found = [each.content for each in self.forms if each.form == form]
        return found[-1] if found else None

    def first(self, form: str) -> Mapping[str, Any] | None:
        return next((each.content for each in self.forms if each.form == form), None)

    def all(self, form: str) -> list[Handed]:
        return [each for each in self.forms if each.form == form]


@dataclass(frozen=True, slots=True)
class Measured:
    """`value` is None where the record does not tell, and `missing` says what it lacks. A count of
    people below five is `few`: its number is kept back."""

    key: str
    unit: Unit
    value: float | None
    missing: str = ""
    few: bool = False


@dataclass(frozen=True, slots=True)
class Indicator:
    number: int
    measures: tuple[Measured, ...]


def indicators(story: Story) -> tuple[Indicator, ...]:
    """All ten, in their order."""
    return tuple(
        Indicator(number, tuple(measure(story)))
        for number, measure in enumerate(_MEASURES, start=1)
    )


def gini(values: Sequence[float]) -> float | None:
    """How unevenly something is shared: 0 for alike, towards 1 when one has all; None for fewer
    than two or nothing to share (Gini 1912, on the values as they are)."""
    total = sum(values)
    if len(values) < 2 or total <= 0:
        return None
    ordered = sorted(values)
    weighted = sum(number * value for number, value in enumerate(ordered, start=1))
    return 2 * weighted / (len(ordered) * total) - (len(ordered) + 1) / len(ordered)


def _share(part: float, whole: float) -> float | None:
    return 100 * part / whole if whole else None


def _measured(key: str, unit: Unit, value: float | None, missing: str) -> Measured:
    return Measured(key, unit, value, "" if value is not None else missing)


def _ambition(story: Story) -> Iterable[Measured]:
    need = story.newest("need")
    level = _AMBITION.get(str(need.get("innovation_ambition"))) if need else None
    yield _measured("ambition", Unit.LEVEL, level, "need")
    codes = len(need.get("bt776", ())) if need else None
    yield _measured("codes", Unit.NUMBER, codes, "need")
    how = how_share(str(need.get("need", ""))) if need else None
    yield _measured("how-words", Unit.PERCENT, how, "need")
    demands = [
        row for name in _DEMAND for row in _rows(story.newest("procurement-documents"), name)
    ]
    functional = sum(not says_how(str(row.get("text", ""))) for row in demands)
    yield _measured("functional", Unit.PERCENT, _share(functional, len(demands)), "documents")
    value = story.newest("estimated-value")
    research = _share(_number(value, "rd_max") or 0, _number(value, "total") or 0)
    yield _measured("research", Unit.PERCENT, research, "estimate")


def _ambition_kept(story: Story) -> Iterable[Measured]:
    needs = _levels(story, "need")
    drop = needs[0] - needs[-1] if needs else None
    yield _measured("ambition-drop", Unit.LEVEL, drop, "need")
    before = needs[-1] if needs else None
    for form, stage, missing in _AMBITION_STAGES:
        levels = _levels(story, form)
        at = (levels[-1] if form == "procurement-documents" else min(levels)) if levels else None
        yield _measured(f"ambition-{stage}", Unit.LEVEL, at, missing)
        lost = before - at if before is not None and at is not None else None
        yield _measured(f"ambition-lost-{stage}", Unit.LEVEL, lost, missing)
        before = before if at is None else at
    versions = story.all("procurement-documents")
    first = _demand_ids(versions[0].content) if versions else set()
    last = _demand_ids(versions[-1].content) if versions else set()
    kept = _share(len(first & last), len(first)) if versions else None
    yield _measured("demands-kept", Unit.PERCENT, kept, "documents")
    removed = len(first - last) if versions else None
    yield _measured("demands-removed", Unit.NUMBER, removed, "documents")


def _levels(story: Story, form: str) -> list[int]:
    """The ambition that versions of a form state, the oldest first."""
    stated = (str(each.content.get("innovation_ambition")) for each in story.all(form))
    return [_AMBITION[each] for each in stated if each in _AMBITION]


def _demand_ids(content: Mapping[str, Any]) -> set[str]:
    return {str(row.get("id")) for name in _DEMAND for row in _rows(content, name)}


def _breadth(story: Story) -> Iterable[Measured]:
    heard = _groups_heard(story)
    planned = _groups_planned(story)
    yield _measured(
        "groups-heard", Unit.NUMBER, len(heard) if heard or planned else None, "participation"
    )
    yield _measured("groups-planned", Unit.NUMBER, len(planned) if planned else None, "affected")
    share = _share(len(heard & planned), len(planned))
    yield _measured("breadth", Unit.PERCENT, share, "affected")
    people = len({each.by for each in story.contributions if each.by and each.role})
    if 0 < people < FEWEST:
        yield Measured("people", Unit.NUMBER, None, "few", few=True)
    else:
        yield _measured("people", Unit.NUMBER, people or None, "contributions")


def _groups_heard(story: Story) -> set[str]:
    by_form = {str(each.content.get("group")) for each in story.all("participation-input")}
    by_role = {_GROUP_OF_ROLE.get(each.role, each.role) for each in story.contributions}
    return (by_form | by_role) - {"", "None"}


def _groups_planned(story: Story) -> set[str]:
    affected = _rows(story.newest("need"), "affected")
    plan = _rows(story.newest("participation"), "activities")
    return {str(row["group"]) for row in (*affected, *plan) if row.get("group")}


def _influence(story: Story) -> Iterable[Measured]:
    answers = [
        (str(row.get("used")), str(row.get("reason_if_not_used") or ""), None)
        for form in story.all("participation-answer")
        for row in _rows(form.content, "answers")
    ]
    given = [
        (each.used, each.reason, each.answered_at - each.at if each.answered_at else None)
        for each in story.contributions
    ]
    every = [*answers, *given]
    answered = [each for each in every if each[0] in {"yes", "partly", "no"}]
    used = sum(each[0] in {"yes", "partly"} for each in answered)
    yield _measured("influence", Unit.PERCENT, _share(used, len(every)), "contributions")
    yield _measured("answered", Unit.PERCENT, _share(len(answered), len(every)), "contributions")
    waits = [each[2].total_seconds() / 86400 for each in given if each[2] is not None]
    yield _measured("days-to-answer", Unit.DAYS, median(waits) if waits else None, "answers")
    unused = [each for each in answered if each[0] != "yes"]
    reasoned = _share(sum(bool(each[1].strip()) for each in unused), len(unused))
    yield _measured("reasoned", Unit.PERCENT, reasoned, "unused")


def _reach(story: Story) -> Iterable[Measured]:
    """The funnel from market dialogue to award, and at each stage how many of the suppliers are
    small or medium-sized, start-ups and new to the buyer, of those of whom it is known."""
    stages = tuple(_funnel(story))
    for stage, suppliers, missing in stages:
        yield _measured(stage, Unit.NUMBER, len(suppliers) or None, missing)
        for trait, has in _TRAITS.items():
            known = [each for each in map(story.businesses.get, suppliers) if each is not None]
            said = [answer for each in known if (answer := has(each)) is not None]
            lacks = UNSTATED if suppliers else missing
            yield _measured(f"{stage}-{trait}", Unit.NUMBER, sum(said) if said else None, lacks)
    every = frozenset[str]().union(*(suppliers for _, suppliers, _ in stages))
    for trait, has in _TRAITS.items():
        unknown = [each for each in every if not _tells(story.businesses.get(each), has)]
        lacks = "suppliers"
        yield _measured(f"unknown-{trait}", Unit.NUMBER, len(unknown) if every else None, lacks)


def _funnel(story: Story) -> Iterable[tuple[str, frozenset[str], str]]:
    """Each stage with its suppliers, and what is missing where there are none."""
    met = {_supplier(each) for each in story.all("meeting-minutes") if _is_market(each)}
    met |= {
        str(row.get("id") or row.get("organisation"))
        for form in story.all("dialogue-conference")
        for row in _rows(form.content, "attendees")
    }
    yield "in-market-dialogue", frozenset((met | story.signed_up) - {""}), "market-dialogue"
    yield "applied", frozenset(story.suppliers), "suppliers"
    out = {"rejected", "not-selected"}
    taken = frozenset(key for key, status in story.suppliers.items() if status not in out)
    yield "taken-on", taken, "suppliers"
    yield "tendered", story.tendered, "deliveries"
    award = story.newest("award")
    winners = award.get("winners", ()) if award else ()
    yield "awarded", frozenset(map(str, winners)), "award"


Trait = Callable[[BusinessRecord], bool | None]
_TRAITS: Final[Mapping[str, Trait]] = {
    "small": lambda each: each.is_small,
    "startup": lambda each: each.is_startup,
    "newcomer": lambda each: each.is_newcomer,
}


TRAITS: Final = tuple(f"-{trait}" for trait in _TRAITS)
"""How the keys of measures end that count one kind of supplier."""


def _tells(business: BusinessRecord | None, trait: Trait) -> bool:
    return business is not None and trait(business) is not None


def _is_market(each: Handed) -> bool:
    return each.content.get("type") == "market_121"


def _supplier(each: Handed) -> str:
    return str(each.content.get("supplier") or each.scope)


def _parity(story: Story) -> Iterable[Measured]:
    minutes: dict[str, float] = {}
    for supplier, span in story.meetings:
        minutes[supplier] = minutes.get(supplier, 0) + span.total_seconds() / 60
    yield _measured("time-parity", Unit.RATIO, gini(list(minutes.values())), "meetings")
    lags = [each.total_seconds() / 86400 for each in story.lags or _lags_of_forms(story)]
    yield _measured("information-lag", Unit.DAYS, max(lags) if lags else None, "released")
    minuted = story.minuted or tuple(map(confirmed_soon, story.all("meeting-minutes")))
    confirmed = _share(sum(minuted), len(minuted))
    yield _measured("minutes-confirmed", Unit.PERCENT, confirmed, "meetings")


def _lags_of_forms(story: Story) -> list[timedelta]:
    """From minutes that say something is to be shared to the next form that shares."""
    released = sorted(each.at for each in story.all("shared-information"))
    waiting = [
        each.at for each in story.all("meeting-minutes") if each.content.get("shares_needed")
    ]
    return [
        next(after - at for after in released if after >= at)
        for at in waiting
        if released and released[-1] >= at
    ]


def confirmed_soon(each: Handed) -> bool:
    ended, approved = _moment(each.content, "end"), _moment(each.content, "approved_at")
    if not each.content.get("approved_by_supplier"):
        return False
    return ended is None or approved is None or approved - ended <= MINUTES_WITHIN


def _yield(story: Story) -> Iterable[Measured]:
    proposed = [
        row for form in story.all("hearing-answers") for row in _rows(form.content, "inputs")
    ]
    adopted = sum(row.get("outcome") == "adopt" for row in proposed)
    yield _measured("adopted", Unit.PERCENT, _share(adopted, len(proposed)), "hearing")
    yield _measured("proposed", Unit.NUMBER, len(proposed) or None, "hearing")
    decided = sum(each.decision == "D8" for each in story.decisions)
    yield _measured("rounds", Unit.NUMBER, story.rounds or decided or None, "rounds")


def _time(story: Story) -> Iterable[Measured]:
    last = story.ended or story.now
    yield Measured("days", Unit.DAYS, (last - story.began).total_seconds() / 86400)
    done = [each.left - each.entered for each in story.stays if each.left is not None]
    usual = median(each.total_seconds() / 86400 for each in done) if done else None
    yield _measured("days-per-phase", Unit.DAYS, usual, "phases")
    for what in ("people", "others", "clock"):
        span = story.waited.get(what)
        hours = span.total_seconds() / 3600 if span is not None else None
        yield _measured(f"waited-for-{what}", Unit.HOURS, hours, "counted")
    late = [each.total_seconds() / 86400 for each in story.overrun]
    yield _measured("after-due", Unit.DAYS, median(late) if late else None, "due")
    kept = _share(sum(each <= 0 for each in late), len(late))
    yield _measured("done-in-time", Unit.PERCENT, kept, "due")
    phases = list(_phase_overruns(story))
    yield _measured("after-phase-plan", Unit.DAYS, median(phases) if phases else None, "phase-plan")


def _phase_overruns(story: Story) -> Iterable[int]:
    """Days from the end that the newest plan of a partner's phase (F-31) set to the decision that
    ended the phase."""
    plans = story.all("phase-plan-partner")
    for each in story.decisions:
        if each.decision != "D12" or each.option not in _GO | _STOP:
            continue
        ends = [
            plan.content.get("end")
            for plan in plans
            if plan.scope == each.scope and plan.at <= each.at
        ]
        if ends and isinstance(ends[-1], str):
            yield (oslo_day(each.at) - date.fromisoformat(ends[-1])).days


def _automation(story: Story) -> Iterable[Measured]:
    same = whole = 0
    for form, content in story.prepared.items():
        handed = story.first(form)
        if handed is not None:
            whole += len(handed)
            same += sum(handed.get(name) == value for name, value in content.items())
    yield _measured("prefilled", Unit.PERCENT, _share(same, whole), "prepared")
    checks = sum(each.checks for each in story.decisions)
    yield _measured("checks", Unit.NUMBER, checks if story.decisions else None, "decisions")
    firsts: dict[tuple[str, str], bool] = {}
    for each in story.decisions:
        firsts.setdefault((each.element, each.scope), each.opens)
    opened = _share(sum(firsts.values()), len(firsts))
    yield _measured("opened-first-time", Unit.PERCENT, opened, "decisions")
    yield Measured("set-aside", Unit.NUMBER, story.set_aside)


def _outcome(story: Story) -> Iterable[Measured]:
    phases = [each for each in story.decisions if each.decision == "D12"]
    ended = [each for each in phases if each.option in _GO | _STOP]
    passed = sum(each.option in _GO for each in ended)
    yield _measured("phases-passed", Unit.PERCENT, _share(passed, len(ended)), "phase-decisions")
    bought = [each for each in story.decisions if each.decision == "D13"]
    rate = _share(sum(each.option == _BUY for each in bought), len(bought))
    yield _measured("bought", Unit.PERCENT, rate, "purchase")
    results = [
        row
        for form in ("benefit", "learning-report")
        for row in _rows(story.newest(form), "measurements")
        if isinstance(row.get("measured"), int | float)
        and isinstance(row.get("target"), int | float)
    ]
    reached = sum(_reached(row) for row in results)
    yield _measured("targets-reached", Unit.PERCENT, _share(reached, len(results)), "benefits")
    complaints = story.all("complaint")
    closed = story.decisions or complaints
    yield _measured("complaints", Unit.NUMBER, len(complaints) if closed else None, "decisions")
    settled = [*story.all("complaint-answer"), *story.all("ruling")]
    upheld = sum(each.content.get("outcome") in _UPHELD for each in settled)
    told = upheld if settled or (closed and not complaints) else None
    missing = "complaint-answers" if complaints else "decisions"
    yield _measured("complaints-upheld", Unit.NUMBER, told, missing)


def _reached(row: Mapping[str, Any]) -> bool:
    """A target below where it began is to be undershot."""
    before = row.get("baseline")
    falls = isinstance(before, int | float) and row["target"] < before
    return bool(row["measured"] <= row["target"] if falls else row["measured"] >= row["target"])


def _rows(content: Mapping[str, Any] | None, name: str) -> list[Mapping[str, Any]]:
    found = content.get(name) if content else None
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []


def _number(content: Mapping[str, Any] | None, name: str) -> float | None:
    found = content.get(name) if content else None
    return found if isinstance(found, int | float) else None


def _moment(content: Mapping[str, Any], name: str) -> datetime | None:
    found = content.get(name)
    return datetime.fromisoformat(found) if isinstance(found, str) and found else None


Measure = Callable[[Story], Iterable[Measured]]
_MEASURES: Final[tuple[Measure, ...]] = (
    _ambition,
    _ambition_kept,
    _breadth,
    _influence,
    _reach,
    _parity,
    _yield,
    _time,
    _automation,
    _outcome,
)
FORMS: Final = (
    "need",
    "procurement-documents",
    "estimated-value",
    "participation",
    "participation-input",
    "participation-answer",
    "meeting-minutes",
    "dialogue-conference",
    "award",
    "shared-information",
    "hearing-answers",
    "benefit",
    "learning-report",
    "complaint",
    "complaint-answer",
    "ruling",
    "contract",
    "phase-plan-partner",
    "procedure-choice",
)
"""The forms that a story is made of."""
