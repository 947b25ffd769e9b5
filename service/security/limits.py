"""No request is larger than the largest file somebody may send, with room for its form."""

from collections.abc import Callable

from fastapi import Request
from fastapi.responses import Response
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send


class BodyLimit:
    """Refuses, unread, what announces more than `largest` bytes, or does not say how much it is."""

    def __init__(
        self, app: ASGIApp, *, largest: int, refuse: Callable[[Request], Response]
    ) -> None:
        self._app = app
        self._largest = largest
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._fits(Headers(scope=scope)):
            await self._refuse(Request(scope))(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _fits(self, headers: Headers) -> bool:
        announced = headers.get("content-length")
        if announced is None:
            return "transfer-encoding" not in headers
        return announced.isdecimal() and int(announced) <= self._largest
