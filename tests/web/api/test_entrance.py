"""Who is let in, what a request must carry, and what is answered when it does not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from service.wiring import Parts
from tests.support.api import V1, Program
from tests.support.platform import GOOD_NEED, TOWN, Platform

Sign = Callable[[str], Program]


def test_me_tells_who_i_am_with_which_rights(lead: Program) -> None:
    found = lead.get("/me").json()

    assert found["id"] == "lead"
    assert found["grants"] == [{"organisation": TOWN, "role": "procurement-lead"}]
    assert found["csrf_token"] == lead.token


def test_nobody_gets_in_without_signing_in(parts: Parts) -> None:
    visitor = Program.at(parts)

    answers = [visitor.get("/me"), visitor.get("/tasks"), visitor.post("/tasks/x/claim")]

    assert [answer.status_code for answer in answers] == [401] * 3
    assert {answer.json()["code"] for answer in answers} == {"sign-in-needed"}


def test_signing_out_ends_the_session(lead: Program) -> None:
    answer = lead.post("/session", method="DELETE")

    assert answer.status_code == 204
    assert lead.get("/me").status_code == 401


def test_signing_in_as_nobody_or_outside_the_demonstration_is_not_there(parts: Parts) -> None:
    real = replace(parts, settings=replace(parts.settings, demo=False))

    nobody = Program.at(parts).post("/session", {"person": "nobody"})
    nowhere = Program.at(real).post("/session", {"person": "lead"})

    assert [nobody.status_code, nowhere.status_code] == [404, 404]
    assert "set-cookie" not in nowhere.headers


def test_a_session_that_was_left_alone_ends(platform: Platform, lead: Program) -> None:
    platform.clock.set(platform.clock.now() + timedelta(minutes=31))

    assert lead.get("/tasks").status_code == 401


@pytest.mark.parametrize("token", ["", "wrong"])
def test_an_act_without_the_sessions_token_is_refused(
    platform: Platform, lead: Program, token: str
) -> None:
    task = platform.task(platform.start(), "describe").id
    lead.token = token

    answer = lead.post(f"/tasks/{task}/claim")

    assert answer.status_code == 403
    assert answer.json()["code"] == "forged-request"
    assert platform.task(platform.start(reference="2026/2"), "describe").assignee == ""


def test_an_act_that_another_site_made_the_browser_send_is_refused(
    platform: Platform, lead: Program
) -> None:
    task = platform.task(platform.start(), "describe").id
    headers = {"X-CSRF-Token": lead.token}

    answers = [
        lead.client.post(f"{V1}/tasks/{task}/claim", headers={**headers, **each})
        for each in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"})
    ]

    assert [answer.status_code for answer in answers] == [403, 403]


def test_the_same_act_sent_twice_has_one_effect_and_one_answer(
    platform: Platform, lead: Program
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe").id
    act = (f"/tasks/{task}/complete", {"submission": GOOD_NEED})

    first = lead.post(*act, key="act-1")
    second = lead.post(*act, key="act-1")

    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert platform.entries(procurement).count("TaskCompleted") == 1


def test_a_key_that_was_used_for_another_act_is_a_conflict(
    platform: Platform, lead: Program
) -> None:
    path = f"/procurements/{platform.start()}/comments"
    lead.post(path, {"text": "Først"}, key="act-1")

    answer = lead.post(path, {"text": "Noe annet"}, key="act-1")

    assert answer.status_code == 409
    assert len(lead.get(path).json()) == 1


def test_two_persons_may_use_the_same_key(platform: Platform, program: Sign) -> None:
    path = f"/procurements/{platform.start()}/comments"

    for person in ("lead", "owner"):
        assert program(person).post(path, {"text": "Hei"}, key="act-1").status_code == 201

    assert len(program("lead").get(path).json()) == 2


@pytest.mark.parametrize("key", ["x" * 65, "a b", "å"])
def test_a_key_that_cannot_be_kept_is_refused(platform: Platform, lead: Program, key: str) -> None:
    path = f"{V1}/procurements/{platform.start()}/suspend"
    headers = {"X-CSRF-Token": lead.token, "Idempotency-Key": key.encode("latin-1")}

    answer = lead.client.post(path, json={"reason": "Ferie"}, headers=headers)

    assert answer.status_code == 422


def test_messages_come_in_the_language_that_is_asked_for(lead: Program) -> None:
    titles = {
        language: lead.client.get(f"{V1}/tasks/none", headers={"Accept-Language": language}).json()[
            "title"
        ]
        for language in ("nb", "en", "nn", "fr")
    }

    assert titles == {
        "nb": "Finnes ikke",
        "en": "Not found",
        "nn": "Finst ikkje",
        "fr": "Finnes ikke",
    }


def test_the_detail_of_a_refusal_is_in_the_readers_language(
    platform: Platform, program: Sign
) -> None:
    path = f"{V1}/procurements/{platform.start()}/suspend"
    owner = program("owner")

    said = {
        language: owner.client.post(
            path,
            json={"reason": "Ferie"},
            headers={"X-CSRF-Token": owner.token, "Accept-Language": language},
        )
        for language in ("nb", "en")
    }

    assert said["nb"].headers["content-language"] == "nb"
    assert said["nb"].json()["detail"].startswith("Dette kan bare den som leder")
    assert said["en"].json()["detail"].startswith("Only the lead of this procurement")
    assert "only the procurement lead" in said["nb"].json()["english"]


def test_a_problem_says_what_where_and_how_to_mend_it(lead: Program) -> None:
    answer = lead.post("/tasks/x/delegate", {"too": "owner"})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    found = answer.json()
    assert found["type"] == "urn:pivotal:error:invalid-input"
    assert found["status"] == 422
    assert {each["place"] for each in found["errors"]} == {"body.to", "body.too"}


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b'{"submission": ' + b"[" * 900 + b"]" * 900 + b"}", "application/json"),
        (b'{"submission": {"a": ' + b'{"a": ' * 25 + b"1" + b"}" * 26 + b"}", "application/json"),
        (b'{"submission": {"title": "\\ud800"}}', "application/json"),
        (b'{"submission": {"\\ud800": 1}}', "application/json"),
        (b'{"submission": {"title": NaN}}', "application/json"),
        (b'{"submission": {"title": 1' + b"0" * 400 + b"}}", "application/json"),
        (b'{"\\ud800": 1}', "application/json"),
        (b'{"submission": {}}', "text/plain"),
        (b"submission=1", "application/x-www-form-urlencoded"),
    ],
)
def test_a_body_that_is_not_what_is_asked_for_is_refused(
    platform: Platform, lead: Program, body: bytes, media_type: str
) -> None:
    task = platform.task(platform.start(), "describe").id
    headers = {"X-CSRF-Token": lead.token, "Content-Type": media_type}

    answers = [
        lead.client.post(f"{V1}/tasks/{task}/complete", content=body, headers=headers),
        lead.client.put(
            f"{V1}/tasks/{task}/draft",
            content=body.replace(b"submission", b"content"),
            headers=headers,
        ),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert {answer.json()["code"] for answer in answers} == {"invalid-input"}


def test_a_body_that_is_too_large_or_of_unknown_size_is_refused_unread(
    platform: Platform, lead: Program
) -> None:
    path = f"{V1}/procurements/{platform.start()}/comments"
    headers = {"X-CSRF-Token": lead.token, "Content-Type": "application/json"}

    large = lead.client.post(path, content=b"x" * (2 * 1024 * 1024 + 1), headers=headers)
    unknown = lead.client.post(path, content=iter([b'{"text": "x"}']), headers=headers)

    assert [large.status_code, unknown.status_code] == [413, 413]


def test_wrong_methods_and_addresses_are_problems_too(lead: Program) -> None:
    wrong = lead.client.patch(f"{V1}/tasks")
    absent = lead.get("/nothing")

    assert wrong.status_code == 405
    assert wrong.headers["allow"] == "GET"
    assert absent.status_code == 404
    assert absent.headers["content-type"] == "application/problem+json"
