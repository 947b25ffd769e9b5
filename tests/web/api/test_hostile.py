"""Whatever is sent, the answer is an answer: a problem with a reason, never a fault of the server.

The client raises whatever the application did not catch, so that a traceback fails the test.
"""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.api import V1, Program
from tests.support.platform import Platform

TEXT = st.text(max_size=60)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(
    st.sampled_from(
        ["submission", "content", "option", "reason", "to", "text", "message", "wait", "to_seq"]
    )
    | TEXT,
    VALUES | st.dictionaries(st.sampled_from(["title", "need", "functional", "why"]), VALUES),
    max_size=4,
)
FEW = settings(
    max_examples=25,
    deadline=timedelta(seconds=10),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def send(program: Program, method: str, path: str, content: Any) -> int:
    """The body as other programs may write it, also what JSON does not allow."""
    answer = program.client.request(
        method,
        V1 + path,
        content=json.dumps(content).encode(),
        headers={"X-CSRF-Token": program.token, "Content-Type": "application/json"},
    )
    assert answer.status_code < 300 or answer.json()["code"]
    return answer.status_code


@pytest.mark.parametrize(
    ("method", "act"),
    [
        ("PUT", "/draft"),
        ("POST", "/complete"),
        ("POST", "/delegate"),
        ("POST", "/comments"),
    ],
)
@FEW
@given(content=OBJECTS | VALUES)
def test_any_body_for_a_task_is_answered(
    platform: Platform, lead: Program, method: str, act: str, content: Any
) -> None:
    found = lead.get("/tasks", list="roles", limit=1).json()["items"]
    task = found[0]["id"] if found else platform.task(_started(platform), "describe").id

    assert send(lead, method, f"/tasks/{task}{act}", content) < 500


@pytest.mark.parametrize("act", ["/messages", "/rewind", "/team", "/suspend", "/comments"])
@FEW
@given(content=OBJECTS | VALUES)
def test_any_body_for_a_procurement_is_answered(
    platform: Platform, lead: Program, act: str, content: Any
) -> None:
    found = lead.get("/procurements").json()
    key = found[0]["id"] if found else _started(platform)

    assert send(lead, "POST", f"/procurements/{key}{act}", content) < 500


def _started(platform: Platform) -> str:
    return platform.start()


@FEW
@given(key=st.text(min_size=1, max_size=80), act=st.sampled_from(["", "/claim", "/complete"]))
def test_any_key_of_a_task_is_answered(lead: Program, key: str, act: str) -> None:
    path = f"{V1}/tasks/{quote(key, safe='', errors='surrogatepass')}{act}"

    codes = [
        lead.client.get(path).status_code,
        lead.client.post(path, headers={"X-CSRF-Token": lead.token}).status_code,
    ]

    assert all(code in {200, 404, 405, 422} for code in codes)


@FEW
@given(
    query=st.dictionaries(
        st.sampled_from(["list", "procurement", "role", "late", "cursor", "limit"]),
        TEXT | st.integers().map(str),
        max_size=4,
    )
)
def test_any_query_for_a_task_list_is_answered(lead: Program, query: dict[str, str]) -> None:
    encoded = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}

    assert lead.get("/tasks", **encoded).status_code in {200, 422}


@FEW
@given(
    start=st.dates().map(str) | st.datetimes().map(str) | TEXT,
    at=st.none() | st.dates().map(str) | TEXT,
)
def test_any_day_for_a_time_limit_is_answered(lead: Program, start: str, at: str | None) -> None:
    query = {"start": start, **({"rules_at": at} if at is not None else {})}
    encoded = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}

    answer = lead.get("/time-limits/standstill-electronic", **encoded)

    assert answer.status_code in {200, 409, 422}
