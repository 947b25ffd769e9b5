"""Of a cancellation everybody from outside hears once: by letter, or by a mail that says so."""

from engine.commands.deployments import DeployProcess
from engine.commands.procurements import CancelProcurement, StartProcurement
from engine.model.actor import SYSTEM
from service.outbox import Postman
from tests.support.delivering import A, B
from tests.support.guests import bring_citizen, bring_supplier
from tests.support.mail_server import Behaviour
from tests.support.models import chain, extensions, node, process, user_task
from tests.support.platform import TEAM, TOWN, Platform
from tests.support.small_process import form_files

BERIT, ANNA, BO = "berit@home.test", "anna@a.test", "bo@b.test"
SAID = "Anskaffelsen er avlyst."
KEY = "called-off"


def told(server: Behaviour, address: str) -> list[str]:
    return [message.get_content() for to, message in server.taken if to == address]


def operation(key: str, name: str, **inputs: str) -> str:
    given = "".join(
        f'<pivotal:input name="{each}" value="{value}"/>' for each, value in inputs.items()
    )
    return node(
        "serviceTask",
        key,
        extensions(f'<pivotal:operation name="{name}">{given}</pivotal:operation>'),
    )


def called_off() -> dict[str, bytes]:
    """A process that registers one supplier and cancels by itself once a note is written."""
    supplier = f"[{{id: &quot;{A}&quot;, name: &quot;Alfa&quot;}}]"
    model = process(
        KEY,
        node("startEvent", "start")
        + operation("register", "register-suppliers", suppliers=supplier)
        + user_task("note", form="note")
        + operation("close", "close", outcome="&quot;cancelled&quot;")
        + node("endEvent", "end")
        + chain("start", "register", "note", "close", "end"),
    )
    return {
        f"processes/{KEY}/{KEY}.bpmn": model.encode(),
        **form_files("note", [], note={"type": "string", "title": "Merknad", "maxLength": 200}),
    }


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
    any_platform.bus.handle(DeployProcess(KEY, called_off(), TOWN), SYSTEM)
    started = StartProcurement(KEY, "Badeplass", TOWN, "2026/9", TEAM)
    procurement = str(any_platform.act("lead", started)["procurement"])
    bring_citizen(any_platform, procurement, name="Berit", email=BERIT)
    bring_supplier(any_platform, procurement, A, name="Anna", email=ANNA)
    bring_supplier(any_platform, procurement, B, name="Bo", email=BO)

    any_platform.complete(
        "lead", procurement, "note", submission={"note": "Bevilgningen er borte."}
    )
    postman.round()

    assert [text[: len(SAID)] for text in told(server, BERIT)] == [SAID]
    assert [text[: len(SAID)] for text in told(server, BO)] == [SAID]
    assert told(server, ANNA) == []
