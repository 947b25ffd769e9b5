"""No request is larger than what somebody may send there, with room for its form."""

import re
from collections.abc import Callable
from typing import Final

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

_DELIVERING: Final = re.compile(
    r"/portal/submissions/[^/]+|/procurements/[^/]+/receipts/[^/]+/register"
    r"|/api/v1/portal/intakes/[^/]+/submissions"
    r"|/api/v1/procurements/[^/]+/intakes/[^/]+/deliveries"
)


def delivers(path: str) -> bool:
    """Whether suppliers' files are handed in there: more than fits into any other form."""
    return _DELIVERING.fullmatch(path) is not None


class BodyLimit:
    """Refuses, unread, what announces more than `largest` bytes, where suppliers hand in more than
    `largest_delivery`, or does not say how much it is."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        largest: int,
        largest_delivery: int,
        refuse: Callable[[Request], Response],
    ) -> None:
        self._app = app
        self._largest = largest
        self._largest_delivery = largest_delivery
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._fits(scope["path"], Headers(scope=scope)):
            await self._refuse(Request(scope))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _fits(self, path: str, headers: Headers) -> bool:
        largest = self._largest_delivery if delivers(path) else self._largest
        announced = headers.get("content-length")
        if announced is None:
            return "transfer-encoding" not in headers
        return announced.isdecimal() and int(announced) <= largest
