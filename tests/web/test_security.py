"""Sessions, tokens, headers: what stands between a request and an act."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.wiring import Parts
from tests.support.platform import Platform
from tests.support.web import Visitor, make_parts

Visit = Callable[[str], Visitor]


@pytest.mark.parametrize("path", ["/tasks", "/procurements", "/processes"])
def test_who_has_not_signed_in_is_led_there_and_back(parts: Parts, path: str) -> None:
    answer = Visitor.at(parts).get(path)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?next=%2F{path[1:]}"


def test_nobody_is_sent_to_another_site_after_signing_in(parts: Parts) -> None:
    visitor = Visitor.at(parts)

    for address in ("https://evil.test/", "//evil.test/", "/\\evil.test"):
        answer = visitor.client.post("/sign-in", data={"person": "lead", "next": address})

        assert answer.headers["location"] == "/tasks"


def test_the_cookie_is_kept_from_scripts_and_other_sites(parts: Parts) -> None:
    answer = Visitor.at(parts).client.post("/sign-in", data={"person": "lead"})

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_the_database_does_not_hold_the_cookie(parts: Parts, visit: Visit) -> None:
    value = visit("lead").client.cookies["pivotal"]

    with parts.store.reader() as connection:
        digests = list(connection.scalars(sa.text("SELECT digest FROM session")))
    assert len(digests) == 1
    assert value not in digests


@pytest.mark.parametrize("away", [timedelta(minutes=31), timedelta(hours=9)])
def test_a_session_ends_by_itself(platform: Platform, visit: Visit, away: timedelta) -> None:
    visitor = visit("lead")

    platform.clock.set(platform.clock.now() + away)

    assert visitor.get("/tasks").status_code == 303


def test_signing_out_ends_the_session_for_every_copy_of_the_cookie(visit: Visit) -> None:
    visitor = visit("lead")
    value = visitor.client.cookies["pivotal"]
    visitor.press("/tasks", "/sign-out")

    visitor.client.cookies.set("pivotal", value)

    assert visitor.get("/tasks").status_code == 303


def test_outside_the_demonstration_nobody_signs_in_without_a_password(
    platform: Platform, tmp_path: Path
) -> None:
    visitor = Visitor.at(make_parts(platform, tmp_path, demo=False))

    page = visitor.get("/sign-in")
    answer = visitor.client.post("/sign-in", data={"person": "lead"})

    assert 'name="person"' not in page.text
    assert answer.status_code == 404


def test_the_demonstration_says_so_on_every_page(visit: Visit) -> None:
    visitor = visit("lead")

    for path in ("/sign-in", "/tasks", "/procurements", "/processes"):
        assert "Demonstrasjon:" in visitor.get(path).text


def test_a_form_without_the_sessions_token_does_nothing(platform: Platform, visit: Visit) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")

    answer = visit("lead").client.post(f"/tasks/{task.id}/claim", data={"_csrf": "x"})

    assert answer.status_code == 403
    assert platform.task(procurement, "describe").assignee == ""


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.test"}]
)
def test_a_form_sent_from_another_site_does_nothing(
    platform: Platform, visit: Visit, headers: dict[str, str]
) -> None:
    procurement = platform.start()
    task = platform.task(procurement, "describe")
    visitor = visit("lead")
    tokens = visitor.hidden("/tasks")

    answer = visitor.client.post(f"/tasks/{task.id}/claim", data=tokens, headers=headers)

    assert answer.status_code == 403
    assert platform.task(procurement, "describe").assignee == ""


@pytest.mark.parametrize("path", ["/sign-in", "/tasks", "/nowhere", "/api/v1/tasks"])
def test_every_answer_has_the_headers(visit: Visit, path: str) -> None:
    headers = visit("lead").get(path).headers

    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"


def test_what_is_too_large_is_refused_unread(visit: Visit) -> None:
    visitor = visit("lead")

    answer = visitor.client.post(
        "/api/v1/tasks/x/complete", content=b"{}", headers={"Content-Length": str(10**9)}
    )

    assert answer.status_code == 413
    assert answer.json()["code"] == "file-too-large"
