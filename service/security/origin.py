"""Refusing requests that another site made a browser send."""

import hmac
from collections.abc import Mapping
from typing import Final

from engine.errors import ForbiddenError

SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN: Final = frozenset({"same-origin", "none"})


class ForgedRequestError(ForbiddenError):
    """The request did not come from a page of ours, or the page was older than the session."""

    code = "forged-request"


def require_same_origin(headers: Mapping[str, str], origin: str) -> None:
    """Raises ForgedRequestError when the browser says the request comes from elsewhere."""
    site = headers.get("sec-fetch-site")
    if site is not None and site not in _OWN:
        raise ForgedRequestError("The request came from another site. Use the pages of PIVOTAL.")
    sent = headers.get("origin")
    if sent is not None and site is None and sent != origin:
        raise ForgedRequestError(
            "The request came from another address than the one PIVOTAL is served at."
            " Set PIVOTAL_BASE_URL to the address people use."
        )


def require_token(expected: str, given: str | None) -> None:
    """Raises ForgedRequestError unless the form carries its session's token."""
    if given is None or not hmac.compare_digest(expected.encode(), given.encode()):
        raise ForgedRequestError("The form is out of date. Load the page again and repeat the act.")
