"""A platform whose mails go to a real mail server."""

from collections.abc import Iterator
from dataclasses import replace
from email.headerregistry import Address
from pathlib import Path

import pytest

from service.outbox import Postman
from service.settings import MailServer, Tls
from service.wiring import Parts
from tests.support.mail_server import Behaviour, Served, mail_server
from tests.support.platform import Platform
from tests.support.web import make_parts


@pytest.fixture
def served() -> Iterator[Served]:
    with mail_server() as found:
        yield found


@pytest.fixture
def server(served: Served) -> Behaviour:
    return served.behaviour


@pytest.fixture
def mailing(any_platform: Platform, served: Served, tmp_path: Path) -> Parts:
    """The platform's parts with this server in the settings, on both databases."""
    return with_server(make_parts(any_platform, tmp_path), served.port)


@pytest.fixture
def postman(mailing: Parts) -> Postman:
    return Postman(mailing)


def with_server(parts: Parts, port: int, tls: Tls = Tls.NONE) -> Parts:
    server = MailServer(
        "127.0.0.1",
        port,
        tls,
        "",
        None,
        Address("PIVOTAL", "pivotal", "town.test"),
        "back@town.test",
    )
    return replace(parts, settings=replace(parts.settings, mail=server))
