"""From a fact to what it is found by: one small function per event class, listed in `INDEX`.

The same functions serve an act and the rebuilding of the whole index from the record, so that both
come to the same.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from engine.forms.conditions import for_roles
from engine.forms.definition import Field, Form, Kind
from engine.model import events as e
from engine.model.definition import ProcessDefinition
from engine.model.knowledge import KINDS
from engine.search.words import stem, words

LONGEST_TITLE: Final = 300
LONGEST_BODY: Final = 60_000
MOST_WORDS: Final = 15_000
CONTEXT: Final = "~"  # before a word of the procurement that the entry belongs to
PLACE: Final = "@"  # before the hash of a procurement or an organisation
BOUNDARY: Final = "~~"  # between title and body, so that no phrase reaches across
MODELS: Final = "models"


class Found(StrEnum):
    """Kinds of what can be found, the most sought first."""

    PROCUREMENT = "procurement"
    TASK = "task"
    DOCUMENT = "document"
    DECISION = "decision"
    SUPPLIER = "supplier"
    COMMENT = "comment"
    SHARED = "shared"
    CONTRIBUTION = "contribution"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found. `scope` is whom it is confidential to and `task` the task whose
    readers may see it too, as in `engine.access`; `procurement` is "" for models.

    `title` and `body` are shown; `words` find it and are not. `context` are words of the
    procurement around it, which count only beside words of its own.
    """

    kind: Found
    object: str
    procurement: str
    organisation: str
    scope: str
    task: str
    title: str
    body: str
    at: datetime
    words: str = ""
    context: str = ""

    @property
    def heading(self) -> str:
        """The stems of the title and of what it is also called."""
        return " ".join(map(stem, words(f"{self.title[:LONGEST_TITLE]} {self.words}")))

    @property
    def terms(self) -> str:
        """Everything it is found by, each term with its mark."""
        body = [stem(word) for word in words(self.body[:LONGEST_BODY])[:MOST_WORDS]]
        around = sorted({CONTEXT + stem(word) for word in words(self.context)})
        where = [place(self.procurement), place(self.organisation)]
        return " ".join((self.heading, BOUNDARY, *body, BOUNDARY, *around, *where))


@lru_cache(maxsize=2**15)
def place(key: str) -> str:
    """The term by which everything of a procurement or an organisation is found; "" for models."""
    return PLACE + sha256((key or MODELS).encode()).hexdigest()[:20]


