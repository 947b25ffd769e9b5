"""When a notification may be mailed, by what its recipient chose: kinds, pace, quiet hours."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from engine.clock import OSLO
from engine.model.notifications import TOPIC, Occasion, Topic
from engine.procurement.calendar import ONE_DAY, is_working_day


class Pace(StrEnum):
    """At once, or all of a day in one mail."""

    AT_ONCE = "at-once"
    DAILY = "daily"


EVERY_TOPIC: Final = frozenset(Topic)


@dataclass(frozen=True, slots=True)
class Preference:
    """What a person chose; the defaults hold until then.

    Times are times of day in Oslo. No mail leaves between `quiet_from` and `quiet_to` (the same
    time twice: there are no quiet hours), nor on days off where `only_working_days`. A digest
    leaves at `digest_at`. `invitations` are calendar entries for the due dates of own tasks.
    """

    language: str = "nb"
    by_mail: frozenset[Topic] = EVERY_TOPIC
    pace: Pace = Pace.AT_ONCE
    digest_at: time = time(8)
    quiet_from: time = time(0)
    quiet_to: time = time(0)
    only_working_days: bool = False
    invitations: bool = False


DEFAULT: Final = Preference()


def mail_at(preference: Preference, kind: Occasion, at: datetime) -> datetime | None:
    """When something that happened at `at` (aware) may be mailed, in UTC; None: never."""
    if TOPIC[kind] not in preference.by_mail:
        return None
    moment = at.astimezone(OSLO)
    if preference.pace is Pace.DAILY:
        moment = _next(moment, preference.digest_at)
    return after_quiet(preference, moment)


def after_quiet(preference: Preference, moment: datetime) -> datetime:
    """`moment` (aware), or the end of the quiet time it falls into; in UTC."""
    local = moment.astimezone(OSLO)
    while (end := _end_of_quiet(preference, local)) is not None:
        local = end
    return local.astimezone(UTC)


def _end_of_quiet(preference: Preference, local: datetime) -> datetime | None:
    if preference.only_working_days and not is_working_day(local.date()):
        return datetime.combine(local.date() + ONE_DAY, time(0), OSLO)
    begin, end = preference.quiet_from, preference.quiet_to
    if begin == end:
        return None
    now = local.time()
    over_midnight = begin > end
    is_quiet = now >= begin or now < end if over_midnight else begin <= now < end
    return _next(local, end) if is_quiet else None


def _next(local: datetime, at: time) -> datetime:
    """The first time that a clock in Oslo shows `at`, later than `local`."""
    moment = datetime.combine(local.date(), at, OSLO)
    if moment <= local:
        moment = datetime.combine(local.date() + timedelta(days=1), at, OSLO)
    return moment
