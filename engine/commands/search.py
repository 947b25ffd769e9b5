"""Making the index of what can be found anew, from the record and what it speaks of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from engine.access.policy import Action
from engine.access.rules import Target
from engine.commands.environment import Answer, Session
from engine.model import events as e
from engine.model.records import AttachmentRecord
from engine.search.entries import INDEX, Entry, Surroundings, indexed, model_entry
from engine.search.files import LONGEST, is_plain, plain_text
from engine.store import contributions, definitions, file_texts, records, replay, search
from engine.store.replay import Recorded

BATCH: Final = 500
_KINDS: Final = (*(kind.__name__ for kind in INDEX), e.ProcessDeployed.__name__)


@dataclass(frozen=True, slots=True)
class RebuildSearch:
    """After an upgrade, or when somebody changed the index around the engine."""


def rebuild_search(_command: RebuildSearch, session: Session) -> Answer:
    """Everything again in the order in which it happened, in one transaction: until it commits,
    the old index answers, and acts wait."""
    session.require(Action.ADMINISTER, Target(""), kind="index", key="search")
    search.clear(session.work.connection)
    rebuilding = _Rebuilding(session)
    for recorded in rebuilding.history():
        rebuilding.take(recorded)
    rebuilding.flush()
    return {"entries": search.count(session.work.connection)}


@dataclass(frozen=True, slots=True)
class KeepFileText:
    """What a file says, as far as it could be read; `blob` is the SHA-256 of its bytes."""

    blob: str
    text: str


def keep_file_text(command: KeepFileText, session: Session) -> Answer:
    """Let every attachment of this content be found by it; the same again changes nothing."""
    session.require(Action.READ_FILES, Target(""), kind="file", key=command.blob)
    connection = session.work.connection
    if file_texts.find(connection, command.blob) is not None:
        return {"entries": 0}
    text = command.text[:LONGEST]
    file_texts.keep(session.work, command.blob, text)
    found = file_texts.attachments_with(connection, command.blob)
    if text:
        search.remove(connection, [each.id for each in found])
        search.put(connection, [_entry(session, each, text) for each in found])
    return {"entries": len(found) if text else 0}


def _entry(session: Session, file: AttachmentRecord, text: str) -> Entry:
    """As the act that attached it would have made it."""
    event = e.AttachmentAdded(
        file.id, file.task, file.scope, file.name, file.media_type, file.size, file.blob
    )
    around = replace(_surroundings(session, file.procurement), at=file.at, content=text)
    [entry] = indexed(event, around)
    if not isinstance(entry, Entry):
        raise TypeError(entry)
    return entry


def _said(connection: Any, event: e.AttachmentAdded) -> str:
    """The text that was read, or can be read in no time."""
    if is_plain(event.media_type):
        return plain_text(definitions.get_blob(connection, event.digest))
    return file_texts.find(connection, event.digest) or ""


def _surroundings(session: Session, procurement: str) -> Surroundings:
    connection = session.work.connection
    row = records.get_procurement(connection, procurement)
    compiled = session.environment.definitions.get(connection, row.definition)
    return Surroundings(
        procurement=row.id,
        reference=row.reference,
        title=row.title,
        organisation=row.organisation,
        definition=compiled.definition,
        forms=compiled.forms,
        at=row.created_at,
    )


@dataclass(slots=True)
class _Rebuilding:
    session: Session
    _waiting: list[Entry] = field(default_factory=list)
    _around: dict[str, Surroundings] = field(default_factory=dict)

    def history(self) -> Iterator[Recorded]:
        """Every fact that adds to the index or takes away, the oldest first."""
        after = 0
        while found := replay.recorded(self.session.work.connection, _KINDS, after, BATCH):
            yield from found
            after = found[-1].id

    def take(self, recorded: Recorded) -> None:
        """Do with the fact what was done with it when it happened."""
        if isinstance(recorded.event, e.ProcessDeployed):
            self._deployed(recorded, recorded.event)
            return
        for change in indexed(recorded.event, self._surroundings(recorded)):
            if isinstance(change, Entry):
                self._put(change)
            else:
                self._remove(change.objects)

    def _deployed(self, recorded: Recorded, event: e.ProcessDeployed) -> None:
        connection = self.session.work.connection
        compiled = self.session.environment.definitions.get(connection, event.digest)
        files = definitions.files(connection, event.digest)
        entry = model_entry(compiled.definition, compiled.forms.values(), files, recorded.at)
        self._remove((entry.object,))
        self._put(entry)

    def _surroundings(self, recorded: Recorded) -> Surroundings:
        if recorded.chain not in self._around:
            self._around[recorded.chain] = _surroundings(self.session, recorded.chain)
        return replace(
            self._around[recorded.chain],
            at=recorded.at,
            reason=recorded.reason,
            content=self._content(recorded.event),
        )

    def _content(self, event: e.Event) -> Mapping[str, Any] | str:
        """What no event carries: a submission's answers, the text of a file."""
        connection = self.session.work.connection
        if isinstance(event, e.SubmissionRecorded):
            return records.get_submission(connection, event.submission).content
        if isinstance(event, e.MatterShared):
            return records.get_submission(connection, event.submission).content
        if isinstance(event, e.ContributionModerated):
            found = contributions.find(connection, event.contribution)
            return found.text if found else ""
        if isinstance(event, e.AttachmentAdded):
            return _said(connection, event)
        return ""

    def _put(self, entry: Entry) -> None:
        self._waiting.append(entry)
        if len(self._waiting) >= BATCH:
            self.flush()

    def _remove(self, objects: tuple[str, ...]) -> None:
        self.flush()
        search.remove(self.session.work.connection, objects)

    def flush(self) -> None:
        """Put what waits into the index."""
        search.put(self.session.work.connection, self._waiting)
        self._waiting = []
