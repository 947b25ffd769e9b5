"""What an entry of the record keeps back from its reader: names, and words that are not for all."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from engine.access.policy import Action
from engine.model.contribution import SUPPLIER
from engine.model.records import ContributionRecord, RemarkRecord
from engine.queries.contributions import everybody
from engine.queries.view import Seen
from engine.store import contributions, participants, records

WORDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "CommentAdded": ("comment", "text"),
        "ContributionGiven": ("contribution", "text"),
        "ContributionsMerged": ("contribution", "text"),
        "RemarkMade": ("remark", "text"),
    }
)
"""Where an entry holds what somebody wrote: the field that names it, and the one with the words."""


@dataclass(frozen=True, slots=True)
class Discretion:
    """`nameless` are employees and citizens from outside whose names are not for the reader, with
    their roles; `silent` are comments, contributions and remarks whose words are not."""

    nameless: Mapping[str, str]
    silent: Collection[str]

    def names(self, body: Mapping[str, Any]) -> bool:
        """Whether the reader may know who stands behind the entry."""
        return body["actor"]["id"] not in self.nameless or bool(body["data"].get("named"))

    def words(self, kind: str, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """The entry's data without the words that are not for the reader."""
        if kind == "ContributionSplit":
            parts = [[key, "" if key in self.silent else text] for key, text in data["parts"]]
            return {**data, "parts": parts}
        which, words = WORDS.get(kind, ("", ""))
        return {**data, words: ""} if which and data[which] in self.silent else data


def discretion_of(seen: Seen) -> Discretion:
    """What its author took back is told to nobody. What a clause of the code hides, and who gave
    something, are for those who may know who stands behind it, and for the author."""
    connection, key = seen.view.connection, seen.row.id
    silent = set(records.withdrawn_comments(connection, key))
    if _identifies(seen):
        return Discretion({}, silent)
    given: list[ContributionRecord | RemarkRecord] = [
        *contributions.all_of(connection, key),
        *contributions.remarks_of(connection, key),
    ]
    me = seen.view.actor.id
    silent |= {each.id for each in given if each.hidden_by and each.by != me}
    return Discretion(nameless_to(seen), silent)


def nameless_to(seen: Seen) -> Mapping[str, str]:
    """Employees and citizens from outside whose names are not for the reader: id → role."""
    if _identifies(seen):
        return {}
    guests = participants.participants_of(seen.view.connection, seen.row.id)
    return {each.id: each.role for each in guests if each.role != SUPPLIER}


def _identifies(seen: Seen) -> bool:
    return seen.may(Action.IDENTIFY, everybody(seen))
