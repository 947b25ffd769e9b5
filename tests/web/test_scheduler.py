"""The clock's part of the service: it only wakes; what it does is safe to do again."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from engine.commands.procurements import SuspendProcurement
from service.scheduler import send_queued, tick
from service.wiring import Parts
from tests.support.platform import Platform


def waiting_for_the_standstill(platform: Platform) -> str:
    procurement = platform.start()
    platform.to_branches(procurement)
    for supplier in ("910000001", "910000002"):
        platform.complete("owner", procurement, "score", supplier, submission={"points": 1})
    return procurement


def test_a_due_timer_fires_once_however_often_the_clock_wakes(
    platform: Platform, parts: Parts
) -> None:
    procurement = waiting_for_the_standstill(platform)
    platform.clock.set(platform.clock.now() + timedelta(days=30))

    fired = [tick(parts), tick(parts)]

    assert fired == [1, 0]
    assert [each.element for each in platform.open(procurement)] == ["sign"]


def test_the_timer_of_a_suspended_procurement_waits(platform: Platform, parts: Parts) -> None:
    procurement = waiting_for_the_standstill(platform)
    platform.act("lead", SuspendProcurement(procurement, "Budsjett"))
    platform.clock.set(platform.clock.now() + timedelta(days=30))

    assert tick(parts) == 0


def test_a_letter_leaves_once(platform: Platform, parts: Parts, tmp_path: Path) -> None:
    procurement = platform.start()
    with platform.store.database.begin() as connection:
        connection.execute(
            sa.text(
                "INSERT INTO outbox (id, procurement, kind, recipient, subject, body, scope,"
                " queued_at) VALUES ('letter', :p, 'award', 'post@alfa.test', 'Tildeling',"
                " 'Hei', '', '2026-03-23 08:00:00.000000')"
            ),
            {"p": procurement},
        )

    sent = [send_queued(parts), send_queued(parts)]

    assert sent == [1, 0]
    assert b"Tildeling" in (tmp_path / "outbox" / "letter.eml").read_bytes()
    assert platform.entries(procurement).count("LetterDispatched") == 1
