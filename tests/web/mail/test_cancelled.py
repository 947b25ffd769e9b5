"""Of a cancellation everybody from outside hears once: by letter, or by a mail that says so."""

from datetime import timedelta

import pytest

from engine.commands.contributions import GiveContribution
from engine.commands.deployments import DeployProcess
from engine.commands.meetings import BookSlot, OfferedSlot, OfferSlots
from engine.commands.procurements import CancelProcurement, StartProcurement
from engine.commands.rewind import RewindProcurement
from engine.errors import NotRunningError
from engine.model.actor import SYSTEM
from engine.queries.portal import portal_page
from engine.queries.view import View
from engine.store import meetings, records
from service.outbox import Postman
from tests.support.delivering import A, B
from tests.support.guests import bring_citizen, bring_supplier
from tests.support.mail_server import Behaviour
from tests.support.models import chain, node, operation, process, user_task
from tests.support.platform import TEAM, TOWN, Platform
from tests.support.small_process import form_files

BERIT, ANNA, BO = "berit@home.test", "anna@a.test", "bo@b.test"
SAID = "Anskaffelsen er avlyst."
TAKEN_BACK = "Avlysningen er tatt tilbake"
KEY = "called-off"


def told(server: Behaviour, address: str) -> list[str]:
    return [message.get_content() for to, message in server.taken if to == address]


def called_off() -> dict[str, bytes]:
    """A process that registers two suppliers and, once a note is written, tells one of them by
    letter that it is cancelled and the others by mail; it ends with a notice."""
    both = ", ".join(
        f"{{id: &quot;{key}&quot;, name: &quot;{name}&quot;}}"
        for key, name in ((A, "Alfa"), (B, "Beta"))
    )
    model = process(
        KEY,
        node("startEvent", "start")
        + operation("register", "register-suppliers", suppliers=f"[{both}]")
        + user_task("note", form="note")
        + operation(
            "tell-one",
            "send-to-suppliers",
            suppliers=f"[{{id: &quot;{A}&quot;, name: &quot;Alfa&quot;}}]",
            subject="&quot;Avlyst&quot;",
            letter="&quot;Brevet om det.&quot;",
            kind="&quot;cancellation&quot;",
        )
        + operation("tell-others", "announce-cancellation")
        + user_task("notice", form="note")
        + operation("close", "close", outcome="&quot;cancelled&quot;")
        + node("endEvent", "end")
        + chain("start", "register", "note", "tell-one", "tell-others", "notice", "close", "end"),
    )
    return {
        f"processes/{KEY}/{KEY}.bpmn": model.encode(),
        **form_files("note", [], note={"type": "string", "title": "Merknad", "maxLength": 200}),
    }


def called_off_in(platform: Platform) -> str:
    platform.bus.handle(DeployProcess(KEY, called_off(), TOWN), SYSTEM)
    started = StartProcurement(KEY, "Badeplass", TOWN, "2026/9", TEAM)
    return str(platform.act("lead", started)["procurement"])


def told_to_both(platform: Platform) -> str:
    """The cancellation is decided: Anna of one supplier has the letter, Bo of another the mail."""
    procurement = called_off_in(platform)
    bring_supplier(platform, procurement, A, name="Anna", email=ANNA)
    bring_supplier(platform, procurement, B, name="Bo", email=BO)
    platform.complete("lead", procurement, "note", submission={"note": "Ingen bevilgning."})
    return procurement


