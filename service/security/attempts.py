"""A sign-in under way: what the browser must bring back so that an answer counts.

It is kept by the browser itself, sealed, for ten minutes. An answer of a provider that was laid out
for another browser finds nothing there (login CSRF), and two tabs do not disturb each other.
"""

import secrets
from dataclasses import asdict, dataclass
from hmac import compare_digest
from typing import Final

import orjson
from fastapi import Response

from engine.errors import ForbiddenError
from service.keyfiles import read_secret
from service.security.secrets import Box
from service.wiring import Parts

SECONDS: Final = 600
_PURPOSE: Final = "sign-in"


class SignInExpiredError(ForbiddenError):
    """The answer belongs to no sign-in that this browser has begun, or it took too long."""

    code = "sign-in-expired"


@dataclass(frozen=True, slots=True)
class Attempt:
    """`level` is the least level that is wanted this time; `next` where to go then; `guest` tells
    that somebody comes to the portal, and as no person of an organisation."""

    provider: str
    state: str
    nonce: str
    verifier: str
    next: str
    level: int = 0
    guest: bool = False

    @classmethod
    def begin(cls, provider: str, next_page: str, level: int, *, guest: bool = False) -> "Attempt":
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        return cls(
            provider, state, nonce, verifier + secrets.token_urlsafe(8), next_page, level, guest
        )

    def sealed(self, parts: Parts) -> str:
        """The cookie's value."""
        return _box(parts).close(orjson.dumps(asdict(self)).decode(), parts.clock.now())


def cookie_name(parts: Parts, state: str) -> str:
    """Each attempt has a cookie of its own, named by the beginning of its state."""
    name = f"pivotal-sign-in-{''.join(filter(str.isalnum, state[:12]))}"
    return f"__Host-{name}" if parts.settings.is_https else name


def keep(answer: Response, parts: Parts, attempt: Attempt) -> None:
    """Give the browser what it must bring back."""
    answer.set_cookie(
        cookie_name(parts, attempt.state),
        attempt.sealed(parts),
        max_age=SECONDS,
        httponly=True,
        samesite="lax",
        secure=parts.settings.is_https,
        path="/",
    )


def resume(parts: Parts, provider: str, state: str, cookie: str | None) -> Attempt:
    """The attempt that the answer belongs to; raises SignInExpiredError."""
    opened = _box(parts).open(cookie, parts.clock.now(), SECONDS) if cookie else None
    if opened is not None:
        attempt = Attempt(**orjson.loads(opened))
        same = compare_digest(attempt.state.encode(), state.encode())
        if same and attempt.provider == provider:
            return attempt
    raise SignInExpiredError(
        "This sign-in was begun in another browser, took more than ten minutes, or is done already."
        " Begin again.",
    )


def _box(parts: Parts) -> Box:
    return Box(read_secret(parts.settings.secret_key), _PURPOSE)
