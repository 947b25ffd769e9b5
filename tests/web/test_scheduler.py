"""The clock's part of the service: it only wakes; what it does is safe to do again."""

from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from engine.commands.procurements import ResumeProcurement, SuspendProcurement
from engine.procurement.ruledata import rule_set
from service.scheduler import fire_due, note_rules, send_queued, tick
from service.wiring import Parts
from tests.support.platform import Platform
from tests.support.web import make_parts


def waiting_for_the_standstill(platform: Platform, reference: str = "2026/1") -> str:
    procurement = platform.start(reference=reference)
    platform.to_branches(procurement)
    for supplier in ("910000004", "910000012"):
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


def fired_in_order(platform: Platform) -> list[str]:
    """The procurements whose timers have fired, by the record of the whole installation."""
    query = sa.text("SELECT chain FROM audit_event WHERE type = 'TimerFired' ORDER BY id")
    with platform.store.reader() as connection:
        return list(connection.scalars(query))


def move_due(platform: Platform, procurement: str, minutes: int) -> None:
    with platform.store.database.begin() as connection:
        connection.execute(
            sa.text("UPDATE timer SET due_at = due_at + :later WHERE procurement = :p"),
            {"later": minutes * 60 * 10**6, "p": procurement},
        )


def test_timers_fire_in_due_order_and_wait_for_the_disk_together(
    any_platform: Platform, tmp_path: Path
) -> None:
    parts = make_parts(any_platform, tmp_path)
    keys = [waiting_for_the_standstill(any_platform, f"2026/{n}") for n in range(1, 4)]
    for key, minutes in zip(keys, (2, 3, 1), strict=True):
        move_due(any_platform, key, minutes)
    any_platform.clock.set(any_platform.clock.now() + timedelta(days=30))
    commits: list[object] = []
    sa.event.listen(any_platform.store.database, "commit", commits.append)

    assert fire_due(parts) == 3
    assert fired_in_order(any_platform) == [keys[2], keys[0], keys[1]]
    assert len(commits) == 2  # the three, and that there are no more
    assert all(verdict.ok for verdict in any_platform.verify())


def test_a_timer_that_cannot_fire_does_not_hold_up_the_others(
    platform: Platform, parts: Parts
) -> None:
    keys = [waiting_for_the_standstill(platform, f"2026/{n}") for n in range(1, 4)]
    for place, key in enumerate(keys):
        move_due(platform, key, place)
    with platform.store.database.begin() as connection:
        broken = sa.text("UPDATE procurement SET state = :none WHERE id = :p")
        connection.execute(broken, {"none": b"", "p": keys[0]})
    platform.clock.set(platform.clock.now() + timedelta(days=30))

    assert [tick(parts), tick(parts)] == [2, 0]
    assert fired_in_order(platform) == keys[1:]


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


def pinned(platform: Platform) -> str:
    """A running procurement that was announced today."""
    procurement = platform.start()
    today = platform.clock.now().date()
    with platform.store.database.begin() as connection:
        connection.execute(
            sa.text("UPDATE procurement SET rules_at = :at, rule_set = :id WHERE id = :p"),
            {"at": today.isoformat(), "id": rule_set(today).id, "p": procurement},
        )
    return procurement


def test_the_lead_is_told_once_when_the_law_changes(any_platform: Platform, tmp_path: Path) -> None:
    parts = make_parts(any_platform, tmp_path)
    procurement = pinned(any_platform)

    before = note_rules(parts)
    any_platform.clock.set(any_platform.clock.now() + timedelta(days=30))
    after = [note_rules(parts), note_rules(parts)]

    assert (before, after) == (0, [1, 0])
    assert any_platform.entries(procurement).count("RulesChanged") == 1


def test_a_procurement_that_is_not_announced_has_no_rules_to_keep(
    platform: Platform, parts: Parts
) -> None:
    procurement = platform.start()
    platform.clock.set(platform.clock.now() + timedelta(days=30))

    assert note_rules(parts) == 0
    assert "RulesChanged" not in platform.entries(procurement)


def test_a_suspended_procurement_is_told_when_it_goes_on(platform: Platform, parts: Parts) -> None:
    procurement = pinned(platform)
    platform.act("lead", SuspendProcurement(procurement, "Budsjett"))
    platform.clock.set(platform.clock.now() + timedelta(days=30))

    suspended = note_rules(parts)
    platform.act("lead", ResumeProcurement(procurement, "Vedtatt"))

    assert (suspended, note_rules(parts)) == (0, 1)
