"""What a procurement is worth follows the newest estimate that counts."""

import pytest
import sqlalchemy as sa

from engine.commands.deployments import DeployProcess
from engine.commands.procurements import StartProcurement
from engine.commands.rewind import RewindProcurement
from engine.model.actor import SYSTEM
from engine.store import records
from engine.store.schema import procurement
from tests.support.platform import TEAM, TOWN, Platform
from tests.support.valued_process import VALUED, valued_process


@pytest.fixture
def key(any_platform: Platform) -> str:
    any_platform.bus.handle(DeployProcess(VALUED, valued_process(), TOWN), SYSTEM)
    start = StartProcurement(VALUED, "Bro", TOWN, "2026/1", TEAM)
    return str(any_platform.act("lead", start)["procurement"])


def value(platform: Platform, key: str) -> int | None:
    with platform.store.reader() as connection:
        query = sa.select(procurement.c.value).where(procurement.c.id == key)
        return connection.scalar(query)


def test_the_value_is_the_total_of_the_newest_estimate(any_platform: Platform, key: str) -> None:
    before = value(any_platform, key)
    first = {"rd_max": 100_00, "purchase_est": 50_00}
    any_platform.complete("lead", key, "estimate", submission=first)
    between = value(any_platform, key)
    any_platform.complete("lead", key, "estimate-again", submission={"purchase_est": 70_00})

    assert (before, between, value(any_platform, key)) == (None, 150_00, 70_00)
    assert any_platform.entries(key).count("ValueEstimated") == 2
    assert all(verdict.ok for verdict in any_platform.verify())


def test_an_estimate_that_a_rewind_undid_counts_no_more(any_platform: Platform, key: str) -> None:
    any_platform.complete("lead", key, "estimate", submission={"rd_max": 100_00})
    any_platform.complete("lead", key, "estimate-again", submission={"rd_max": 200_00})

    for element, expected in (("estimate-again", 100_00), ("estimate", None)):
        with any_platform.store.reader() as connection:
            seq = records.seq_before(connection, key, element)
        any_platform.act("lead", RewindProcurement(key, seq, "Feil anslag."))

        assert value(any_platform, key) == expected
    assert all(verdict.ok for verdict in any_platform.verify())
