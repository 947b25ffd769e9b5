"""A page that is open: it reads the events that the platform sends it."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import urlsplit


class Stream:
    """Unnamed messages as their data, named ones as their name; comments are passed over."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response
        self.media_type = response.headers["content-type"]

    def next(self) -> str | None:
        """The next event; None at the end of the stream."""
        name, data = "", []
        while line := self._response.readline():
            text = line.decode().rstrip("\n")
            if not text and (name or data):
                return name or "\n".join(data)
            if text.startswith("event: "):
                name = text.removeprefix("event: ")
            if text.startswith("data: "):
                data.append(text.removeprefix("data: "))
        return None

    def until(self, wanted: str) -> str:
        """The first event that holds `wanted`."""
        while (event := self.next()) is not None:
            if wanted in event:
                return event
        raise AssertionError(f"the stream ended before it said {wanted!r}")


@contextmanager
def opened(address: str, cookie: str, query: str = "") -> Iterator[Stream]:
    """The stream of somebody with this cookie, until the block ends."""
    place = urlsplit(address)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=20)
    connection.request("GET", f"/notifications/stream?{query}", headers={"Cookie": cookie})
    try:
        yield Stream(connection.getresponse())
    finally:
        connection.close()
