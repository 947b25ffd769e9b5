"""What one supplier learned goes to all: one batch, one moment, nobody named.

Answers to questions go the same way. Who *all* are is worked out here alone.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import uuid4

from engine.access.policy import Action
from engine.commands.act import Act
from engine.commands.environment import Answer, Session
from engine.commands.own_place import of_supplier
from engine.commands.telling import send_letter
from engine.errors import (
    InvalidInputError,
    NotFoundError,
    ReasonMissingError,
    RejectedError,
    TextLengthError,
)
from engine.model import events as e
from engine.model.dialogue import ItemRecord, ReleaseKind, Source
from engine.procurement import text as words
from engine.procurement.naming import named_in
from engine.store import dialogue, participants, records

LONGEST: Final = 8000
MOST_TEXTS: Final = 200
CHANNELS: Final = ("phone", "meeting", "mail", "portal", "other")
SUBJECT: Final[Mapping[ReleaseKind, words.Text]] = {
    ReleaseKind.INFORMATION: words.text(
        "Informasjon til alle i konkurransen",
        "Information to all in the competition",
        nn="Informasjon til alle i konkurransen",
    ),
    ReleaseKind.ANSWERS: words.text(
        "Spørsmål og svar i konkurransen",
        "Questions and answers in the competition",
        nn="Spørsmål og svar i konkurransen",
    ),
}


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a release; `item` is the number of the item it is the wording of, 0 for what
    the buyer tells besides."""

    text: str
    item: int = 0


@dataclass(frozen=True, slots=True)
class NoteItem:
    """`scope` learned something the others do not know, for instance by telephone: `said`, in
    answer to `question` where there was one."""

    procurement: str
    scope: str
    said: str
    learned_at: datetime
    channel: str
    question: str = ""


def note_item(command: NoteItem, session: Session) -> Answer:
    act = arrange(session, command.procurement, command.scope)
    if command.channel not in CHANNELS:
        raise InvalidInputError(
            f"The channel is one of {', '.join(CHANNELS)}.",
            about="one-of",
            choices=", ".join(CHANNELS),
        )
    if command.learned_at > act.now:
        raise InvalidInputError("Nobody can have learned it after now.", about="learned-later")
    if not command.scope:
        raise InvalidInputError("Say which supplier was told.", scope="", about="which-supplier")
    event = note(
        act,
        origin=Source.ORAL,
        scope=command.scope,
        said=checked(command.said),
        question=command.question.strip(),
        learned_at=command.learned_at,
        channel=command.channel,
    )
    return {"procurement": act.id, "item": event.item, "number": event.number}


def note(  # noqa: PLR0913 - an item is all of these
    act: Act,
    *,
    origin: Source,
    scope: str,
    said: str,
    learned_at: datetime,
    channel: str,
    question: str = "",
    source: str = "",
) -> e.ItemNoted:
    """Put down that one supplier knows more than the others."""
    connection = act.session.work.connection
    here = dialogue.open_round(connection, act.id)
    event = e.ItemNoted(
        item=uuid4().hex,
        number=len(dialogue.items_of(connection, act.id)) + 1,
        round=here.id if here else "",
        origin=origin.value,
        source=source,
        scope=scope,
        question=question,
        said=said,
        learned_at=learned_at.isoformat(),
        channel=channel,
    )
    act.record(event)
    return event


@dataclass(frozen=True, slots=True)
class DropItem:
    procurement: str
    item: str
    reason: str


def drop_item(command: DropItem, session: Session) -> Answer:
    """It is not shared, because it has no bearing on the competition: the reason says why."""
    connection = session.work.connection
    items = dialogue.items_of(connection, command.procurement)
    found = next((each for each in items if each.id == command.item), None)
    act = arrange(session, command.procurement, found.scope if found else "")
    if found is None:
        raise NotFoundError("item", command.item)
    if not command.reason.strip():
        raise ReasonMissingError(
            "Say why it has no bearing on the competition: it goes into the record.",
            procurement=act.id,
        )
    if not found.waits:
        raise RejectedError("This item is settled already.", item=found.id, about="item-settled")
    act.reason = command.reason
    act.record(e.ItemDropped(found.id, found.scope, command.reason.strip()))
    return {"procurement": act.id}


@dataclass(frozen=True, slots=True)
class ReleaseInformation:
    procurement: str
    texts: tuple[Text, ...] = field(default_factory=tuple)


def release_information(command: ReleaseInformation, session: Session) -> Answer:
    """Give the texts to all at this moment; each item's wording settles it."""
    act = arrange(session, command.procurement, "")
    if not command.texts:
        raise InvalidInputError(
            "There is nothing to give: write what all are to know.", about="texts-none"
        )
    if len(command.texts) > MOST_TEXTS:
        raise InvalidInputError(
            f"Release at most {MOST_TEXTS} texts at once.", about="texts-many", most=MOST_TEXTS
        )
    recipients = everybody(act)
    if not recipients:
        raise RejectedError(
            "Nobody takes part yet: there is nobody to tell.",
            procurement=act.id,
            about="nobody-to-tell",
        )
    texts = tuple(Text(checked(each.text), each.item) for each in command.texts)
    require_nameless(act, (each.text for each in texts))
    body = "\n\n".join(each.text for each in texts)
    subject = SUBJECT[ReleaseKind.INFORMATION][act.letter_language]
    send_letters(act, recipients, "shared-information", subject, body)
    return {"procurement": act.id, "release": give(act, texts, sorted(recipients))}


