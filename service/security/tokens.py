"""API tokens as programs send them: `pivotal_<id>_<secret>`, of which a hash is stored."""

import hmac
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from engine.errors import NotFoundError
from engine.model.records import TokenRecord
from engine.store import people, tokens
from service.security.sessions import TOUCH_AFTER, SignedIn, SignInNeededError
from service.wiring import Parts

PREFIX: Final = "pivotal"
SCHEME: Final = "bearer"


class TokenInvalidError(SignInNeededError):
    """The token is not known, was revoked, or does not hold today: all look the same."""

    code = "token-invalid"


@dataclass(frozen=True, slots=True)
class Secret:
    """A new token's secret part, which is shown once, and the hash that is kept."""

    value: str
    digest: str

    @classmethod
    def new(cls) -> "Secret":
        value = secrets.token_urlsafe(32)
        return cls(value, _digest(value))

    def spelled(self, token: str) -> str:
        """The whole token as a program sends it."""
        return f"{PREFIX}_{token}_{self.value}"


def who(parts: Parts, header: str) -> SignedIn:
    """The person whose token stands in the header `Authorization`; raises TokenInvalidError."""
    scheme, _, given = header.partition(" ")
    prefix, _, rest = given.strip().partition("_")
    key, _, secret = rest.partition("_")
    now = parts.clock.now()
    with parts.store.reader() as connection:
        record = tokens.find(connection, key)
        known = scheme.lower() == SCHEME and prefix == PREFIX and _is_right(record, secret, now)
        try:
            actor = people.load_actor(connection, record.person) if known and record else None
        except NotFoundError:
            actor = None
    if actor is None or record is None:
        raise TokenInvalidError("The API token is not known, was revoked, or does not hold today.")
    if record.used_at is None or now - record.used_at > TOUCH_AFTER:
        with parts.store.unit_of_work() as work:
            tokens.touch(work, record.id, now)
    scopes = frozenset(record.scopes)
    return SignedIn(
        replace(actor, via=f"token:{record.id}", level=record.level, scopes=scopes), csrf=""
    )


def _is_right(record: TokenRecord | None, secret: str, now: datetime) -> bool:
    stored = record.digest if record else _digest("")
    same = hmac.compare_digest(_digest(secret), stored)
    return same and record is not None and record.valid_at(now)


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
