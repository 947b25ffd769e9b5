"""Programs that come with an API token."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from service.wiring import Parts
from tests.support.api import V1, Program
from tests.support.platform import START, Platform

Sign = Callable[[str], Program]
TODAY = START.date().isoformat()


def make(program: Program, *scopes: str, **values: Any) -> tuple[str, str]:
    """The token's id and the whole token."""
    asked = {"name": "Rapport", "scopes": list(scopes), "first_day": TODAY, "last_day": TODAY}
    answer = program.post("/tokens", {**asked, **values})
    assert answer.status_code == 201
    return answer.json()["id"], answer.json()["secret"]


def bearer(parts: Parts, secret: str) -> Program:
    """A program that sends nothing but the token."""
    program = Program.at(parts)
    program.client.headers["Authorization"] = f"Bearer {secret}"
    return program


def test_a_token_lets_a_program_in_as_its_person(parts: Parts, lead: Program) -> None:
    token, secret = make(lead, "read")

    me = bearer(parts, secret).get("/me").json()

    assert me["id"] == "lead"
    assert me["via"] == f"token:{token}"
    assert me["scopes"] == ["read"]
    assert me["csrf_token"] == ""


def test_an_act_with_a_token_needs_no_other_header(
    parts: Parts, platform: Platform, lead: Program
) -> None:
    procurement = platform.start()
    _, secret = make(lead, "work")
    task = platform.task(procurement, "describe").id

    answer = bearer(parts, secret).post(f"/tasks/{task}/claim")

    assert answer.status_code == 200
    assert platform.task(procurement, "describe").assignee == "lead"


@pytest.mark.parametrize(
    ("scopes", "path", "status"),
    [
        (("read",), "/tasks", 200),
        (("work",), "/tasks", 403),
        (("work",), "/procurements", 403),
        (("work",), "/processes", 403),
        (("read",), "/tokens", 200),
    ],
)
def test_reading_takes_the_scope_for_it(
    parts: Parts, lead: Program, scopes: tuple[str, ...], path: str, status: int
) -> None:
    _, secret = make(lead, *scopes)

    answer = bearer(parts, secret).get(path)

    assert answer.status_code == status
    if status == 403:
        assert answer.json()["code"] == "scope-missing"
        assert answer.json()["needed"] == "read"


def test_no_get_of_the_api_is_open_to_a_token_without_the_scope_to_read(
    parts: Parts, platform: Platform, lead: Program
) -> None:
    """Whatever is added: without it one reads the law, what is told to all, and who one is."""
    _, secret = make(lead, "decide")
    program = bearer(parts, secret)
    document = program.get("/openapi.json").json()
    values = {"procurement": platform.start()}

    told = {}
    for path, methods in document["paths"].items():
        if "get" in methods and path != f"{V1}/me":
            address = path
            for name in ("procurement", "task", "attachment", "seat", "wait", "happening"):
                address = address.replace(f"{{{name}}}", values.get(name, "x"))
            told[path] = program.client.get(address).status_code

    assert {path for path, status in told.items() if status == 200} <= FOR_ANYBODY


FOR_ANYBODY = {
    f"{V1}/competitions",
    f"{V1}/time-limits",
    f"{V1}/rules",
    f"{V1}/rules/checks",
    f"{V1}/choice/questions",
    f"{V1}/market",  # open market dialogues
}


def test_a_token_shows_its_secret_once(lead: Program) -> None:
    token, secret = make(lead, "read", "work")

    listed = lead.get("/tokens").json()

    assert [each["id"] for each in listed] == [token]
    assert secret.removeprefix(f"pivotal_{token}_") not in str(listed)
    assert secret.startswith(f"pivotal_{token}_")


def test_the_database_holds_no_secret(parts: Parts, lead: Program) -> None:
    _, secret = make(lead, "read")

    with parts.store.reader() as connection:
        rows = str(connection.execute(sa.text("SELECT * FROM api_token")).all())
        bodies = str(connection.execute(sa.text("SELECT body FROM audit_event")).all())
    assert secret.split("_", 2)[2] not in rows + bodies


