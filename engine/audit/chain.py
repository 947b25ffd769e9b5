"""One procurement's record as a chain: each entry's body holds the hash of the entry before it.

The hash is SHA-256(0x00 || body), so that the link of the chain and the leaf of an RFC 6962 tree
over the same entries are the same 32 bytes. `docs/audit.md` describes the body field by field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from engine.audit.canonical import canonical_bytes
from engine.errors import InvalidInputError

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain stands: the number of its newest entry and that entry's hash."""

    seq: int
    hash: bytes


EMPTY_HEAD: Final = Head(0, bytes(32))


@dataclass(frozen=True, slots=True)
class EntryActor:
    """Who acted, with the roles held at that moment; `on_behalf_of` is "" unless a deputy acted.

    `via` is how the person came in, with which level of assurance: `provider:<key>` or
    `token:<id>`, "" for the platform itself.
    """

    id: str
    name: str
    roles: tuple[str, ...] = ()
    organisation: str = ""
    on_behalf_of: str = ""
    via: str = ""
    level: int = 0


@dataclass(frozen=True, slots=True)
class EntrySubject:
    """What was acted on, "" where nothing applies; `version` is the definition's SHA-256."""

    process: str = ""
    version: str = ""
    element: str = ""
    task: str = ""
    rule_set: str = ""


@dataclass(frozen=True, slots=True)
class EntryContent:
    """What is to be recorded, before it has its place in the chain.

    `log` names the installation, `type` says what happened in past tense, `rule` is the access rule
    that allowed it, `request` the id that makes the command have one effect. `data` must be
    canonical values.
    """

    log: str
    procurement: str
    at: datetime
    type: str
    actor: EntryActor
    subject: EntrySubject
    data: Mapping[str, Any]
    reason: str = ""
    request: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry in its place, as it is stored: columns to search by, the body, and its hash.

    `at` is spelled as in the body (`instant`), `actor` is the actor's id. The body is the record;
    the columns must agree with it, which the verifier checks.
    """

    procurement: str
    seq: int
    at: str
    type: str
    actor: str
    body: bytes
    hash: bytes


def seal(head: Head, content: EntryContent) -> tuple[SealedEntry, Head]:
    """Put `content` after `head`; the entry and the new head are stored in one transaction.

    Raises InvalidInputError when the content holds a value that has no canonical spelling.
    """
    seq = head.seq + 1
    at = instant(content.at)
    body = canonical_bytes(_body(content, seq, head.hash, at))
    link = entry_hash(body)
    entry = SealedEntry(
        procurement=content.procurement,
        seq=seq,
        at=at,
        type=content.type,
        actor=content.actor.id,
        body=body,
        hash=link,
    )
    return entry, Head(seq, link)


def entry_hash(body: bytes) -> bytes:
    """The leaf hash of RFC 6962 § 2.1."""
    return sha256(b"\x00" + body).digest()


def instant(moment: datetime) -> str:
    """An aware moment as UTC with microseconds, always 27 characters, so that it sorts as text."""
    if moment.tzinfo is None:
        raise InvalidInputError("The time of an entry lacks its time zone.", path="$.at")
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def _body(content: EntryContent, seq: int, previous: bytes, at: str) -> dict[str, Any]:
    actor, subject = content.actor, content.subject
    return {
        "v": FORMAT,
        "log": content.log,
        "procurement": content.procurement,
        "seq": seq,
        "prev": previous.hex(),
        "at": at,
        "type": content.type,
        "actor": {
            "id": actor.id,
            "name": actor.name,
            "roles": list(actor.roles),
            "organisation": actor.organisation,
            "on_behalf_of": actor.on_behalf_of,
            "via": actor.via,
            "level": actor.level,
        },
        "subject": {
            "process": subject.process,
            "version": subject.version,
            "element": subject.element,
            "task": subject.task,
            "rule_set": subject.rule_set,
        },
        "data": dict(content.data),
        "reason": content.reason,
        "request": content.request,
        "rule": content.rule,
    }
