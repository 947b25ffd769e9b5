"""The web server; it lets open pages go before it waits for requests to end."""

import socket

import uvicorn
from fastapi import FastAPI

PATIENCE = 10
"""Seconds that requests under way get to end when the server stops."""


class Server(uvicorn.Server):
    """Serves one application whose open pages are in `app.state.live`."""

    def __init__(self, app: FastAPI, *, host: str = "127.0.0.1", port: int = 8000) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_level="warning",
                timeout_graceful_shutdown=PATIENCE,
                ws="none",
            )
        )
        self._live = app.state.live

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Streams never end by themselves: without this the server would wait for them."""
        self._live.close()
        await super().shutdown(sockets)