def test_a_revoked_token_lets_nobody_in_from_the_next_request_on(
    parts: Parts, lead: Program
) -> None:
    token, secret = make(lead, "read")
    program = bearer(parts, secret)
    assert program.get("/tasks").status_code == 200

    lead.post(f"/tokens/{token}/revoke")

    answer = program.get("/tasks")
    assert answer.status_code == 401
    assert answer.json()["code"] == "token-invalid"
    assert lead.get("/tokens").json()[0]["state"] == "revoked"


def test_a_token_holds_on_its_days_alone(parts: Parts, platform: Platform, lead: Program) -> None:
    tomorrow = (START.date() + timedelta(days=1)).isoformat()
    _, secret = make(lead, "read", first_day=tomorrow, last_day=tomorrow)
    program = bearer(parts, secret)

    statuses = []
    for days in (0, 1, 2):
        platform.clock.set(START + timedelta(days=days))
        statuses.append(program.get("/tasks").status_code)

    assert statuses == [401, 200, 401]


def test_when_it_was_last_used_is_shown(parts: Parts, lead: Program) -> None:
    _, secret = make(lead, "read")
    assert lead.get("/tokens").json()[0]["used_at"] is None

    bearer(parts, secret).get("/tasks")

    assert lead.get("/tokens").json()[0]["used_at"].startswith(TODAY)


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer x", "Bearer pivotal_x_y", "Basic bGVhZDpsZWFk", "bearer pivotal__"],
)
def test_what_is_no_token_lets_nobody_in(parts: Parts, lead: Program, header: str) -> None:
    make(lead, "read")
    lead.client.headers["Authorization"] = header

    assert lead.get("/tasks").status_code == 401


def test_half_a_token_is_none(parts: Parts, lead: Program) -> None:
    token, secret = make(lead, "read")

    for wrong in (secret[:-1], secret + "x", f"pivotal_{token}_"):
        assert bearer(parts, wrong).get("/tasks").status_code == 401


def test_pages_take_no_token(parts: Parts, lead: Program) -> None:
    _, secret = make(lead, "read")

    answer = bearer(parts, secret).client.get("/tasks", follow_redirects=False)

    assert answer.status_code == 303


def test_a_token_makes_no_token_and_revokes_none(parts: Parts, lead: Program) -> None:
    token, secret = make(lead, "read", "work", "decide", "steer", "deploy", "administer")
    program = bearer(parts, secret)
    asked = {"name": "Ny", "scopes": ["read"], "first_day": TODAY, "last_day": TODAY}

    answers = [program.post("/tokens", asked), program.post(f"/tokens/{token}/revoke")]

    assert [answer.json()["code"] for answer in answers] == ["scope-missing"] * 2


def test_nobody_sees_or_revokes_the_tokens_of_others(lead: Program, program: Sign) -> None:
    token, _ = make(lead, "read")
    owner = program("owner")

    assert owner.get("/tokens").json() == []
    assert owner.post(f"/tokens/{token}/revoke").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"scopes": []},
        {"scopes": ["all"]},
        {"last_day": "2020-01-01"},
        {"last_day": "soon"},
        {"more": 1},
    ],
)
def test_a_token_that_says_too_little_is_refused(lead: Program, wrong: dict[str, Any]) -> None:
    asked = {"name": "x", "scopes": ["read"], "first_day": TODAY, "last_day": TODAY, **wrong}

    assert lead.post("/tokens", asked).status_code == 422


def test_the_same_request_again_makes_no_second_token(lead: Program) -> None:
    asked = {"name": "x", "scopes": ["read"], "first_day": TODAY, "last_day": TODAY}

    answers = [lead.post("/tokens", asked, key="t1") for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 409]
    assert len(lead.get("/tokens").json()) == 1
