"""Mails as people read them: a few lines and a link, in the recipient's language.

A mail holds nothing that is not on the list of tasks: no form, no comment, no supplier. A letter to
a supplier, which the law wants sent, is carried whole to that supplier alone. What stands in a
header is put on one line, and an address that is none is refused, so that nobody can write headers
of a mail through a name or a title.
"""

from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from engine.errors import InvalidInputError
from engine.model.mails import MailKind
from engine.queries.mails import (
    AppointmentContent,
    LetterContent,
    MailContent,
    MeetingContent,
    NewsContent,
)
from engine.queries.notifications import Told
from service.calendars import Entry, due_date, invitation, meeting
from service.i18n import Translator, load_texts
from service.security.invitations import link_of
from service.settings import Settings
from service.wording import sentence

TEMPLATES: Final = Path(__file__).parent / "templates" / "mail"
NOBODY: Final = Address("PIVOTAL", "pivotal", "localhost")
"""The sender where no mail server is named: those mails go into a folder."""


class Composer:
    """Writes mails; made once."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._texts = load_texts()
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(self, content: MailContent, now: datetime) -> EmailMessage:
        """The whole message; raises InvalidInputError when it cannot be addressed."""
        text = self.translator(content.language)
        message = self._addressed(content.id, content.name, content.address, now)
        message["Subject"] = one_line(_subject(content.told, text))
        page = {
            "t": text,
            "name": content.name,
            "items": [(each, sentence(each, text), self._link(each)) for each in content.told],
            "home": f"{self._settings.base_url}/notifications",
            "choices": f"{self._settings.base_url}/notifications/choices",
        }
        message.set_content(_plain(page))
        html = self._templates.get_template("notifications.html").render(page)
        message.add_alternative(html, subtype="html")
        message["Content-Language"] = content.language  # last: parts take Content- headers along
        return message

    def translator(self, language: str) -> Translator:
        return Translator(language, self._texts[language])

    def invite(self, content: AppointmentContent, now: datetime) -> EmailMessage:
        """A due date for the recipient's calendar; raises InvalidInputError when it cannot be
        addressed."""
        text = self.translator(content.language)
        kind = "due" if content.ends_at is None else "gathering"
        what = f"{text(kind)}: {content.name} ({content.reference})" if content.name else text(kind)
        key = "appointment.active" if content.active else "appointment.over"
        if content.ends_at is not None:
            key = "meeting.active" if content.active else "meeting.over"
        link = f"{self._settings.base_url}/tasks/{content.task}" if content.name else ""
        entry = due_date(content, what, link)
        message = self._addressed(content.id, content.person, content.address, now)
        message["Subject"] = one_line(text(key, what=what))
        when = text.due(content.due_at)
        if content.ends_at is not None:
            when = text.span(content.due_at, content.ends_at)
        return self._with_entry(message, entry, text, now, (when, content.place))

    def call(self, content: MeetingContent, now: datetime) -> EmailMessage:
        """A meeting for the recipient's calendar; raises InvalidInputError when it cannot be
        addressed."""
        text = self.translator(content.language)
        what = text("meeting.with", other=content.other, reference=content.reference)
        key = "meeting.active" if content.active else "meeting.over"
        entry = meeting(content, what, f"{self._settings.base_url}{content.link}")
        message = self._addressed(content.id, content.name, content.address, now)
        message["Subject"] = one_line(text(key, what=what))
        when = text.span(content.starts_at, content.ends_at)
        return self._with_entry(message, entry, text, now, (content.title, when, content.place))

    def tell(self, content: NewsContent, now: datetime) -> EmailMessage:
        """That there is something new in the portal, or the way in; raises InvalidInputError when
        it cannot be addressed."""
        text = self.translator(content.language)
        message = self._addressed(content.id, content.name, content.address, now)
        message["Subject"] = one_line(f"{content.title} ({content.reference})")
        until = text.minute(content.until) if content.until else ""
        said = text.at("news", content.kind, buyer=content.buyer, until=until)
        back = content.invitation
        link = link_of(self._settings, back) if back else f"{self._settings.base_url}/portal"
        foot = "news.foot-invited" if content.kind is MailKind.INVITED else "news.foot"
        lines = [said, link, "", text(foot), ""]
        message.set_content("\n".join(lines))
        message["Content-Language"] = content.language
        return message

    def letter(self, content: LetterContent, now: datetime) -> EmailMessage:
        """The letter as it was written, and where else it stands; raises InvalidInputError when it
        cannot be addressed."""
        text = self.translator(content.language)
        message = self._addressed(content.id, content.name, content.address, now)
        message["Subject"] = one_line(f"{content.subject} ({content.reference})")
        foot = text("mail.letter.foot", buyer=content.buyer)
        where = f"{self._settings.base_url}/portal"
        message.set_content(f"{content.body}\n\n--\n{foot}\n{where}\n")
        message["Content-Language"] = content.language
        return message

    def _with_entry(
        self,
        message: EmailMessage,
        entry: Entry,
        text: Translator,
        now: datetime,
        said: tuple[str, ...],
    ) -> EmailMessage:
        """With the entry as an iTIP message (RFC 5546, RFC 6047), and what it says for people."""
        lines = [entry.what, *(each for each in said if each), entry.link, "", text("mail.foot")]
        message.set_content("\n".join([*lines, ""]))
        server = self._settings.mail
        sender = (server.sender if server else NOBODY).addr_spec
        message.add_alternative(
            invitation(entry, sender, now),
            maintype="text",
            subtype="calendar",
            params={"method": entry.method, "charset": "utf-8"},
        )
        message["Content-Language"] = text.language
        return message

    def _addressed(self, key: str, name: str, address: str, now: datetime) -> EmailMessage:
        """The headers that every mail has; raises InvalidInputError for an address that is none."""
        server = self._settings.mail
        message = EmailMessage(policy=SMTP)
        message["From"] = server.sender if server else NOBODY
        message["To"] = _address(name, address)
        message["Date"] = format_datetime(now)
        message["Message-ID"] = f"<{key}@{self._settings.log_name}>"
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence note answers it
        message["X-Auto-Response-Suppress"] = "All"
        return message

    def _link(self, told: Told) -> str:
        return f"{self._settings.base_url}/notifications/{told.id}"


def one_line(text: str) -> str:
    """Without breaks and other characters that are not printed."""
    return " ".join("".join(each if each.isprintable() else " " for each in text).split())


def _address(name: str, address: str) -> Address:
    try:
        found = Address(one_line(name), addr_spec=address)
    except (ValueError, IndexError) as error:
        raise InvalidInputError(f"'{one_line(address)}' is no mail address.") from error
    if not found.username or not found.domain:
        raise InvalidInputError(f"'{one_line(address)}' is no mail address.")
    return found


def _subject(told: tuple[Told, ...], text: Translator) -> str:
    if len(told) == 1:
        return f"{sentence(told[0], text)} ({told[0].reference})"
    return text("mail.subject.many", number=len(told))


def _plain(page: Mapping[str, Any]) -> str:
    """The same for those who read text."""
    text: Translator = page["t"]
    lines = [text("mail.hello", name=one_line(page["name"])), ""]
    for told, said, link in page["items"]:
        lines += [one_line(said), f"{told.reference} {one_line(told.title)}"]
        if told.due_at is not None:
            lines.append(f"{text('due')}: {text.due(told.due_at)}")
        lines += [link, ""]
    return "\n".join([*lines, text("mail.foot"), page["choices"], ""])
