"""Signs of innovation are shown with passage and reason; a person judges, nothing is set."""

from collections.abc import Callable
from html import unescape

from engine.store import records
from tests.support.platform import Platform
from tests.support.web import Visitor

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
