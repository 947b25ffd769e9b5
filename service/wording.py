"""What a person is told, in a sentence: the same in the inbox, in mails and over the API."""

from engine.queries.notifications import Told
from service.i18n import Translator


def sentence(told: Told, text: Translator) -> str:
    """What happened, in the reader's language."""
    return text(f"notification.{told.kind}", about=told.about, by=told.by or text("platform"))
