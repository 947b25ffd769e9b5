"""Mails are sent once, tried again, and given up where the lead sees it."""

from dataclasses import replace
from datetime import UTC, timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from engine.commands.mails import ClaimMails, PlanMails, ReportMail
from engine.commands.notifications import MarkRead
from engine.commands.tasks import ClaimTask
from engine.model.actor import SYSTEM
from engine.model.mails import MailState, Outcome
from engine.model.notifications import Occasion
from engine.notifications.retries import LEASE
from engine.queries.mails import Undelivered, undelivered
from engine.queries.notifications import inbox
from engine.queries.view import View, see_procurement
from service.outbox import Postman
from service.wiring import Parts
from tests.support.mail_server import Behaviour
from tests.support.platform import GOOD_NEED, Platform
from tests.web.mail.conftest import with_server


def to_draft(platform: Platform) -> str:
    """Both need owners are told of a task."""
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    return procurement


def states(platform: Platform) -> list[str]:
    query = sa.text("SELECT state FROM mail ORDER BY address")
    with platform.store.reader() as connection:
        return list(connection.scalars(query))


def trouble(platform: Platform, procurement: str, person: str = "lead") -> list[Undelivered]:
    with platform.store.reader() as connection:
        view = View(
            connection,
            platform.bus.environment.definitions,
            platform.actor(person),
            platform.clock.now(),
        )
        return list(undelivered(see_procurement(view, procurement)))


def told(platform: Platform, person: str) -> list[tuple[Occasion, str]]:
    with platform.store.reader() as connection:
        definitions = platform.bus.environment.definitions
        view = View(connection, definitions, platform.actor(person), platform.clock.now())
        return [(each.kind, each.about) for each in inbox(view).rows]


