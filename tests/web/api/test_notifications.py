"""What one was told, over the API."""

from collections.abc import Callable

import pytest

from engine.commands.mails import ClaimMails, PlanMails, ReportMail
from engine.model.actor import SYSTEM
from engine.model.mails import Outcome
from engine.model.notifications import Topic
from tests.support.api import Program
from tests.support.platform import GOOD_NEED, Platform

Programs = Callable[[str], Program]


@pytest.fixture
def owner(platform: Platform, program: Programs) -> Program:
    """The need owner, who has been told of a task."""
    platform.complete("lead", platform.start(), "describe", submission=GOOD_NEED)
    return program("owner")


def test_the_list_says_what_happened_and_how_much_waits(owner: Program) -> None:
    answer = owner.get("/notifications").json()

    (told,) = answer["items"]
    assert (answer["unread"], answer["older"]) == (1, 0)
    assert told["kind"] == "task-opened"
    assert told["text"] == "Ny oppgave: Draft"
    assert (told["read"], told["over"], told["reference"]) == (False, False, "2026/1")


def test_marking_as_read_has_one_effect(owner: Program) -> None:
    (told,) = owner.get("/notifications").json()["items"]

    first = owner.post("/notifications/read", {"ids": [told["id"]]}, key="a")
    again = owner.post("/notifications/read", {"ids": [told["id"]]}, key="a")
    other = owner.post("/notifications/read", {"up_to": told["id"]}, key="b")

    assert [each.json() for each in (first, again, other)] == [
        {"read": 1},
        {"read": 1},
        {"read": 0},
    ]
    assert owner.get("/notifications", unread=True).json()["items"] == []


@pytest.mark.parametrize(
    "asked",
    [{}, {"ids": []}, {"ids": [1], "up_to": 1}, {"ids": [0]}, {"ids": ["x"]}, {"up_to": -1}],
)
def test_marking_nothing_or_everything_at_once_is_refused(owner: Program, asked: object) -> None:
    assert owner.post("/notifications/read", asked).status_code == 422


CHOICE = {
    "language": "en",
    "by_mail": ["gate", "mention"],
    "pace": "daily",
    "digest_at": "07:30",
    "quiet_from": "20:00",
    "quiet_to": "06:00",
    "only_working_days": True,
    "invitations": True,
}


def test_what_one_chooses_to_hear_by_mail_is_kept(owner: Program) -> None:
    before = owner.get("/notifications/choices").json()

    after = owner.post("/notifications/choices", CHOICE, method="PUT")

    assert after.status_code == 200
    assert after.json() == owner.get("/notifications/choices").json()
    assert after.json() == {"chosen": CHOICE, "address": "owner@x.test", "problem": ""}
    assert len(before["chosen"]["by_mail"]) == len(Topic)


@pytest.mark.parametrize(
    "wrong",
    [
        {"language": "xx"},
        {"by_mail": ["everything"]},
        {"pace": "hourly"},
        {"digest_at": "25:00"},
        {"quiet_from": "07:30:15"},
        {"only": True},
    ],
)
def test_a_choice_that_there_is_not_is_refused(owner: Program, wrong: dict[str, object]) -> None:
    answer = owner.post("/notifications/choices", {**CHOICE, **wrong}, method="PUT")

    assert answer.status_code == 422
    assert owner.get("/notifications/choices").json()["chosen"]["language"] == "nb"


def test_only_the_lead_is_told_which_mails_did_not_arrive(
    platform: Platform, program: Programs
) -> None:
    procurement = platform.start()
    platform.complete("lead", procurement, "describe", submission=GOOD_NEED)
    platform.bus.handle(PlanMails(), SYSTEM)
    for mail in platform.bus.handle(ClaimMails(), SYSTEM)["mails"]:
        platform.bus.handle(ReportMail(mail, Outcome.REFUSED, "550 5.1.1 No such user"), SYSTEM)

    lead = program("lead").get(f"/procurements/{procurement}/undelivered").json()["items"]
    lawyer = program("lawyer").get(f"/procurements/{procurement}/undelivered").json()["items"]
    stranger = program("stranger").get(f"/procurements/{procurement}/undelivered")

    assert sorted((each["name"], each["state"]) for each in lead) == [
        ("Owner", "failed"),
        ("Owner-2", "failed"),
    ]
    assert lawyer == []
    assert stranger.status_code == 404
