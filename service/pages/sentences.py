"""The record in plain sentences: what happened, said so that somebody from outside understands."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from engine.queries.record import LogEntry
from engine.registers.eforms import NOTICE, called
from service.i18n import Translator


@dataclass(frozen=True, slots=True)
class Sentence:
    """One entry as people read it. `by` is "" when the platform itself acted; `supplier` whose
    branch it belongs to, where the sentence does not say it."""

    seq: int
    at: datetime
    text: str
    supplier: str
    by: str
    on_behalf_of: str
    reason: str
    rule: str
    hash: str
    type: str
    hidden: bool


# A reason stands on every entry of its act; people read it once, where it belongs.
REASONED: Final = frozenset(
    {
        "DecisionMade",
        "DecisionRecorded",
        "DecisionProposed",
        "DecisionReturned",
        "TaskDelegated",
        "TaskGivenBack",
        "TaskAssigned",
        "TaskPutBack",
        "TaskDueMoved",
        "TaskAdded",
        "GatheringMoved",
        "AddedTaskWithdrawn",
        "TaskClaimed",
        "MessageReceived",
        "SupplierStatusSet",
        "MemberAdded",
        "MemberRemoved",
        "SeatEnded",
        "ProcurementSuspended",
        "ProcurementResumed",
        "ProcurementCancelled",
        "ProcurementRewound",
        "ContributionsMerged",
        "ContributionSplit",
        "ContributionModerated",
        "ContributionAnswered",
        "RemarkModerated",
        "PollClosed",
        "PollConcluded",
        "TraceUnlinked",
        "InvitationRevoked",
        "ParticipantInvited",
        "ParticipantRemoved",
        "MeetingCancelled",
        "MarketSignUpWithdrawn",
        "BuyerJoined",
        "BuyerLeft",
    }
)


NAMING_SUPPLIERS: Final = frozenset({"SupplierRegistered", "SupplierStatusSet"})


def sentences(entries: Collection[LogEntry], text: Translator) -> tuple[Sentence, ...]:
    return tuple(_sentence(entry, text) for entry in entries)


def _sentence(entry: LogEntry, text: Translator) -> Sentence:
    key = "log.hidden" if entry.hidden else _key(entry, text)
    if not text.has(key):
        key = "log.other"
    return Sentence(
        seq=entry.seq,
        at=entry.at,
        text=text(key).format_map(_Values(entry, text)),
        supplier="" if entry.type in NAMING_SUPPLIERS else entry.supplier,
        by=_who(entry, text),
        on_behalf_of=entry.on_behalf_of,
        reason=_reason(entry),
        rule=entry.rule,
        hash=entry.hash,
        type=entry.type,
        hidden=entry.hidden,
    )


def _reason(entry: LogEntry) -> str:
    """Why it was done, where it is told; some facts hold a reason of their own."""
    if entry.type not in REASONED:
        return ""
    return entry.reason or str((entry.data or {}).get("reason", ""))


# What a sentence counts; none and one have sentences of their own where that reads better.
_COUNTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ElementsPassed": "trail",
        "LettersSent": "letters",
        "DeliveriesOpened": "deliveries",
        "ProcurementRewound": "undone",
        "TaskPutBack": "assignee",  # none where nobody had it
        "MatterReused": "task",  # none where it is the model that the procurement was started on
        "CommentAdded": "text",  # none where its author has taken it back
        "ContributionGiven": "text",  # none where it is hidden from the reader
        "ContributionsMerged": "text",
        "RemarkMade": "text",
        "ContributionModerated": "clause",  # none where it is shown again
        "RemarkModerated": "clause",
    }
)


def _key(entry: LogEntry, text: Translator) -> str:
    counted = (entry.data or {}).get(_COUNTED.get(entry.type, ""), ())
    of_few = {0: ".none", 1: ".one"}.get(len(counted), "") if entry.type in _COUNTED else ""
    key = f"log.{entry.type}"
    return key + of_few if text.has(key + of_few) else key


def _who(entry: LogEntry, text: Translator) -> str:
    """The name of who acted, the role where the name is kept back, "" for the platform itself."""
    if entry.by == "PIVOTAL":
        return ""
    role = entry.taking_part_as
    return entry.by or (text.or_key("role", role) if role else "")


class _Values(Mapping[str, str]):
    """What a sentence may speak of: the entry's data, with persons, roles and days spelled out."""

    def __init__(self, entry: LogEntry, text: Translator) -> None:
        self._entry = entry
        self._text = text
        self._data = entry.data or {}

    def __getitem__(self, name: str) -> str:
        if name == "element":
            return self._entry.element or "–"
        if name == "type":
            return self._entry.type
        if name in _SPECIAL:
            return _SPECIAL[name](self)
        return str(self._data.get(name, "–")) or "–"

    def __iter__(self) -> Any:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def person(self, name: str) -> str:
        """The name of a person or supplier."""
        key = str(self._data.get(name, ""))
        return (self._entry.names or {}).get(key, key) or "–"

    def word(self, prefix: str, name: str) -> str:
        return self._text.or_key(prefix, str(self._data.get(name, ""))).lower()

    def due(self, name: str) -> str:
        moment = str(self._data.get(name, ""))
        return self._text.due(datetime.fromisoformat(moment)) if moment else "–"

    def whole_day(self, name: str) -> str:
        day = str(self._data.get(name, ""))
        return self._text.iso_day(day) if day else "–"

    def money(self, name: str) -> str:
        return self._text.money(int(self._data.get(name, 0)))

    def settled(self) -> str:
        return self._text(
            f"impartiality.{'settled' if self._data.get('cleared') else 'not-settled'}"
        )

    def number(self, name: str) -> str:
        return str(len(self._data.get(name, ())))

    def code(self, code_list: str, name: str) -> str:
        return self._text.pick(called(code_list, str(self._data.get(name, ""))))

    def answer(self) -> str:
        return _plainly(self._data.get("answer"), self._text)

    def grounds(self) -> str:
        """In brackets behind the answer, where the rules that gave it say any."""
        found = "; ".join(self._data.get("grounds", ()))
        return f" ({found})" if found else ""