def test_each_person_gets_one_mail_of_her_own(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    to_draft(any_platform)

    sent = [postman.round(), postman.round()]

    assert sent == [2, 0]
    assert sorted(address for address, _ in server.taken) == ["owner-2@x.test", "owner@x.test"]
    assert {str(message["To"]) for _, message in server.taken} == {
        "Owner <owner@x.test>",
        "Owner-2 <owner-2@x.test>",
    }
    assert server.senders == ["back@town.test"] * 2
    assert states(any_platform) == ["sent", "sent"]


def test_what_is_ready_at_once_is_one_mail(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    any_platform.to_branches(any_platform.start())

    postman.round()

    of_owner = [message for address, message in server.taken if address == "owner@x.test"]
    assert [str(message["Subject"]) for message in of_owner] == ["2 varsler fra PIVOTAL"]


def test_what_is_over_or_read_before_its_turn_is_not_mailed(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = to_draft(any_platform)
    any_platform.act("owner-2", ClaimTask(any_platform.task(procurement, "draft").id))
    any_platform.act("owner-2", MarkRead(up_to=1000))

    assert postman.round() == 0
    assert server.taken == []
    assert states(any_platform) == ["dropped", "dropped"]


def test_a_mail_that_is_put_off_is_tried_again_under_the_same_id(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = to_draft(any_platform)
    server.answers["owner@x.test"] = "451 4.3.0 Try again later"
    postman.round()
    waiting = trouble(any_platform, procurement)
    too_early = postman.round()

    server.answers.clear()
    any_platform.clock.set(any_platform.clock.now() + timedelta(minutes=2))
    later = postman.round()

    assert [(each.name, each.state, each.attempts) for each in waiting] == [
        ("Owner", MailState.QUEUED, 1)
    ]
    assert "451 4.3.0 Try again later" in waiting[0].problem
    assert waiting[0].next_at is not None
    assert (too_early, later) == (0, 1)
    assert server.ids[-1] == f"<{waiting[0].id}@pivotal.local>"
    assert trouble(any_platform, procurement) == []


def test_a_mail_that_is_refused_is_given_up_and_the_lead_is_told(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = to_draft(any_platform)
    server.answers["owner@x.test"] = "550 5.1.1 No such user"

    postman.round()
    any_platform.clock.set(any_platform.clock.now() + timedelta(days=1))
    again = postman.round()

    assert again == 0
    assert [(each.state, each.problem) for each in trouble(any_platform, procurement)] == [
        (MailState.FAILED, "550 5.1.1 No such user")
    ]
    assert told(any_platform, "lead") == [(Occasion.UNDELIVERED, "Owner")]
    assert trouble(any_platform, procurement, "owner") == []


def test_after_three_days_a_mail_is_given_up(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = to_draft(any_platform)
    server.after_data = "452 4.3.1 Insufficient system storage"

    rounds = 0
    while "queued" in states(any_platform) or rounds == 0:
        postman.round()
        any_platform.clock.set(any_platform.clock.now() + timedelta(hours=8))
        rounds += 1

    assert states(any_platform) == ["failed", "failed"]
    assert 7 <= rounds <= 14
    assert {each.state for each in trouble(any_platform, procurement)} == {MailState.FAILED}


def test_a_line_that_breaks_after_the_mail_was_taken_brings_the_same_id_again(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    to_draft(any_platform)
    server.hang_up = True
    postman.round()
    first = list(server.ids)

    server.hang_up = False
    any_platform.clock.set(any_platform.clock.now() + timedelta(minutes=2))
    postman.round()

    assert sorted(server.ids[len(first) :]) == sorted(first)
    assert states(any_platform) == ["sent", "sent"]


def test_a_process_that_dies_between_sending_and_saying_so_sends_the_same_id_again(
    any_platform: Platform, postman: Postman, server: Behaviour, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_draft(any_platform)
    with monkeypatch.context() as dying:
        dying.setattr(Postman, "_report", _die)
        with pytest.raises(SystemExit):
            postman.round()
    (first,) = server.ids

    while_it_is_claimed = postman.round()
    any_platform.clock.set(any_platform.clock.now() + LEASE)
    postman.round()

    assert while_it_is_claimed == 0
    assert server.ids.count(first) == 2
    assert len(server.ids) == 3
    assert states(any_platform) == ["sent", "sent"]


def _die(*_: object) -> None:
    raise SystemExit


def test_while_the_server_is_away_mails_wait(any_platform: Platform, mailing: Parts) -> None:
    procurement = to_draft(any_platform)
    away = with_server(mailing, 9)  # the port where everything is thrown away; nobody listens

    sent = Postman(away).round()

    assert sent == 0
    assert [each.state for each in trouble(any_platform, procurement)] == [MailState.QUEUED] * 2
    assert "does not let us in" in trouble(any_platform, procurement)[0].problem


def test_two_processes_never_send_the_same_mail(
    any_platform: Platform, mailing: Parts, server: Behaviour
) -> None:
    for number in range(6):
        procurement = any_platform.start(reference=f"2026/{number}")
        any_platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
        any_platform.bus.handle(PlanMails(), SYSTEM)
    ready = Barrier(2)

    def work() -> None:
        ready.wait()
        Postman(mailing).round()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(server.ids) == 12
    assert len(set(server.ids)) == 12


def test_a_claim_gives_a_mail_to_one_alone_until_it_runs_out(any_platform: Platform) -> None:
    to_draft(any_platform)
    any_platform.bus.handle(PlanMails(), SYSTEM)

    first = any_platform.bus.handle(ClaimMails(1), SYSTEM)["mails"]
    second = any_platform.bus.handle(ClaimMails(5), SYSTEM)["mails"]
    third = any_platform.bus.handle(ClaimMails(5), SYSTEM)["mails"]
    any_platform.clock.set(any_platform.clock.now() + LEASE)
    fourth = any_platform.bus.handle(ClaimMails(5), SYSTEM)["mails"]

    assert (len(first), len(second), third) == (1, 1, [])
    assert sorted(fourth) == sorted([*first, *second])


def test_what_came_back_is_not_sent_by_a_late_report(any_platform: Platform) -> None:
    to_draft(any_platform)
    any_platform.bus.handle(PlanMails(), SYSTEM)
    (mail, _) = any_platform.bus.handle(ClaimMails(), SYSTEM)["mails"]
    any_platform.bus.handle(ReportMail(mail, Outcome.REFUSED, "550 no"), SYSTEM)

    answer = any_platform.bus.handle(ReportMail(mail, Outcome.SENT), SYSTEM)

    assert answer == {"state": "failed"}


def test_without_a_server_mails_lie_in_a_folder(any_platform: Platform, mailing: Parts) -> None:
    to_draft(any_platform)
    parts = replace(mailing, settings=replace(mailing.settings, mail=None))

    assert Postman(parts).round() == 2

    files = sorted(parts.settings.outbox.iterdir())
    assert [file.suffix for file in files] == [".eml", ".eml"]
    assert b"Ny oppgave" in files[0].read_bytes()


def test_a_mail_says_when_it_was_sent(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    to_draft(any_platform)

    postman.round()

    dates = {message["Date"].datetime.astimezone(UTC) for _, message in server.taken}
    assert dates == {any_platform.clock.now()}
