"""Quality is judged and locked before whoever judges knows a price."""

import pytest

from engine.commands.deployments import DeployProcess
from engine.commands.procurements import Seat, StartProcurement
from engine.model.actor import SYSTEM
from engine.queries.documents import documents_of, form_page
from engine.queries.submissions import earlier_submissions, visible_submissions
from engine.queries.view import View, find_procurement
from tests.support.models import chain, extensions, node, process, user_task
from tests.support.platform import TOWN, Platform
from tests.support.small_process import form_files

KEY = "two-envelopes"
WITHHOLD = '<pivotal:withhold form="check" field="price"/>'
JUDGES = ("judge-first", "judge-second")
TEAM = (
    Seat("lead", "procurement-lead"),
    Seat("owner", "need-owner"),
    Seat("owner-2", "need-owner"),
    Seat("lawyer", "legal"),
)


def files() -> dict[str, bytes]:
    body = "\n".join(
        (
            node("startEvent", "start"),
            user_task("open-tenders", form="check"),
            node("parallelGateway", "begin"),
            *(user_task(each, WITHHOLD, form="view") for each in JUDGES),
            node("parallelGateway", "done"),
            user_task("agree", form="view"),
            node("endEvent", "end"),
            chain("start", "open-tenders", "begin", "judge-first", "done", "agree", "end"),
            chain("begin", "judge-second", "done"),
        )
    )
    text = process(KEY, body)
    lane = (
        '<bpmn:lane id="lane-owner" name="Eier">'
        + extensions('<pivotal:role id="need-owner"/>')
        + "".join(f"<bpmn:flowNodeRef>{each}</bpmn:flowNodeRef>" for each in JUDGES)
        + "</bpmn:lane></bpmn:laneSet>"
    )
    for each in JUDGES:
        text = text.replace(f"<bpmn:flowNodeRef>{each}</bpmn:flowNodeRef>", "", 1)
    text = text.replace("</bpmn:laneSet>", lane, 1)
    note = {"type": "string", "title": "Merknad", "maxLength": 200}
    price = {"type": "integer", "title": "Pris", "x-format": "money"}
    row = {"type": "object", "properties": {"note": note, "price": price}}
    tenders = {
        "type": "array",
        "title": "Tilbud",
        "x-item-title": "Tilbud",
        "maxItems": 50,
        "items": row,
    }
    found = form_files("check", ["tenders"], tenders=tenders)
    found["forms/check.en.json"] = (
        b'{"title": "Check", "tenders.title": "Tenders", "tenders.item": "Tender",'
        b' "tenders.note.title": "Note", "tenders.price.title": "Price"}'
    )
    return {
        f"processes/{KEY}/{KEY}.bpmn": text.encode(),
        **found,
        **form_files("view", ["note"], note=note),
    }


@pytest.fixture
def opened(platform: Platform) -> str:
    platform.bus.handle(DeployProcess(KEY, files(), TOWN), SYSTEM)
    start = StartProcurement(KEY, "Ny bro", TOWN, "2026/9", TEAM)
    procurement = str(platform.act("lead", start)["procurement"])
    content = {"tenders": [{"note": "Fullstendig", "price": 987654321}]}
    platform.complete("lead", procurement, "open-tenders", submission=content)
    return procurement


def told(platform: Platform, person: str, procurement: str) -> str:
    """Whatever the person reads of the check of the tenders."""
    with platform.store.reader() as connection:
        definitions, now = platform.bus.environment.definitions, platform.clock.now()
        seen = find_procurement(
            View(connection, definitions, platform.actor(person), now), procurement
        )
        check = next(each for each in visible_submissions(seen) if each.form == "check")
        words = (earlier_submissions(seen, ""), form_page(seen, check.id), documents_of(seen))
        return " ".join(map(str, words))


def test_whoever_judges_reads_everything_but_the_price(platform: Platform, opened: str) -> None:
    for person in ("owner", "owner-2"):
        assert "Fullstendig" in told(platform, person, opened)
        assert "987654321" not in told(platform, person, opened)
    for person in ("lead", "lawyer"):
        assert "987654321" in told(platform, person, opened)


def test_the_price_is_told_once_everybody_has_judged(platform: Platform, opened: str) -> None:
    platform.complete("owner", opened, "judge-first", submission={"note": "Bra"})
    assert "987654321" not in told(platform, "owner", opened)

    platform.complete("owner-2", opened, "judge-second", submission={"note": "Bra"})

    assert "987654321" in told(platform, "owner", opened)
