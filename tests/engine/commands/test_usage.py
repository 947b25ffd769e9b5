"""Records are counted beside them, each entry once, and nothing of it enters them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.commands.rewind import RewindProcurement
from engine.commands.usage import CountUse
from engine.errors import ForbiddenError
from engine.model.actor import SYSTEM
from engine.store import records
from engine.store.schema import element_use, phase_spell
from engine.store.usage import uncounted
from tests.support.platform import GOOD_NEED, Platform


def count(platform: Platform, key: str) -> int:
    return int(platform.bus.handle(CountUse(key), SYSTEM)["counted"])


def uses(platform: Platform, key: str) -> dict[str, int]:
    with platform.store.reader() as connection:
        query = sa.select(element_use.c.element, sa.func.sum(element_use.c.times))
        query = query.where(element_use.c.procurement == key).group_by(element_use.c.element)
        return {element: int(times) for element, times in connection.execute(query)}


def test_each_entry_is_counted_once(any_platform: Platform) -> None:
    key = any_platform.start()
    first = count(any_platform, key)
    any_platform.to_branches(key)
    second = count(any_platform, key)

    assert first > 0
    assert second > 0
    assert first + second == len(any_platform.entries(key))
    assert count(any_platform, key) == 0
    assert uses(any_platform, key)["describe"] == 1
    assert all(verdict.ok for verdict in any_platform.verify())


def test_work_that_was_done_again_is_counted_again(any_platform: Platform) -> None:
    key = any_platform.start()
    any_platform.complete("lead", key, "describe", submission=GOOD_NEED)
    count(any_platform, key)
    with any_platform.store.reader() as connection:
        seq = records.seq_before(connection, key, "describe")
    any_platform.act("lead", RewindProcurement(key, seq, "Feil."))
    any_platform.complete("lead", key, "describe", submission=GOOD_NEED)
    count(any_platform, key)

    assert uses(any_platform, key)["describe"] == 2


def test_what_has_not_been_counted_is_found(platform: Platform) -> None:
    key = platform.start()

    with platform.store.reader() as connection:
        before = uncounted(connection, 10)
    count(platform, key)
    with platform.store.reader() as connection:
        after = uncounted(connection, 10)

    assert (before, after) == ([key], [])


def test_phases_are_kept_with_when_they_began_and_ended(any_platform: Platform) -> None:
    key = any_platform.start()
    any_platform.clock.set(any_platform.clock.now() + timedelta(hours=2))
    any_platform.to_branches(key)
    count(any_platform, key)

    with any_platform.store.reader() as connection:
        spells = connection.execute(sa.select(phase_spell)).all()

    entered = any_platform.entries(key).count("PhaseEntered")
    assert len(spells) == entered
    assert sum(spell.left_at is None for spell in spells) == min(entered, 1)


def test_only_the_clock_counts(platform: Platform) -> None:
    key = platform.start()

    with pytest.raises(ForbiddenError):
        platform.act("lead", CountUse(key))
