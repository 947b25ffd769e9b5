"""Codes are read by their names: answers of decision tables, kinds of notices, procedures."""

from engine.commands.deployments import DeployProcess
from engine.commands.procurements import StartProcurement
from engine.model.actor import SYSTEM
from engine.queries.record import log_of
from engine.queries.view import View, see_procurement
from engine.registers.eforms import NOTICE, PROCEDURE, called, code_lists
from service.i18n import Translator, load_texts
from service.pages.sentences import sentences
from tests.support.models import (
    TABLE,
    chain,
    english_of,
    extensions,
    node,
    process,
)
from tests.support.platform import TEAM, TOWN, Platform

DECIDES = extensions(
    '<pivotal:decision ref="size" result="size"><pivotal:answer value="large" name="Stor"/>'
    '<pivotal:answer value="small" name="Liten"/></pivotal:decision>'
)
ANNOTATED = TABLE.replace(
    '"large"</text></outputEntry>',
    '"large"</text></outputEntry><annotationEntry><text>FOA § 5-1</text></annotationEntry>',
)


def asked_a_table(platform: Platform, language: str) -> str:
    """What the record says of a table that was asked at the start, in the language."""
    body = "\n".join(
        (
            node("startEvent", "begun"),
            node("businessRuleTask", "find-size", DECIDES),
            node("endEvent", "ended"),
            chain("begun", "find-size", "ended"),
        )
    )
    declared = (
        '<pivotal:variable name="ambition" type="string" initial="&quot;new&quot;"/>'
        '<pivotal:variable name="size" type="string"/>'
    )
    model = process("sized", body, declared=declared)
    files = {
        "processes/sized/sized.bpmn": model.encode(),
        "processes/sized/sized.en.json": english_of(model),
        "processes/sized/size.dmn": ANNOTATED.encode(),
    }
    platform.bus.handle(DeployProcess("sized", files, TOWN), SYSTEM)
    start = StartProcurement("sized", "Badeplass", TOWN, f"2026/{language}", TEAM)
    key = platform.act("lead", start)["procurement"]
    with platform.store.reader() as connection:
        definitions, now = platform.bus.environment.definitions, platform.clock.now()
        seen = see_procurement(
            View(connection, definitions, platform.actor("lead"), now, language), key
        )
        [entry] = (e for e in log_of(seen).entries if e.type == "DecisionTableEvaluated")
    [said] = sentences([entry], Translator(language, load_texts()[language]))
    return said.text


def test_an_answer_of_a_table_is_read_by_the_name_that_the_model_gives_it(
    platform: Platform,
) -> None:
    assert asked_a_table(platform, "nb") == "Tabellen «Size» svarte: Stor (FOA § 5-1)"
    assert asked_a_table(platform, "en") == "The table “Size” answered: Large (FOA § 5-1)"


def test_every_code_has_a_name_in_each_language_and_the_list_says_whose_it_is() -> None:
    lists = code_lists()

    assert (lists.source, lists.version) != ("", "")
    for codes in lists.lists.values():
        for names in codes.values():
            assert set(names) == {"nb", "nn", "en"}
            assert all(names.values())
    assert called(NOTICE, "29")["nb"] == "Kunngjøring av kontraktsinngåelse (29)"
    assert called(PROCEDURE, "comp-dial")["en"] == "Competitive dialogue (comp-dial)"
    assert called(NOTICE, "Z9")["nb"] == "Z9"
