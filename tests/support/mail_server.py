"""A real mail server that keeps what it takes, and does what a test wants it to do."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(slots=True)
class Behaviour:
    """`taken` are the mails it answered for, with their recipients. Addresses in `answers` get that
    answer to RCPT instead; `after_data` is answered to the mail itself, and with `hang_up` nothing
    is: the line breaks after the mail was taken."""

    taken: list[tuple[str, EmailMessage]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    after_data: str = ""
    hang_up: bool = False
    senders: list[str] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for _, message in self.taken]

    @property
    def subjects(self) -> list[str]:
        return [str(message["Subject"]) for _, message in self.taken]


class _Handler:
    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour

    async def handle_RCPT(  # noqa: N802 - the library's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        answer = self._behaviour.answers.get(address)
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        behaviour = self._behaviour
        if behaviour.after_data:
            return behaviour.after_data
        content: Any = envelope.content
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        behaviour.taken += [(address, message) for address in envelope.rcpt_tos]
        behaviour.senders.append(str(envelope.mail_from))
        if behaviour.hang_up and server.transport is not None:
            server.transport.abort()
        return "250 OK"


@dataclass(frozen=True, slots=True)
class Served:
    """Where the server listens, and how it behaves."""

    port: int
    behaviour: Behaviour


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def mail_server(**options: Any) -> Iterator[Served]:
    """The server, until the block ends; `options` are the library's, such as a TLS context."""
    behaviour = Behaviour()
    controller = Controller(_Handler(behaviour), hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield Served(controller.port, behaviour)
    finally:
        controller.stop()


def only(user: str, password: str) -> Any:
    """Lets in this user alone."""

    def authenticate(
        _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
    ) -> AuthResult:
        right = LoginPassword(user.encode(), password.encode())
        return AuthResult(success=given == right, handled=False)

    return authenticate