def give(act: Act, texts: Collection[Text], recipients: Collection[str]) -> str:
    """Record that all were given the texts, and settle the items; raises InvalidInputError for an
    item that is not there or is settled."""
    connection = act.session.work.connection
    waiting = {each.number: each for each in dialogue.items_of(connection, act.id) if each.waits}
    unknown = sorted({each.item for each in texts if each.item} - set(waiting))
    if unknown:
        raise InvalidInputError(
            f"There is no item {unknown[0]} that waits to be shared.",
            item=unknown[0],
            about="no-such-item",
        )
    items = [waiting[each.item] for each in texts if each.item]
    return _released(
        act,
        ReleaseKind.INFORMATION,
        [{"question": "", "text": each.text} for each in texts],
        recipients,
        items=[each.id for each in items],
        questions=[],
    )


def release_answers(act: Act, keys: Collection[str]) -> str:
    """Give the answers to these questions to all at this moment."""
    connection = act.session.work.connection
    found = [each for each in dialogue.questions_of(connection, act.id) if each.id in keys]
    texts = [
        {"question": pair["question"], "text": pair["answer"]}
        for each in found
        for pair in each.pairs
    ]
    recipients = everybody(act)
    body = "\n\n".join(f"{each['question']}\n{each['text']}" for each in texts)
    if recipients:
        subject = SUBJECT[ReleaseKind.ANSWERS][act.letter_language]
        send_letters(act, recipients, "answers", subject, body)
    return _released(
        act,
        ReleaseKind.ANSWERS,
        texts,
        sorted(recipients),
        items=[],
        questions=[each.id for each in found],
    )


def _released(
    act: Act,
    kind: ReleaseKind,
    texts: list[dict[str, str]],
    recipients: Collection[str],
    *,
    items: list[str],
    questions: list[str],
) -> str:
    here = dialogue.open_round(act.session.work.connection, act.id)
    key = uuid4().hex
    act.record(
        e.InformationReleased(
            release=key,
            kind=kind.value,
            round=here.id if here else "",
            texts=texts,
            recipients=list(recipients),
            items=items,
            questions=questions,
        )
    )
    return key


def everybody(act: Act) -> frozenset[str]:
    """Every supplier that takes part: registered or come in by an invitation, and not out of it."""
    connection = act.session.work.connection
    known = {each.key: each.stands for each in records.suppliers(connection, act.id)}
    guests = participants.come_in(connection, act.id)
    came = {each.scope for each in guests if each.scope and not each.removed}
    return frozenset(key for key in {*known, *came} if known.get(key, True))


def send_letters(
    act: Act, recipients: Collection[str], kind: str, subject: str, body: str | Mapping[str, str]
) -> None:
    """One letter each, all at the same instant, through the outbox and to each address of the
    supplier; `body` may differ by supplier."""
    letters: list[list[str]] = []
    for supplier in recipients:
        letter = uuid4().hex
        said = body if isinstance(body, str) else body[supplier]
        act.record(e.LetterQueued(letter, kind, supplier, subject, said, supplier))
        send_letter(act, letter, supplier)
        letters.append([letter, supplier])
    act.record(e.LettersSent(kind, act.now.isoformat(), letters))


def waiting_items(act: Act) -> list[ItemRecord]:
    """Items that not all know of yet."""
    items = dialogue.items_of(act.session.work.connection, act.id)
    return [each for each in items if each.waits]


def arrange(session: Session, procurement: str, scope: str) -> Act:
    """An act of those who lead the rounds, in the matter of one supplier or of all."""
    act = Act.open(session, procurement)
    act.allow(Action.ARRANGE, act.target(scope=scope), kind="procurement", key=act.id)
    act.require_running()
    return act


def with_supplier(session: Session, procurement: str, scope: str) -> tuple[Act, str]:
    """An act in the matter of one supplier: the participant's own, or the one a member names."""
    if session.actor.participation is None:
        if not scope:
            raise InvalidInputError(
                "Say which supplier it is for.", scope=scope, about="which-supplier"
            )
        return arrange(session, procurement, scope), scope
    act, own = of_supplier(session, procurement)
    if scope not in ("", own):
        raise NotFoundError("supplier", scope)
    return act, own


def require_nameless(act: Act, texts: Iterable[str]) -> None:
    """Raises InvalidInputError for a text to all that names a supplier, or its number."""
    known = records.suppliers(act.session.work.connection, act.id)
    words = sorted({word for each in known for word in (each.key, each.name)})
    for text in texts:
        word = named_in(text, words)
        if word:
            raise InvalidInputError(
                f"«{word}» is one of the suppliers: what goes to all may not show whom it came"
                " from. Write it without the name.",
                name=word,
                about="supplier-named",
            )


def checked(text: str) -> str:
    """The text without surrounding space; raises InvalidInputError for none or too much."""
    text = text.strip()
    if not text or len(text) > LONGEST:
        raise TextLengthError(len(text), LONGEST)
    return text
