"""Signs of innovation are shown with passage and reason; a person judges, nothing is set."""

from collections.abc import Callable
from html import unescape

from engine.commands.deployments import DeployProcess
from engine.commands.drafts import SaveDraft
from engine.commands.procurements import StartProcurement
from engine.model.actor import SYSTEM
from engine.store import records
from service.content import content_root
from tests.support.models import chain, node, process, user_task
from tests.support.platform import TEAM, TOWN, Platform
from tests.support.small_process import form_files
from tests.support.web import Visitor

FORMS = content_root() / "forms"
Visit = Callable[[str], Visitor]
NEED = {
    "title": "Trygg badeplass",
    "need": "Det finnes ikke i markedet. Vi trenger <b>forskning</b> først.",
    "functional": True,
}


def described(platform: Platform) -> str:
    key = platform.start()
    platform.complete("lead", key, "describe", submission=NEED)
    return key


def read(visitor: Visitor, key: str) -> str:
    return visitor.get(f"/procurements/{key}/signals").text


def test_a_code_is_proposed_with_its_passage_and_reason(platform: Platform, visit: Visit) -> None:
    page = read(visit("owner"), described(platform))

    assert "<mark>finnes ikke i markedet</mark>" in page
    assert "&lt;b&gt;<mark>forskning</mark>" in page
    assert "Teksten sier at markedet ikke har løsningen." in unescape(page)
    assert unescape(page).count("Foreslått") == 2


def test_a_judgement_is_recorded_and_sets_nothing(platform: Platform, visit: Visit) -> None:
    key = described(platform)
    address = f"/procurements/{key}/signals"

    answer = visit("owner").press(
        address, address, {"code": "rd-act", "fits": "true", "passage": "forskning først"}
    )

    assert answer.status_code == 303
    assert "Vurdert av Owner" in unescape(read(visit("owner"), key))
    assert "SignalJudged" in platform.entries(key)
    with platform.store.reader() as connection:
        [need] = records.submissions_of(connection, key, "need")
    assert "bt776" not in need.content


def test_a_rejection_needs_a_reason_and_keeps_what_was_typed(
    platform: Platform, visit: Visit
) -> None:
    key = described(platform)
    address = f"/procurements/{key}/signals"
    owner = visit("owner")

    refused = owner.press(address, address, {"code": "rd-act", "fits": "false", "_reason": " "})
    owner.press(address, address, {"code": "rd-act", "fits": "false", "_reason": "Bare innkjøp."})

    assert refused.status_code == 409
    assert "Bare innkjøp." in unescape(read(owner, key))


def test_who_neither_leads_nor_owns_the_need_does_not_judge(
    platform: Platform, visit: Visit
) -> None:
    key = described(platform)
    address = f"/procurements/{key}/signals"

    answer = visit("lawyer").press(address, address, {"code": "rd-act", "fits": "true"})

    assert "Koden passer ikke" not in read(visit("lawyer"), key)
    assert answer.status_code == 403
    assert visit("neighbour").get(address).status_code == 404


def announcing(platform: Platform) -> str:
    """A procurement with a need, whose next task asks for the codes."""
    steps = ("begun", "describe", "announce", "done")
    body = "\n".join(
        (
            node("startEvent", "begun"),
            user_task("describe", form="need"),
            user_task("announce", form="notice"),
            node("endEvent", "done"),
            chain(*steps),
        )
    )
    text = {"type": "string", "title": "Behov", "x-format": "longtext", "maxLength": 8000}
    files = {
        "processes/announcing/announcing.bpmn": process("announcing", body).encode(),
        **form_files("need", [], need=text),
        **{f"forms/{each.name}": each.read_bytes() for each in FORMS.glob("notice.*")},
    }
    platform.bus.handle(DeployProcess("announcing", files, TOWN), SYSTEM)
    start = StartProcurement("announcing", "Badeplass", TOWN, "2026/31", TEAM)
    return str(platform.act("lead", start)["procurement"])


def test_where_a_form_asks_for_codes_the_texts_propose_them_and_set_none(
    platform: Platform, visit: Visit
) -> None:
    key = announcing(platform)
    platform.complete("lead", key, "describe", submission={"need": NEED["need"]})

    page = visit("lead").get(f"/tasks/{platform.task(key, 'announce').id}").text

    proposals = page.partition('id="proposals"')[2].partition("</div>")[0]
    assert "<mark>finnes ikke i markedet</mark>" in proposals
    assert "&lt;b&gt;<mark>forskning</mark>" in proposals
    assert "Teksten sier at markedet ikke har løsningen." in unescape(proposals)
    assert "checked" not in page.partition("bt776")[2].partition("proposals")[0]


def test_a_task_that_asks_for_no_codes_proposes_none(platform: Platform, visit: Visit) -> None:
    key = announcing(platform)
    task = platform.task(key, "describe")
    platform.act("lead", SaveDraft(task.id, {"need": NEED["need"]}))

    assert 'id="proposals"' not in visit("lead").get(f"/tasks/{task.id}").text
