"""Headers of every answer: nothing loads from elsewhere, nothing is kept, nobody frames us."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
DOWNLOAD_POLICY: Final = "default-src 'none'; sandbox"

HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cache-Control": "no-store",
    }
)
FOR_EVER: Final = "public, max-age=31536000, immutable"  # addresses of assets hold their hash
STRICT_TRANSPORT: Final = "max-age=31536000; includeSubDomains"


def _encoded(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


class SecurityHeaders:
    """Puts the headers on every answer that has not set its own."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        extra = {"Strict-Transport-Security": STRICT_TRANSPORT} if https else {}
        self._pages = _encoded({**HEADERS, **extra})
        self._assets = _encoded({**HEADERS, **extra, "Cache-Control": FOR_EVER})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        ours = self._assets if scope["path"].startswith("/static/") else self._pages

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                theirs = {name.lower() for name, _ in headers}
                headers += [(name, value) for name, value in ours if name not in theirs]
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, send_with_headers)


def download_headers(name: str) -> dict[str, str]:
    """For a file under the name that people gave it, that no browser runs or shows in our pages."""
    return {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": DOWNLOAD_POLICY,
    }
