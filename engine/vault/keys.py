"""The keys of the vaults: one pair for what a procurement's suppliers hand in, another for who is
behind a code. Neither private key is ever in the database, its copies or the log.
"""

import hmac
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Protocol

from engine.errors import EngineError
from engine.vault.sealing import new_key, public_key


class KeyMissingError(EngineError):
    """The private key of a procurement is not where it was put."""

    code = "key-missing"


class Keys(Protocol):
    """A pair of keys for each procurement."""

    def public(self, procurement: str) -> bytes:
        """What is sealed for; the pair is made on the first call."""

    def private(self, procurement: str) -> bytes:
        """Raises KeyMissingError when there is none."""


@dataclass(slots=True)
class MemoryKeys:
    """Keys that end with the process: for scenarios and tests."""

    _kept: dict[str, bytes] = field(default_factory=dict)

    def public(self, procurement: str) -> bytes:
        return public_key(self._kept.setdefault(procurement, new_key()))

    def private(self, procurement: str) -> bytes:
        if procurement not in self._kept:
            raise key_missing(procurement)
        return self._kept[procurement]


def key_missing(procurement: str) -> KeyMissingError:
    return KeyMissingError(
        "The private key of this procurement is not in the vault, so nothing that was handed in can"
        " be opened. Put the key file back from the vault's own backup.",
        procurement=procurement,
    )


@dataclass(frozen=True, slots=True)
class Vaults:
    """`contents` open what was handed in, `identities` tell who stands behind a code."""

    contents: Keys = field(default_factory=MemoryKeys)
    identities: Keys = field(default_factory=MemoryKeys)

    def owner(self, procurement: str, supplier: str) -> str:
        """A supplier's mark on what it handed in without its name: only who has the key of the
        identities can find out whose it is."""
        self.identities.public(procurement)
        spelled = f"owner\0{supplier}".encode()
        return hmac.new(self.identities.private(procurement), spelled, sha256).hexdigest()
