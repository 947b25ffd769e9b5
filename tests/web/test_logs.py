"""The log says what went wrong and where, and nothing that people typed or sign in with."""

import io
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
import structlog
from fastapi import FastAPI, Request
from starlette.requests import ClientDisconnect
from starlette.testclient import TestClient

from service.app import create_app
from service.logs import configure_logs
from service.wiring import Parts
from tests.support.platform import Platform

TYPED = "KANARIFUGL"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    configure_logs(stream)
    yield stream
    structlog.reset_defaults()


@pytest.fixture
def app(parts: Parts) -> FastAPI:
    """The application with an address that fails in a way nobody foresaw."""
    made = create_app(parts.settings, parts)

    @made.post("/fails/{secret}/{key}")
    async def fails(request: Request) -> None:
        typed = (await request.body()).decode()
        raise RuntimeError("unforeseen" if typed else "")

    @made.post("/left")
    def left() -> None:
        raise ClientDisconnect

    return made


def test_an_error_is_told_with_its_place_and_without_what_was_typed(
    app: FastAPI, log: io.StringIO
) -> None:
    client = TestClient(app, raise_server_exceptions=False)

    answer = client.post(
        f"/fails/{TYPED}/k1", content=TYPED, headers={"cookie": f"pivotal={TYPED}"}
    )

    told = log.getvalue()
    assert answer.status_code == 500
    assert "RuntimeError: unforeseen" in told
    assert "/fails/{secret}/{key}" in told
    assert "'key': 'k1'" in told
    assert TYPED not in told


def test_a_browser_that_goes_away_is_no_error(app: FastAPI, log: io.StringIO) -> None:
    TestClient(app).post("/left")

    assert log.getvalue() == ""


def test_a_refused_statement_is_told_without_its_values(any_platform: Platform) -> None:
    wrong = sa.text("SELECT no_such_column FROM task WHERE id = :typed")

    with any_platform.store.reader() as connection, pytest.raises(sa.exc.DBAPIError) as refused:
        connection.execute(wrong, {"typed": TYPED})

    assert "no_such_column" in str(refused.value)
    assert TYPED not in str(refused.value)
