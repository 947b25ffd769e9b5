"""The page on which one chooses what to hear by mail."""

import pytest

from engine.commands.mails import ClaimMails, PlanMails, ReportMail
from engine.model.actor import SYSTEM
from engine.model.mails import Outcome
from engine.model.notifications import Topic
from service.wiring import Parts
from tests.support.platform import GOOD_NEED, Platform
from tests.support.web import Visitor

PAGE = "/notifications/choices"
CHOSEN: dict[str, str | list[str]] = {
    "topic": ["gate", "overdue"],
    "pace": "daily",
    "digest_at": "7.30",
    "quiet_from": "20:00",
    "quiet_to": "06.30",
    "only_working_days": "yes",
    "language": "en",
}


@pytest.fixture
def owner(parts: Parts) -> Visitor:
    return Visitor.at(parts).sign_in("owner")


def test_the_page_shows_what_was_chosen(owner: Visitor) -> None:
    before = owner.get(PAGE).text

    answer = owner.press(PAGE, PAGE, CHOSEN)
    after = owner.get(answer.headers["location"]).text

    assert before.count(" checked") == len(Topic) + 1  # every kind, and at once
    assert after.count(" checked") == 4
    assert 'value="07.30"' in after
    assert 'value="20.00"' in after
    assert "Valgene er lagret." in after
    assert "owner@x.test" in after


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest_at": ""},
        {"quiet_from": "half past"},
        {"pace": "never"},
        {"topic": "all"},
        {"language": "xx"},
        {"quiet_to": "07.30.15"},
        {"quiet_to": "24.00"},
        {"quiet_to": "7.3"},
    ],
)
def test_a_choice_that_cannot_be_used_is_refused_with_a_reason(
    owner: Visitor, wrong: dict[str, str]
) -> None:
    answer = owner.press(PAGE, PAGE, {**CHOSEN, **wrong})

    assert answer.status_code == 422
    assert 'id="problem"' in answer.text


def test_the_page_says_that_the_last_mail_did_not_arrive(
    platform: Platform, owner: Visitor
) -> None:
    platform.complete("lead", platform.start(), "describe", submission=GOOD_NEED)
    platform.bus.handle(PlanMails(), SYSTEM)
    for mail in platform.bus.handle(ClaimMails(), SYSTEM)["mails"]:
        platform.bus.handle(ReportMail(mail, Outcome.REFUSED, "550 5.1.1 No such user"), SYSTEM)

    page = owner.get(PAGE).text

    assert "kom ikke fram" in page
    assert "550 5.1.1 No such user" in page


def test_the_procurement_shows_the_lead_which_mails_did_not_arrive(
    platform: Platform, parts: Parts
) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    platform.bus.handle(PlanMails(), SYSTEM)
    first, second = platform.bus.handle(ClaimMails(), SYSTEM)["mails"]
    platform.bus.handle(ReportMail(first, Outcome.REFUSED, "550 5.1.1 No such user"), SYSTEM)
    platform.bus.handle(ReportMail(second, Outcome.DEFERRED, "451 4.3.0 Later"), SYSTEM)

    lead = Visitor.at(parts).sign_in("lead").get(f"/procurements/{procurement}").text
    lawyer = Visitor.at(parts).sign_in("lawyer").get(f"/procurements/{procurement}").text

    assert "E-post som ikke er kommet fram" in lead
    assert "550 5.1.1 No such user" in lead
    assert "prøves igjen 23.03.2026 kl. 09.01" in lead
    assert "ikke er kommet fram" not in lawyer
