"""One transaction: all of it or nothing, and what it has written it can read."""

import pytest
import sqlalchemy as sa

from engine.audit.chain import EntryActor
from engine.errors import RejectedError, StaleVersionError
from engine.model.events import PersonAdded, RoleGranted, SupplierRegistered
from engine.store import people, records
from engine.store.context import ActContext
from engine.store.schema import procurement
from tests.support.platform import START, TOWN, Platform

CONTEXT = ActContext(EntryActor("system", "PIVOTAL"), START, "")


class LostPowerError(Exception):
    """Stands for anything that ends a transaction before its commit."""


def test_what_an_act_has_recorded_it_can_read(any_platform: Platform) -> None:
    key = any_platform.start()

    with any_platform.store.unit_of_work() as work:
        work.lock_procurement(key)
        work.record(key, SupplierRegistered("910000009", "Ny"), CONTEXT)
        found = records.suppliers(work.connection, key)

    assert [supplier.name for supplier in found] == ["Ny"]


def test_an_act_that_breaks_off_leaves_neither_rows_nor_entries(any_platform: Platform) -> None:
    key = any_platform.start()
    before = any_platform.entries(key)

    with pytest.raises(LostPowerError):
        _break_off(any_platform, key)

    assert any_platform.entries(key) == before
    with any_platform.store.reader() as connection:
        assert records.suppliers(connection, key) == []
    assert all(verdict.ok for verdict in any_platform.verify())


def test_a_row_that_changed_since_it_was_read_is_not_overwritten(any_platform: Platform) -> None:
    key = any_platform.start()

    with pytest.raises(StaleVersionError):
        _write_after_a_change(any_platform, key)

    assert "SupplierRegistered" not in any_platform.entries(key)


def _break_off(platform: Platform, key: str) -> None:
    with platform.store.unit_of_work() as work:
        work.lock_procurement(key)
        work.record(key, SupplierRegistered("910000009", "Ny"), CONTEXT)
        work.finish()
        raise LostPowerError


def _write_after_a_change(platform: Platform, key: str) -> None:
    with platform.store.unit_of_work() as work:
        work.lock_procurement(key)
        raised = sa.update(procurement).where(procurement.c.id == key)
        work.connection.execute(raised.values(version=procurement.c.version + 1))
        work.record(key, SupplierRegistered("910000009", "Ny"), CONTEXT)


def test_two_records_can_be_written_in_one_act(any_platform: Platform) -> None:
    key = any_platform.start()

    with any_platform.store.unit_of_work() as work:
        work.lock_procurement(key)
        work.lock_organisation(TOWN)
        work.record(key, SupplierRegistered("910000009", "Ny"), CONTEXT)
        work.record(TOWN, PersonAdded("new", TOWN, "Ny", "new", "n@x.test"), CONTEXT)
        work.record(TOWN, RoleGranted("new", TOWN, "auditor"), CONTEXT)

    assert all(verdict.ok for verdict in any_platform.verify())
    with any_platform.store.reader() as connection:
        assert people.load_actor(connection, "new").holds("auditor", TOWN)


def test_what_is_there_already_is_refused_in_words(any_platform: Platform) -> None:
    with pytest.raises(RejectedError, match="already"):
        _add_again(any_platform, "lead")


def _add_again(platform: Platform, person: str) -> None:
    with platform.store.unit_of_work() as work:
        work.lock_organisation(TOWN)
        work.record(TOWN, PersonAdded(person, TOWN, "Ny", "new", "n@x.test"), CONTEXT)