def test_what_the_lead_breaks_off_is_told_to_everybody_who_gave_an_address(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = any_platform.start()
    bring_citizen(any_platform, procurement, name="Berit", email=BERIT)
    bring_supplier(any_platform, procurement, A, name="Anna", email=ANNA)
    bring_supplier(any_platform, procurement, B)

    any_platform.act("lead", CancelProcurement(procurement, "KANARIFUGL"))
    postman.round()

    for address in (BERIT, ANNA):
        [mail] = told(server, address)
        assert mail.startswith(SAID)
        assert "KANARIFUGL" not in mail
        assert "Alfa" not in mail


def test_who_gets_the_letter_of_the_process_gets_no_mail_beside_it(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = called_off_in(any_platform)
    bring_citizen(any_platform, procurement, name="Berit", email=BERIT)
    bring_supplier(any_platform, procurement, A, name="Anna", email=ANNA)
    bring_supplier(any_platform, procurement, B, name="Bo", email=BO)

    any_platform.complete("lead", procurement, "note", submission={"note": "Ingen bevilgning."})
    postman.round()

    [letter] = told(server, ANNA)
    assert "Brevet om det." in letter
    assert SAID not in letter
    for address in (BERIT, BO):
        [mail] = told(server, address)
        assert mail.startswith(SAID)


def test_what_was_told_at_the_decision_is_not_told_again_at_the_end(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = told_to_both(any_platform)
    bring_citizen(any_platform, procurement, name="Berit", email=BERIT)

    any_platform.complete("lead", procurement, "notice", submission={"note": "Meldt."})
    postman.round()

    assert [len(told(server, address)) for address in (ANNA, BO, BERIT)] == [1, 1, 1]
    assert told(server, BERIT)[0].startswith(SAID)


def test_nobody_meets_once_the_cancellation_is_decided(any_platform: Platform) -> None:
    procurement = called_off_in(any_platform)
    begin = any_platform.clock.now() + timedelta(days=2)
    times = tuple(
        OfferedSlot(begin + timedelta(hours=each), begin + timedelta(hours=each + 1))
        for each in range(2)
    )
    offered = OfferSlots(procurement, "market", "market", times, scope=A)
    booked, _ = any_platform.act("lead", offered)["slots"]
    any_platform.act("lead", BookSlot(procurement, booked, A))

    any_platform.complete("lead", procurement, "note", submission={"note": "Ingen bevilgning."})

    with any_platform.store.reader() as connection:
        [meeting] = meetings.meetings_of(connection, procurement)
        left = [each.withdrawn_at for each in meetings.slots_of(connection, procurement)]
    assert meeting.status == "cancelled"
    assert None not in left
    assert [each.element for each in any_platform.open(procurement)] == ["notice"]


def test_what_is_cancelled_takes_nothing_more_from_outside(any_platform: Platform) -> None:
    procurement = called_off_in(any_platform)
    berit = bring_citizen(any_platform, procurement, name="Berit", email=BERIT)
    given = GiveContribution(procurement, "need", "Lys ved badeplassen.")
    any_platform.bus.handle(given, berit)
    any_platform.complete("lead", procurement, "note", submission={"note": "Ingen bevilgning."})

    with any_platform.store.reader() as connection:
        definitions, now = any_platform.bus.environment.definitions, any_platform.clock.now()
        page = portal_page(View(connection, definitions, berit, now))

    assert page.status == "called-off"
    assert page.voices is not None
    assert not page.voices.may_contribute
    with pytest.raises(NotRunningError) as refused:
        any_platform.bus.handle(given, berit)
    assert refused.value.details["about"] == "called-off"


def went_back(platform: Platform, procurement: str, element: str) -> None:
    """The lead goes back to right before the task was done, an hour later."""
    platform.clock.set(platform.clock.now() + timedelta(hours=1))
    with platform.store.reader() as connection:
        seq = records.seq_before(connection, procurement, element)
    platform.act("lead", RewindProcurement(procurement, seq, "Pengene kom likevel."))


def test_whoever_was_told_hears_that_it_goes_on_after_all(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = told_to_both(any_platform)
    berit = bring_citizen(any_platform, procurement, name="Berit", email=BERIT)

    went_back(any_platform, procurement, "note")
    postman.round()

    for address in (ANNA, BO):
        first, second = told(server, address)
        assert TAKEN_BACK not in first
        assert second.startswith(TAKEN_BACK)
        assert "Pengene" not in second
    assert told(server, BERIT) == []  # she came when it was cancelled, and was told nothing
    given = GiveContribution(procurement, "need", "Lys ved badeplassen.")
    any_platform.bus.handle(given, berit)


def test_who_was_told_that_it_goes_on_hears_of_the_next_cancellation(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = told_to_both(any_platform)
    went_back(any_platform, procurement, "note")
    any_platform.clock.set(any_platform.clock.now() + timedelta(hours=1))

    any_platform.complete("lead", procurement, "note", submission={"note": "Likevel ikke."})
    any_platform.complete("lead", procurement, "notice", submission={"note": "Meldt."})
    postman.round()

    assert [SAID in each for each in told(server, BO)] == [True, False, True]
    assert ["Brevet om det." in each for each in told(server, ANNA)] == [True, False, True]


def test_going_back_within_a_cancellation_takes_nothing_of_it_back(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = called_off_in(any_platform)
    bring_supplier(any_platform, procurement, B, name="Bo", email=BO)
    any_platform.complete("lead", procurement, "note", submission={"note": "Ingen bevilgning."})
    any_platform.complete("lead", procurement, "notice", submission={"note": "Meldt."})

    went_back(any_platform, procurement, "notice")
    postman.round()

    [mail] = told(server, BO)
    assert mail.startswith(SAID)
    with any_platform.store.reader() as connection:
        assert records.get_procurement(connection, procurement).called_off
    assert all(verdict.ok for verdict in any_platform.verify())
