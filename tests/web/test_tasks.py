"""The pages of tasks: what people see, and what their buttons do."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from engine.commands.attachments import AddAttachment
from engine.commands.decisions import ReturnDecision
from engine.commands.tasks import CompleteTask
from tests.support.platform import GOOD_NEED, Platform
from tests.support.web import Visitor

Visit = Callable[[str], Visitor]
NEED = {"title": "Trygg badeplass", "need": "Redde liv ved vann", "functional": "true"}


def test_a_free_task_is_on_the_list_of_those_in_its_role_and_of_nobody_else(
    platform: Platform, visit: Visit
) -> None:
    platform.start()

    assert "Describe" in visit("lead").get("/tasks").text
    assert "Describe" not in visit("owner").get("/tasks").text


def test_a_task_is_read_filled_in_and_done_in_three_requests(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    visitor = visit("lead")

    answer = visitor.press(f"/tasks/{task.id}", f"/tasks/{task.id}", NEED | {"_action": "complete"})
    after = visitor.get(answer.headers["location"])

    assert answer.status_code == 303
    assert "Oppgaven er fullført." in after.text
    assert [each.element for each in platform.open(procurement)] == ["draft"]


def test_a_form_sent_twice_has_one_effect_and_the_same_answer(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    visitor = visit("lead")
    fields = visitor.hidden(f"/tasks/{task.id}") | NEED | {"_action": "complete"}

    first = visitor.client.post(f"/tasks/{task.id}", data=fields)
    second = visitor.client.post(f"/tasks/{task.id}", data=fields)

    assert (first.status_code, second.status_code) == (303, 303)
    assert platform.entries(procurement).count("TaskCompleted") == 1


def test_faults_are_listed_in_the_order_of_the_form_with_what_was_typed(
    platform: Platform, visit: Visit
) -> None:
    task = platform.task(platform.start(), "describe")

    answer = visit("lead").press(
        f"/tasks/{task.id}",
        f"/tasks/{task.id}",
        {"title": "x", "need": "<b>", "_action": "complete"},
    )

    assert answer.status_code == 422
    assert answer.text.index('href="#f-title"') < answer.text.index('id="f-title"')
    assert "«Tittel» må ha minst 3 tegn" in answer.text
    assert 'value="&lt;b&gt;"' in answer.text


def test_a_draft_is_there_again_the_next_time(platform: Platform, visit: Visit) -> None:
    task = platform.task(platform.start(), "describe")
    visitor = visit("lead")

    visitor.press(f"/tasks/{task.id}", f"/tasks/{task.id}", {"title": "Halv", "_action": "draft"})

    assert 'value="Halv"' in visitor.get(f"/tasks/{task.id}").text


def test_a_task_can_be_claimed_and_released(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    visitor = visit("lead")

    visitor.press("/tasks", f"/tasks/{task.id}/claim")
    claimed = platform.task(procurement, "describe").assignee
    visitor.press("/tasks", f"/tasks/{task.id}/release")

    assert claimed == "lead"
    assert platform.task(procurement, "describe").assignee == ""


def test_a_gate_shows_each_check_and_refuses_the_option_that_opens_it(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    need = {key: value for key, value in GOOD_NEED.items() if key != "functional"}
    gate = platform.to_gate(procurement, need)
    visitor = visit("lead")

    page = visitor.get(f"/tasks/{gate.id}").text
    answer = visitor.press(
        f"/tasks/{gate.id}", f"/tasks/{gate.id}", {"_option": "go", "_action": "complete"}
    )

    assert 'data-holds="no"' in page
    assert answer.status_code == 409
    assert "Porten er stengt" in answer.text
    assert platform.task(procurement, "approve").status == "open"


def test_an_option_that_needs_a_reason_says_so(platform: Platform, visit: Visit) -> None:
    gate = platform.to_gate(platform.start())

    answer = visit("lead").press(
        f"/tasks/{gate.id}", f"/tasks/{gate.id}", {"_option": "return", "_action": "complete"}
    )

    assert answer.status_code == 422
    assert '<a href="#f-reason">Dette valget krever en skriftlig begrunnelse.' in answer.text
    assert 'id="f-reason"' in answer.text


def test_a_gate_without_an_option_asks_for_one(platform: Platform, visit: Visit) -> None:
    gate = platform.to_gate(platform.start())

    answer = visit("lead").press(f"/tasks/{gate.id}", f"/tasks/{gate.id}", {"_action": "complete"})

    assert answer.status_code == 422
    assert '<a href="#f-option">Ingen av valgene er krysset av.' in answer.text
    assert 'id="f-option"' in answer.text


def test_what_the_form_lacks_is_said_together_with_what_the_gate_lacks(
    platform: Platform, visit: Visit
) -> None:
    gate = platform.to_gate(platform.start())
    fields = {"note": "x", "_action": "complete"}

    answer = visit("lead").press(f"/tasks/{gate.id}", f"/tasks/{gate.id}", fields)

    assert re.findall('<a href="(#f-[a-z]+)">', answer.text) == ["#f-note", "#f-option"]


def test_a_delegated_task_is_given_back_and_completed_by_its_owner(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    lead, owner, page = visit("lead"), visit("owner"), f"/tasks/{task.id}"
    lead.press(page, f"{page}/claim")
    lead.press(page, f"{page}/delegate", {"to": "owner", "_reason": "Du kan dette"})

    form = owner.get(page).text
    owner.press(page, page, NEED | {"_action": "draft"})
    owner.press(page, f"{page}/give-back")
    answer = lead.press(page, page, NEED | {"_action": "complete"})

    assert 'value="complete"' not in form
    assert "delegert til deg av Lead" in form
    assert answer.status_code == 303


def test_a_delegated_task_is_taken_back_by_who_delegated_it(
    platform: Platform, visit: Visit
) -> None:
    task = platform.task(platform.start(), "describe")
    lead, owner, page = visit("lead"), visit("owner"), f"/tasks/{task.id}"
    lead.press(page, f"{page}/claim")
    lead.press(page, f"{page}/delegate", {"to": "owner", "_reason": "Du kan dette"})
    owner.press(page, page, NEED | {"_action": "draft"})

    refused = lead.press(page, f"{page}/take-back")
    answer = lead.press(page, f"{page}/take-back", {"_reason": "Jeg rekker det likevel"})

    form = lead.get(page).text
    assert refused.status_code == 409
    assert answer.status_code == 303
    assert NEED["title"] in form
    assert f"{page}/take-back" not in form
    assert f"{page}/take-back" not in owner.get(page).text


def test_the_second_pair_of_eyes_finds_the_proposal_and_confirms_it(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    gate = platform.to_gate(procurement)
    proposed = visit("lead").press(
        f"/tasks/{gate.id}", f"/tasks/{gate.id}", {"_option": "go", "_action": "complete"}
    )
    lawyer = visit("lawyer")

    listed = lawyer.get("/tasks").text
    page = lawyer.get(f"/tasks/{gate.id}").text
    answer = lawyer.press(f"/tasks/{gate.id}", f"/tasks/{gate.id}/confirm")

    assert proposed.headers["location"] == "/tasks?done=proposed"
    assert "Venter på din godkjenning" in listed
    assert "Bekreft beslutningen" in page
    assert answer.status_code == 303
    assert "DecisionMade" in platform.entries(procurement)


def test_whoever_proposed_gets_no_button_to_confirm(platform: Platform, visit: Visit) -> None:
    gate = platform.to_gate(platform.start())
    platform.act("lead", CompleteTask(gate.id, option="go"))

    page = visit("lead").get(f"/tasks/{gate.id}").text

    assert "Bekreft beslutningen" not in page


@pytest.mark.parametrize("person", ["stranger", "neighbour"])
def test_a_task_that_is_not_for_my_eyes_does_not_exist(
    platform: Platform, visit: Visit, person: str
) -> None:
    task = platform.task(platform.start(), "describe")

    assert visit(person).get(f"/tasks/{task.id}").status_code == 404


def test_comments_become_part_of_the_record_and_are_never_markup(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    visitor = visit("lead")

    visitor.press(
        f"/tasks/{task.id}", f"/tasks/{task.id}/comment", {"text": "<script>alert(1)</script>"}
    )

    page = visitor.get(f"/tasks/{task.id}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "CommentAdded" in platform.entries(procurement)


def test_a_comment_is_taken_back_from_the_page_without_its_words_staying(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    visitor, word = visit("lead"), "brønnboring"

    written = visitor.press(f"/tasks/{task.id}", f"/tasks/{task.id}/comment", {"text": word})
    key = parse_qs(urlsplit(written.headers["location"]).query)["undo"][0]
    offered = visitor.get(written.headers["location"]).text
    elsewhere = visit("owner").get(f"/procurements/{procurement}").text
    visitor.press(f"/tasks/{task.id}", f"/tasks/{task.id}/withdraw-comment", {"comment": key})

    page = visitor.get(f"/tasks/{task.id}").text
    record = visitor.get(f"/procurements/{procurement}/log?group=talk").text
    assert offered.count(f'action="/tasks/{task.id}/withdraw-comment"') == 2  # and to undo it
    assert "withdraw-comment" not in elsewhere
    assert word not in page + record
    assert "Lead trakk tilbake kommentaren" in page
    assert "En kommentar, som er trukket tilbake" in record
    assert "trukket tilbake av den som skrev den" in record


def test_a_file_is_attached_once_and_comes_back_as_a_download(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    visitor = visit("lead")
    tokens = visitor.hidden(f"/tasks/{task.id}")

    answer = visitor.client.post(
        f"/tasks/{task.id}/attach",
        data=tokens,
        files={"file": ("notat.pdf", b"%PDF-1.7 innhold", "text/html")},
    )
    page = visitor.get(f"/tasks/{task.id}").text
    link = page.split('href="/attachments/')[1].split('"')[0]
    download = visitor.get(f"/attachments/{link}")

    assert answer.status_code == 303
    assert download.content == b"%PDF-1.7 innhold"
    assert download.headers["content-type"] == "application/pdf"
    assert download.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in download.headers["content-security-policy"]
    assert visit("stranger").get(f"/attachments/{link}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content"), [("x.exe", b"MZ"), ("x.pdf", b"<html>"), ("x.svg", b"<svg/>")]
)
def test_a_file_of_another_kind_than_its_name_is_refused(
    platform: Platform, visit: Visit, name: str, content: bytes
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    visitor = visit("lead")
    tokens = visitor.hidden(f"/tasks/{task.id}")

    answer = visitor.client.post(
        f"/tasks/{task.id}/attach", data=tokens, files={"file": (name, content)}
    )

    assert answer.status_code == 415
    assert "AttachmentAdded" not in platform.entries(procurement)


def test_what_one_supplier_said_is_not_shown_in_the_branch_of_another(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    platform.to_branches(procurement)
    platform.complete("owner", procurement, "score", "910000004", submission={"points": 7.5})
    other = platform.task(procurement, "score", "910000012")

    page = visit("owner").get(f"/tasks/{other.id}").text

    assert "7,5" not in page
    assert "Beta" in page
    assert "Alfa" not in page


def test_a_task_that_was_sent_back_says_why_and_begins_as_it_was(
    platform: Platform, visit: Visit
) -> None:
    procurement = platform.start()
    gate = platform.to_gate(procurement).id
    platform.act("lead", CompleteTask(gate, {"note": "Se vedlegg 3"}, "go"))
    platform.act("lawyer", ReturnDecision(gate, "Vedlegg 3 mangler."))

    page = visit("lead").get(f"/tasks/{gate}").text

    assert "Forslaget er sendt tilbake." in page
    assert "Vedlegg 3 mangler." in page
    assert "Skjemaet begynner med det som ble levert sist." in page
    assert "Se vedlegg 3" in page


def test_who_attached_a_file_takes_it_back_from_the_page(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe").id
    file = AddAttachment(procurement, "feil.txt", "text/plain", b"Feil", task)
    key = platform.act("lead", file)["attachment"]
    lead = visit("lead")
    assert f"/attachments/{key}" in lead.get(f"/tasks/{task}").text

    answer = lead.press(f"/tasks/{task}", f"/tasks/{task}/withdraw-file", {"file": key})

    page = lead.get(answer.headers["location"]).text
    assert "Filen er trukket tilbake." in page
    assert "Lead trakk tilbake feil.txt" in page
    assert f"/attachments/{key}" not in page
    assert lead.get(f"/attachments/{key}").status_code == 404
