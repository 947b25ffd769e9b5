"""Letters leave after the transaction that wrote them: each is put as a file where the
organisation's mail system fetches it, under its id, so that a second try makes no second letter."""

from email.message import EmailMessage

from engine.model.records import LetterRecord
from service.settings import Settings


def deliver(letter: LetterRecord, settings: Settings) -> None:
    """Write the letter to the folder `outbox` of the data folder; raises OSError."""
    folder = settings.data / "outbox"
    folder.mkdir(parents=True, exist_ok=True)
    message = EmailMessage()
    message["Message-ID"] = f"<{letter.id}@{settings.log_name}>"
    message["To"] = letter.recipient.replace("\n", " ")
    message["Subject"] = letter.subject.replace("\n", " ")
    message.set_content(letter.body)
    draft = folder / f".{letter.id}"
    draft.write_bytes(bytes(message))
    draft.replace(folder / f"{letter.id}.eml")
