"""Is the record of one procurement whole? And if not: which entry is the first bad one, and why.

One pass over the entries in the order of their numbers, in constant memory. The signed checkpoints
are the anchor: without them whoever can write to the database could seal a new chain. What this
cannot find is said in `docs/audit.md`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain as joined
from typing import Any, Final, Literal

from engine.audit.canonical import read_canonical
from engine.audit.chain import EMPTY_HEAD, FORMAT, Head, SealedEntry, entry_hash
from engine.audit.checkpoint import Checkpoint, VerifierKey, verify_with_any
from engine.errors import InvalidInputError, TamperedError

BODY_FIELDS: Final = frozenset(
    {"v", "log", "procurement", "seq", "prev", "at", "type"}
    | {"actor", "subject", "data", "reason", "request", "rule"}
)
ACTOR_FIELDS: Final = frozenset(
    {"id", "name", "roles", "organisation", "on_behalf_of", "via", "level"}
)
SUBJECT_FIELDS: Final = frozenset({"process", "version", "element", "task", "rule_set"})

_Code = Literal[
    "entry-changed",
    "entry-malformed",
    "entry-missing",
    "entry-inserted",
    "entry-reordered",
    "entry-replaced",
    "column-changed",
    "tail-cut",
    "head-changed",
    "checkpoint-missing",
    "checkpoint-foreign",
]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`entries` were found sound, `covered` of them lie under a signed checkpoint that agrees.

    When not `ok`, `code` says what is wrong and `message` says it in words. `first_bad` is the
    first entry that cannot be relied on; None when the entries are sound and something beside them
    is not.
    """

    ok: bool
    entries: int
    covered: int
    first_bad: int | None = None
    code: str = "sound"
    message: str = ""


@dataclass(frozen=True, slots=True)
class _Fault:
    code: _Code
    first_bad: int | None
    message: str


def verify_procurement(
    procurement: str,
    entries: Iterable[SealedEntry],
    head: Head | None,
    checkpoints: Iterable[str],
    keys: Iterable[VerifierKey],
    *,
    max_uncovered: int = 0,
) -> Verdict:
    """Check `entries`, in the order of their numbers, and `checkpoints`, in that of their sizes.

    `head` is what the procurement's row says of its chain, None where there is no such row. `keys`
    are the log's own, old ones included. `max_uncovered` is how many entries may follow the newest
    checkpoint: none, where every transaction signs one.
    """
    run = _Run(procurement, _Marks(checkpoints, tuple(keys), procurement))
    fault = run.read(iter(entries)) or run.close(head, max_uncovered)
    if fault is None:
        message = (
            f"{run.at.seq} entries, each in its place; {run.covered} under a signed checkpoint."
        )
        return Verdict(True, run.at.seq, run.covered, message=message)
    return Verdict(False, run.at.seq, run.covered, fault.first_bad, fault.code, fault.message)


class _Marks:
    """The signed checkpoints, read along with the entries. The first bad one is kept in `fault`."""

    def __init__(
        self, checkpoints: Iterable[str], keys: tuple[VerifierKey, ...], procurement: str
    ) -> None:
        self.fault = ""
        self._procurement = procurement
        self._keys = keys
        self._sound = self._read(checkpoints)
        self._next = next(self._sound, None)

    def hashes_at(self, size: int) -> Iterator[bytes]:
        """The head's hash by each checkpoint for `size`; call with rising sizes."""
        while self._next is not None and self._next.size <= size:
            mark, self._next = self._next, next(self._sound, None)
            if mark.size == size:
                yield mark.hash
            else:
                self.fault = self.fault or f"The checkpoint for size {mark.size} is out of order."

    def largest_left(self) -> int:
        """The size of the largest checkpoint not asked for yet, 0 when none is left."""
        rest = joined((self._next,) if self._next else (), self._sound)
        return max((mark.size for mark in rest), default=0)

    def _read(self, checkpoints: Iterable[str]) -> Iterator[Checkpoint]:
        for number, text in enumerate(checkpoints, 1):
            try:
                mark = verify_with_any(text, self._keys)
            except TamperedError as error:
                self.fault = self.fault or f"Checkpoint no. {number}: {error}"
                continue
            if mark.procurement == self._procurement:
                yield mark
            else:
                self.fault = self.fault or (
                    f"Checkpoint no. {number} speaks for another procurement, {mark.procurement}."
                )