@dataclass(frozen=True, slots=True)
class Gone:
    """Things that no longer count, by their ids."""

    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Around a fact: its procurement, the version it runs on, why and when it happened, and the
    content that no event carries: of a submission, or the text of a file."""

    procurement: str
    reference: str
    title: str
    organisation: str
    definition: ProcessDefinition
    forms: Mapping[str, Form]
    at: datetime
    reason: str = ""
    content: Mapping[str, Any] | str = ""

    def entry(self, kind: Found, key: str, **values: Any) -> Entry:
        """What is found by its own words beside those of the procurement."""
        given = {"scope": "", "task": "", "title": "", "body": "", **values}
        return Entry(
            kind=kind,
            object=key,
            procurement=self.procurement,
            organisation=self.organisation,
            at=self.at,
            context=f"{self.title} {self.reference}",
            **given,
        )

    def element_names(self, element: str) -> tuple[str, str]:
        """What an element is called, and what in other languages."""
        for key, process in self.definition.processes.items():
            if element in process.elements:
                return process.elements[element].name, _translated(
                    self.definition, key, f"{element}.name"
                )
        return "", ""


Change = Entry | Gone
Rule = Callable[[Any, Surroundings], Change | tuple[Change, ...] | None]


def indexed(event: e.Event, around: Surroundings) -> tuple[Change, ...]:
    """What the fact adds to the index or takes away; nothing for most."""
    rule = INDEX.get(type(event))
    found = None if rule is None else rule(event, around)
    if found is None:
        return ()
    return found if isinstance(found, tuple) else (found,)


def model_entry(
    definition: ProcessDefinition, forms: Iterable[Form], files: Mapping[str, bytes], at: datetime
) -> Entry:
    """A version of a process by its name, its key, its steps, its forms and what its readme says.
    It belongs to no place of its own: whose it is and whom it is shared with decides on who finds
    it, and it is the newest of the process that is found."""
    names = [
        element.name for process in definition.processes.values() for element in _named(process)
    ]
    titles = [form.title("nb") for form in forms]
    others = [
        text
        for processes in definition.texts.values()
        for texts in processes.values()
        for key, text in texts.items()
        if key.endswith(".name")
    ]
    return Entry(
        kind=Found.MODEL,
        object=definition.digest,
        procurement="",
        organisation="",
        scope="",
        task="",
        title=definition.name,
        body="\n".join((*dict.fromkeys((*names, *titles, *others)), *_readmes(definition, files))),
        at=at,
        words=definition.key.replace("-", " "),
    )


def _readmes(definition: ProcessDefinition, files: Mapping[str, bytes]) -> Iterator[str]:
    """What tells of the process, in every language that there is."""
    start = f"processes/{definition.key}/README."
    for path in sorted(files):
        if path.startswith(start):
            yield files[path].decode("utf-8", "replace")


def _named(process: Any) -> Iterator[Any]:
    return (element for element in process.elements.values() if element.name)


def _translated(definition: ProcessDefinition, process: str, key: str) -> str:
    found = (texts.get(process, {}).get(key, "") for texts in definition.texts.values())
    return " ".join(text for text in found if text)


def _started(event: e.ProcurementStarted, around: Surroundings) -> Entry:
    return Entry(
        kind=Found.PROCUREMENT,
        object=around.procurement,
        procurement=around.procurement,
        organisation=event.organisation,
        scope="",
        task="",
        title=event.title,
        body="",
        at=around.at,
        words=event.reference,
    )


def _task_opened(event: e.TaskOpened, around: Surroundings) -> Entry:
    also = _translated(around.definition, event.process, f"{event.element}.name")
    return around.entry(
        Found.TASK, event.task, scope=event.scope, task=event.task, title=event.name, words=also
    )


def _task_added(event: e.TaskAdded, around: Surroundings) -> Entry:
    return around.entry(
        Found.TASK, event.task, task=event.task, title=event.name, body=event.instructions
    )


def _submitted(event: e.SubmissionRecorded, around: Surroundings) -> Entry | None:
    form = around.forms.get(event.form)
    if form is None or form.blind or not isinstance(around.content, Mapping):
        return None  # what is said on blind forms the others must not see before all have spoken
    return around.entry(
        Found.DOCUMENT,
        event.submission,
        scope=event.scope,
        task=event.task,
        title=form.title("nb"),
        body="\n".join(_texts(form.root, for_roles(form.root, around.content, ()))),
        words=" ".join(form.title.translations.values()),
    )


def _texts(group: Field, values: Mapping[str, Any]) -> Iterator[str]:
    """What was written and chosen, in the order of the form."""
    for each in group.fields:
        if each.name in values:
            yield from _text(each, values[each.name])


def _text(each: Field, value: Any) -> Iterator[str]:
    if each.kind is Kind.GROUP and isinstance(value, Mapping):
        yield from _texts(each, value)
    elif each.kind is Kind.LIST and each.item is not None and isinstance(value, list):
        for row in value:
            yield from _text(each.item, row)
    elif each.kind in {Kind.TEXT, Kind.LONGTEXT}:
        yield str(value)
    elif each.kind in {Kind.CHOICE, Kind.CHOICES}:
        chosen = value if isinstance(value, list) else [value]
        titles = {option.value: option.title("nb") for option in each.options}
        yield ", ".join(titles[one] for one in chosen if one in titles)


def _attached(event: e.AttachmentAdded, around: Surroundings) -> Entry:
    text = around.content if isinstance(around.content, str) else ""
    return around.entry(
        Found.DOCUMENT,
        event.attachment,
        scope=event.scope,
        task=event.task,
        title=event.name,
        body=text,
    )


def _decided(event: e.DecisionMade, around: Surroundings) -> Entry:
    name, also = around.element_names(event.element)
    return around.entry(
        Found.DECISION,
        event.decision_id,
        scope=event.scope,
        task=event.task,
        title=name,
        body=around.reason,
        words=also,
    )


def _decision_recorded(event: e.DecisionRecorded, around: Surroundings) -> Entry:
    return around.entry(Found.DECISION, event.decision_id, title=event.name, body=around.reason)


def _commented(event: e.CommentAdded, around: Surroundings) -> Entry:
    return around.entry(
        Found.COMMENT, event.comment, scope=event.scope, task=event.task, body=event.text
    )


def _comment_withdrawn(event: e.CommentWithdrawn, _around: Surroundings) -> Gone:
    return Gone((event.comment,))


def _attachment_withdrawn(event: e.AttachmentWithdrawn, _around: Surroundings) -> Gone:
    return Gone((event.attachment,))


def _registered(event: e.SupplierRegistered, around: Surroundings) -> Entry:
    return around.entry(
        Found.SUPPLIER,
        f"{around.procurement}/{event.supplier}",
        scope=event.supplier,
        title=event.name,
        words=event.supplier,
    )


def _shared(event: e.MatterShared, around: Surroundings) -> Entry | None:
    """What other buyers find; it belongs to no place of its own, and whom it was shared with
    decides on who finds it."""
    kind = KINDS.get(event.kind)
    form = around.forms.get(kind.form) if kind else None
    if kind is None or form is None or not isinstance(around.content, Mapping):
        return None
    content = {name: value for name, value in around.content.items() if name in kind.fields}
    return Entry(
        kind=Found.SHARED,
        object=event.item,
        procurement="",
        organisation=around.organisation,
        scope="",
        task="",
        title=event.title,
        body="\n".join(_texts(form.root, for_roles(form.root, content, ()))),
        at=around.at,
    )


def _no_longer_shared(event: e.SharingRevoked, _around: Surroundings) -> Gone:
    return Gone((event.item,))


def _contributed(event: e.ContributionGiven, around: Surroundings) -> Entry:
    return around.entry(Found.CONTRIBUTION, event.contribution, body=event.text)


def _merged(event: e.ContributionsMerged, around: Surroundings) -> Entry:
    return around.entry(Found.CONTRIBUTION, event.contribution, body=event.text)


def _split(event: e.ContributionSplit, around: Surroundings) -> tuple[Entry, ...]:
    return tuple(around.entry(Found.CONTRIBUTION, key, body=text) for key, text in event.parts)


def _moderated(event: e.ContributionModerated, around: Surroundings) -> Entry | Gone:
    """What is hidden is not found either; shown again, it is."""
    if event.hidden:
        return Gone((event.contribution,))
    text = around.content if isinstance(around.content, str) else ""
    return around.entry(Found.CONTRIBUTION, event.contribution, body=text)


def _rewound(event: e.ProcurementRewound, _around: Surroundings) -> Gone:
    return Gone(tuple(event.undone))


INDEX: Final[Mapping[type, Rule]] = MappingProxyType(
    {
        e.ProcurementStarted: _started,
        e.TaskOpened: _task_opened,
        e.TaskAdded: _task_added,
        e.SubmissionRecorded: _submitted,
        e.AttachmentAdded: _attached,
        e.DecisionMade: _decided,
        e.DecisionRecorded: _decision_recorded,
        e.CommentAdded: _commented,
        e.CommentWithdrawn: _comment_withdrawn,
        e.AttachmentWithdrawn: _attachment_withdrawn,
        e.SupplierRegistered: _registered,
        e.MatterShared: _shared,
        e.SharingRevoked: _no_longer_shared,
        e.ContributionGiven: _contributed,
        e.ContributionsMerged: _merged,
        e.ContributionSplit: _split,
        e.ContributionModerated: _moderated,
        e.ProcurementRewound: _rewound,
    }
)
