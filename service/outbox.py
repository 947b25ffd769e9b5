"""What leaves after the transaction that wrote it: letters into a folder, mails by a carrier.

A mail is claimed, written, handed over and reported, each step by a command of its own. Whatever
stops in between, the mail comes again under the same Message-ID, and nobody gets it as another one.
"""

from email.message import EmailMessage

import structlog

from engine.commands.appointments import PlanAppointments
from engine.commands.mails import BATCH, ClaimMails, PlanMails, ReportMail
from engine.errors import InvalidInputError
from engine.model.actor import SYSTEM
from engine.model.mails import Outcome
from engine.model.records import LetterRecord
from engine.queries.mails import (
    AppointmentContent,
    Content,
    LetterContent,
    MailContent,
    MeetingContent,
    NewsContent,
    content_of,
)
from engine.queries.view import View
from service.carriers import Attempt, Carrier, ServerDownError, carrier
from service.mails import Composer, one_line
from service.settings import Settings
from service.wiring import Parts

log = structlog.get_logger()


def deliver(letter: LetterRecord, settings: Settings) -> None:
    """Put the letter where the organisation's mail system fetches it, under its id, so that a
    second try makes no second letter; raises OSError."""
    folder = settings.outbox
    folder.mkdir(parents=True, exist_ok=True)
    message = EmailMessage()
    message["Message-ID"] = f"<{letter.id}@{settings.log_name}>"
    message["To"] = one_line(letter.recipient)
    message["Subject"] = one_line(letter.subject)
    message.set_content(letter.body)
    draft = folder / f".{letter.id}"
    draft.write_bytes(bytes(message))
    draft.replace(folder / f"{letter.id}.eml")


class Postman:
    """Makes mails of notifications, and sends them."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._composer = Composer(parts.settings)

    def round(self) -> int:
        """Everything that is ready now; how many mails were sent is the answer."""
        while self._parts.bus.handle(PlanMails(), SYSTEM)["settled"] == BATCH:
            pass
        while self._parts.bus.handle(PlanAppointments(), SYSTEM)["looked"]:
            pass
        with carrier(self._parts.settings.mail, self._parts.settings.outbox) as way:
            return self._send_all(way)

    def _send_all(self, way: Carrier) -> int:
        sent, down = 0, ""
        while not down and (claimed := self._parts.bus.handle(ClaimMails(), SYSTEM)["mails"]):
            for key in claimed:
                try:
                    attempt = Attempt(Outcome.DEFERRED, down) if down else self._send(way, key)
                except ServerDownError as error:
                    down = str(error)
                    attempt = Attempt(Outcome.DEFERRED, down)
                self._report(key, attempt)
                sent += attempt.outcome is Outcome.SENT
        return sent

    def _send(self, way: Carrier, key: str) -> Attempt:
        content = self._content(key)
        if content is None:
            return Attempt(Outcome.DROPPED)
        try:
            message = self._written(content)
        except InvalidInputError as error:
            return Attempt(Outcome.REFUSED, str(error))
        return way.send(message, content.address)

    def _written(self, content: Content) -> EmailMessage:
        now = self._parts.clock.now()
        match content:
            case MailContent():
                return self._composer.write(content, now)
            case AppointmentContent():
                return self._composer.invite(content, now)
            case MeetingContent():
                return self._composer.call(content, now)
            case NewsContent():
                return self._composer.tell(content, now)
            case LetterContent():
                return self._composer.letter(content, now)

    def _content(self, key: str) -> Content | None:
        with self._parts.store.reader() as connection:
            view = View(connection, self._parts.definitions, SYSTEM, self._parts.clock.now())
            return content_of(view, key)

    def _report(self, key: str, attempt: Attempt) -> None:
        answer = self._parts.bus.handle(ReportMail(key, attempt.outcome, attempt.problem), SYSTEM)
        if attempt.problem:
            log.warning("mail not sent", mail=key, state=answer["state"], error=attempt.problem)