class _Run:
    """One pass: `at` is the newest sound entry, `covered` the newest a checkpoint agrees with."""

    def __init__(self, procurement: str, marks: _Marks) -> None:
        self.at = EMPTY_HEAD
        self.covered = 0
        self._before = EMPTY_HEAD.hash
        self._procurement = procurement
        self._marks = marks

    def read(self, entries: Iterator[SealedEntry]) -> _Fault | None:
        """The first fault of the entries themselves."""
        for entry in entries:
            fault = self._misnumbered(entry) or self._advance(entry, entries)
            if fault is not None:
                return fault
        return None

    def _advance(self, entry: SealedEntry, entries: Iterator[SealedEntry]) -> _Fault | None:
        seq, link = entry.seq, entry_hash(entry.body)
        if link != entry.hash:
            return _Fault("entry-changed", seq, f"Entry {seq} was changed after it was sealed.")
        body = _read_body(entry.body)
        if body is None:
            return _Fault(
                "entry-malformed",
                seq,
                f"Entry {seq} is not spelled as entries are: it was replaced.",
            )
        if body["seq"] != seq or body["prev"] != self.at.hash.hex():
            return self._displaced(seq, link, body, next(entries, None))
        column = _differing_column(entry, body, self._procurement)
        if column:
            return _Fault(
                "column-changed",
                seq,
                f"The column '{column}' of entry {seq} does not say what the entry itself says.",
            )
        return self._compare_with_marks(seq, link)

    def _compare_with_marks(self, seq: int, link: bytes) -> _Fault | None:
        for signed in self._marks.hashes_at(seq):
            if signed != link:
                first = self.covered + 1
                return _replaced(first, seq)
            self.covered = seq
        self._before, self.at = self.at.hash, Head(seq, link)
        return None

    def _misnumbered(self, entry: SealedEntry) -> _Fault | None:
        expected = self.at.seq + 1
        if entry.seq > expected:
            return _missing(expected, entry.seq)
        if entry.seq < expected:
            text = f"A row numbered {entry.seq} comes after entry {self.at.seq}: it was put in."
            return _Fault("entry-inserted", entry.seq, text)
        return None

    def _displaced(
        self, seq: int, link: bytes, body: dict[str, Any], follower: SealedEntry | None
    ) -> _Fault:
        """An entry that does not rest on the one before it: which of the two is the wrong one?

        The entry that follows decides: if it rests on this one, the one before is wrong.
        """
        after = _read_body(follower.body) if follower else None
        claimed = body["seq"]
        if claimed > seq:
            gone = after is None or after["seq"] > claimed
            return (_missing if gone else _exchanged)(seq, claimed)
        if self._is_relied_on(seq, link, after) and self.covered < seq - 1:
            inserted = claimed == seq - 1 and body["prev"] == self._before.hex()
            return _inserted(seq - 1) if inserted else _replaced(seq - 1, seq - 1)
        if claimed == seq:
            return _replaced(seq, seq)
        unneeded = after is not None and after["prev"] == self.at.hash.hex()
        return _inserted(seq) if unneeded else _exchanged(seq, claimed)

    def _is_relied_on(self, seq: int, link: bytes, after: dict[str, Any] | None) -> bool:
        if link == self.at.hash:
            return False  # a copy of the entry before: what follows rests on that one
        if after is None:
            return link in self._marks.hashes_at(seq)
        return bool(after["prev"] == link.hex())

    def close(self, head: Head | None, max_uncovered: int) -> _Fault | None:
        """The first fault of what stands beside the entries, once all of them are read."""
        count, unsigned = self.at.seq, self.covered + 1
        promised = max(head.seq if head else 0, self._marks.largest_left())
        if promised > count:
            text = f"The tail was cut from entry {count + 1} on: {promised} were sealed."
            return _Fault("tail-cut", count + 1, text)
        first = unsigned if unsigned <= count else None
        if self._marks.fault:
            return _Fault("checkpoint-foreign", first, self._marks.fault)
        if count - self.covered > max_uncovered:
            text = (
                f"No signed checkpoint covers entry {unsigned} and those after it, up to {count}."
            )
            return _Fault("checkpoint-missing", unsigned, text)
        if head and head != self.at:
            text = f"The row of the procurement names entry {head.seq}, not its newest, {count}."
            return _Fault("head-changed", first, text)
        return None


def _read_body(raw: bytes) -> dict[str, Any] | None:
    """The body's fields, or None when the bytes are not the canonical spelling of an entry."""
    try:
        body = read_canonical(raw)
    except InvalidInputError:
        return None
    return body if _is_entry(body) else None


def _is_entry(body: Any) -> bool:
    return (
        type(body) is dict
        and body.keys() == BODY_FIELDS
        and body["v"] == FORMAT
        and type(body["seq"]) is int
        and type(body["actor"]) is dict
        and body["actor"].keys() == ACTOR_FIELDS
        and type(body["subject"]) is dict
        and body["subject"].keys() == SUBJECT_FIELDS
    )


def _differing_column(entry: SealedEntry, body: dict[str, Any], procurement: str) -> str:
    """The first column that disagrees with the body, "" when all agree."""
    if not entry.procurement == body["procurement"] == procurement:
        return "procurement"
    if entry.at != body["at"]:
        return "at"
    if entry.type != body["type"]:
        return "type"
    return "" if entry.actor == body["actor"]["id"] else "actor"


def _missing(seq: int, found: int) -> _Fault:
    text = f"Entry {seq} is missing: entry {found} stands in its place."
    return _Fault("entry-missing", seq, text)


def _inserted(seq: int) -> _Fault:
    text = f"The row numbered {seq} was put in: the entries after it do not rest on it."
    return _Fault("entry-inserted", seq, text)


def _exchanged(seq: int, found: int) -> _Fault:
    text = f"The row numbered {seq} holds entry {found}: entries have changed places."
    return _Fault("entry-reordered", seq, text)


def _replaced(first: int, last: int) -> _Fault:
    if first == last:
        text = f"Entry {first} was replaced: it is not the one that was sealed."
    else:
        text = (
            f"Of entries {first} to {last} at least one was replaced: this is not what was signed."
        )
    return _Fault("entry-replaced", first, text)
