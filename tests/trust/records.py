"""Random records to tamper with: entries, head and checkpoints as a database holds them."""

import json
import random
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.audit.canonical import canonical_bytes
from engine.audit.chain import (
    EMPTY_HEAD,
    EntryActor,
    EntryContent,
    EntrySubject,
    Head,
    SealedEntry,
    entry_hash,
    seal,
)
from engine.audit.checkpoint import Signer
from engine.audit.verify import Verdict, verify_procurement

LOG = "demo.example/pivotal"
PROCUREMENT = "2026/0001"
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SIGNER = Signer(LOG, Ed25519PrivateKey.from_private_bytes(b"\x07" * 32))


@dataclass
class Record:
    """What is stored of one procurement; tests change it as an insider with the database would."""

    entries: list[SealedEntry]
    head: Head
    checkpoints: list[str]

    def verify(self, **options: Any) -> Verdict:
        keys = [SIGNER.verifier_key]
        return verify_procurement(
            PROCUREMENT, self.entries, self.head, self.checkpoints, keys, **options
        )

    def put(self, seq: int, /, **changes: Any) -> None:
        """Change the row numbered `seq` and nothing else."""
        self.entries[seq - 1] = replace(self.entries[seq - 1], **changes)

    def rewrite(self, seq: int, /, **fields: Any) -> None:
        """Change fields of entry `seq` in its body, and make its own hash right again."""
        body = canonical_bytes({**json.loads(self.entries[seq - 1].body), **fields})
        self.put(seq, body=body, hash=entry_hash(body))

    def chain_again(self) -> None:
        """Number and link all entries anew and set the head, as an insider without the key can."""
        previous = EMPTY_HEAD.hash
        for index in range(len(self.entries)):
            self.rewrite(index + 1, seq=index + 1, prev=previous.hex())
            self.put(index + 1, seq=index + 1)
            previous = self.entries[index].hash
        self.head = Head(len(self.entries), previous)


def content(
    random_source: random.Random, number: int, procurement: str = PROCUREMENT
) -> EntryContent:
    person = f"person-{random_source.randrange(90) + 10}"
    return EntryContent(
        log=LOG,
        procurement=procurement,
        at=START + timedelta(minutes=number),
        type=random_source.choice(["TaskCompleted", "GateDecided", "CommentAdded"]),
        actor=EntryActor(person, "Kari Prøve", ("evaluator",), "Eksempel kommune"),
        subject=EntrySubject("innovation-partnership", "a" * 64, "Evaluate", f"task-{number}"),
        data={"score": f"{random_source.randrange(10)}.25", "number": number, "open": None},
        reason="Vurdering av løsningsforslag",
        request=f"request-{random_source.getrandbits(32):08x}",
        rule="evaluator-may-score",
    )


def record(
    seed: int, size: int = 24, signed_every: int = 3, procurement: str = PROCUREMENT
) -> Record:
    """A sound record with a checkpoint at every `signed_every`th entry and at the last."""
    random_source = random.Random(seed)
    head: Head = EMPTY_HEAD
    entries, checkpoints = [], []
    for number in range(1, size + 1):
        entry, head = seal(head, content(random_source, number, procurement))
        entries.append(entry)
        if number % signed_every == 0 or number == size:
            checkpoints.append(SIGNER.sign(procurement, head))
    return Record(entries, head, checkpoints)
