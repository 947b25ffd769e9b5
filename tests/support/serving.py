"""The application behind a real port, for what only a real connection can tell."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Thread

from service.app import create_app
from service.serving import Server
from service.wiring import Parts


@contextmanager
def served(parts: Parts) -> Iterator[str]:
    """The address that the application listens on until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        here = replace(parts, settings=replace(parts.settings, base_url=url))
        server = Server(create_app(here.settings, here))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield url
        finally:
            server.should_exit = True
            thread.join()
