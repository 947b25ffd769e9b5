"""A supplier is told by mail that something waits in the portal, and nothing of what it says."""

from engine.commands.handing import HandDocument
from engine.commands.minutes import AnswerMinutes, SettleMinutes
from engine.commands.questions import AskQuestion, RefuseQuestion
from engine.model.actor import Actor
from engine.store import dialogue
from service.outbox import Postman
from tests.support.circle import A, B
from tests.support.guests import bring_supplier
from tests.support.mail_server import Behaviour
from tests.support.platform import Platform
from tests.support.rounds import meet, start_rounds
from tests.web.mail.test_meetings import ANNA, BO, offered

TIMES = "Det er lagt ut tider"
MINUTES = "Referatet fra møtet"
ANSWERED = "Det har kommet svar på noe du sa"
DOCUMENT = "Det ligger et nytt dokument"


def told(server: Behaviour, address: str) -> list[str]:
    """The first words of each mail to the address, in order."""
    texts = [message.get_content() for to, message in server.taken if to == address]
    known = (TIMES, MINUTES, ANSWERED, DOCUMENT)
    return [next(each for each in known if text.startswith(each)) for text in texts]


def object_and_settle(platform: Platform, procurement: str, anna: Actor) -> None:
    with platform.store.reader() as connection:
        (written,) = dialogue.minutes_of(connection, procurement)
    wrong = AnswerMinutes(procurement, written.id, confirmed=False, objection="Tallet er feil.")
    platform.bus.handle(wrong, anna)
    platform.act("lead", SettleMinutes(procurement, written.id, "Rettet til 20."))


def ask_and_refuse(platform: Platform, procurement: str, anna: Actor) -> None:
    asked = platform.bus.handle(AskQuestion(procurement, "Gjelder det også om natten?"), anna)
    platform.act("lead", RefuseQuestion(procurement, asked["question"], "Det står i vedlegg 2."))


def test_what_waits_for_a_supplier_in_the_dialogue_is_told_it_and_nobody_else(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = start_rounds(any_platform)
    anna = bring_supplier(any_platform, procurement, A, email=ANNA)
    bring_supplier(any_platform, procurement, B, email=BO)

    offered(any_platform, procurement)
    meet(any_platform, procurement, A, said="KANARIFUGL")
    object_and_settle(any_platform, procurement, anna)
    ask_and_refuse(any_platform, procurement, anna)
    put = HandDocument(procurement, "krav.txt", "text/plain", b"Krav.", A)
    any_platform.act("lead", put)
    handed_in = HandDocument(procurement, "svar.txt", "text/plain", b"Svar.")
    any_platform.bus.handle(handed_in, anna)
    postman.round()

    assert sorted(told(server, ANNA)) == sorted([TIMES, MINUTES, ANSWERED, ANSWERED, DOCUMENT])
    assert told(server, BO) == []
    assert all("KANARIFUGL" not in str(message) for _, message in server.taken)


def test_minutes_that_were_approved_at_the_meeting_wait_for_nobody(
    any_platform: Platform, postman: Postman, server: Behaviour
) -> None:
    procurement = start_rounds(any_platform)
    bring_supplier(any_platform, procurement, A, email=ANNA)

    approved = {"approved_by_supplier": True, "approved_at": any_platform.clock.now().isoformat()}
    meet(any_platform, procurement, A, **approved)
    postman.round()

    assert told(server, ANNA) == []
