"""How a mail leaves: by SMTP, or as a file where no mail server is named.

What a server answers is sorted by RFC 5321 § 4.2.1: 4yz may go better later, 5yz never will. What
is wrong with our own sender or sign-in is for the operator to mend, and waits.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Protocol

from engine.errors import EngineError
from engine.model.mails import Outcome
from service.settings import MailServer, Tls

PATIENCE: Final = 20.0
"""Seconds that a server may take for one answer."""
_NEVER: Final = 500


class ServerDownError(EngineError):
    """The mail server cannot be reached or does not let us in; nothing can be sent now."""

    code = "mail-server-down"


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of it; `problem` in the server's words."""

    outcome: Outcome
    problem: str = ""


SENT: Final = Attempt(Outcome.SENT)


class Carrier(Protocol):
    """Takes one mail to one address."""

    def send(self, message: EmailMessage, address: str) -> Attempt:
        """Raises ServerDownError when no other mail would get through either."""
        ...


@contextmanager
def carrier(server: MailServer | None, folder: Path) -> Iterator[Carrier]:
    """The way out of this installation, open until the block ends."""
    if server is None:
        yield FolderCarrier(folder)
        return
    smtp = SmtpCarrier(server)
    try:
        yield smtp
    finally:
        smtp.close()


class FolderCarrier:
    """Puts each mail into a folder, under its id: a second try makes no second mail."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: EmailMessage, address: str) -> Attempt:  # noqa: ARG002 - it stands in To
        """Written whole or not at all; raises ServerDownError when it cannot be written."""
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = self._folder / f".{name}"
            draft.write_bytes(bytes(message))
            draft.replace(self._folder / f"{name}.eml")
        except OSError as error:
            raise ServerDownError(f"{self._folder}: {error.strerror}") from error
        return SENT


class SmtpCarrier:
    """Keeps one connection while there is something to send, and opens it again when it broke."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._connection: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, address: str) -> Attempt:
        connection = self._connection or self._connect()
        try:
            connection.send_message(message, self._server.returns_to, [address])
        except smtplib.SMTPRecipientsRefused as error:
            (code, said), *_ = error.recipients.values()
            return self._refused(code, said)
        except smtplib.SMTPSenderRefused as error:
            self.close()
            return Attempt(Outcome.DEFERRED, _words(error.smtp_code, error.smtp_error))
        except smtplib.SMTPResponseException as error:
            return self._refused(error.smtp_code, error.smtp_error)
        except smtplib.SMTPNotSupportedError as error:
            return Attempt(Outcome.REFUSED, str(error))
        except (OSError, smtplib.SMTPException) as error:
            # The server may have taken it before the line broke: the same id tells it again.
            self.close()
            return Attempt(Outcome.DEFERRED, str(error) or type(error).__name__)
        return SENT

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()

    def _refused(self, code: int, said: bytes | str) -> Attempt:
        if code == _CLOSING:
            self.close()
        outcome = Outcome.REFUSED if code >= _NEVER else Outcome.DEFERRED
        return Attempt(outcome, _words(code, said))

    def _connect(self) -> smtplib.SMTP:
        try:
            self._connection = _opened(self._server)
        except (OSError, smtplib.SMTPException) as error:
            raise ServerDownError(
                f"The mail server {self._server.host}:{self._server.port} does not let us in:"
                f" {error}"
            ) from error
        return self._connection


_CLOSING: Final = 421


def _opened(server: MailServer) -> smtplib.SMTP:
    """A connection as safe as the settings ask for, signed in where they name a user."""
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if server.tls is Tls.TLS:
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        if server.tls is Tls.STARTTLS:
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password())
    except (OSError, smtplib.SMTPException):
        connection.close()
        raise
    return connection


def _words(code: int, said: bytes | str) -> str:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"{code} {' '.join(text.split())}"