def _plainly(value: Any, text: Translator) -> str:
    """An answer of a decision table as people read it; the model has named what it could."""
    if isinstance(value, bool):
        return text("yes" if value else "no").lower()
    if isinstance(value, list):
        return ", ".join(_plainly(each, text) for each in value) or "–"
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_plainly(each, text)}" for key, each in value.items())
    return "–" if value is None else str(value)


_SPECIAL: Final[Mapping[str, Callable[[_Values], str]]] = MappingProxyType(
    {
        "person": lambda values: values.person("person"),
        "assignee": lambda values: values.person("assignee"),
        "owner": lambda values: values.person("owner"),
        "proposed_by": lambda values: values.person("proposed_by"),
        "supplier": lambda values: values.person("supplier"),
        "outcome": lambda values: values.word("outcome", "outcome"),
        "rules_at": lambda values: values.whole_day("rules_at"),
        "role": lambda values: values.word("role", "role"),
        "second_role": lambda values: values.word("role", "second_role"),
        "status": lambda values: values.word("supplier-status", "status"),
        "decision": lambda values: values.word("decision", "decision"),
        "starts_at": lambda values: values.due("starts_at"),
        "due_at": lambda values: values.due("due_at"),
        "deadline": lambda values: values.due("deadline"),
        "delivery_kind": lambda values: values.word("delivery-kind", "kind"),
        "clause": lambda values: values.word("contribution-code", "clause"),
        "deliveries": lambda values: values.number("deliveries"),
        "money": lambda values: values.money("amount"),
        "cleared": lambda values: values.settled(),
        "letters": lambda values: values.number("letters"),
        "undone": lambda values: values.number("undone"),
        "trail": lambda values: values.number("trail"),
        "subtype": lambda values: values.code(NOTICE, "subtype"),
        "answer": lambda values: values.answer(),
        "grounds": lambda values: values.grounds(),
    }
)
