"""A browser without a screen, and the application on the small process."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx2
from fastapi.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from service.wiring import Parts
from tests.support.platform import Platform

ADDRESS = "http://testserver"


def make_parts(platform: Platform, folder: Path, *, demo: bool = True) -> Parts:
    """The platform's parts as the service wants them."""
    settings = Settings(folder, "sqlite://", ADDRESS, demo=demo)
    definitions = platform.bus.environment.definitions
    return Parts(settings, platform.store, platform.bus, platform.clock, definitions)


@dataclass(slots=True)
class Visitor:
    """Somebody who reads pages and presses buttons."""

    client: TestClient

    @classmethod
    def at(cls, parts: Parts) -> "Visitor":
        """A new visitor; the clock's part of the service does not run."""
        app = create_app(parts.settings, parts)
        return cls(TestClient(app, base_url=ADDRESS, follow_redirects=False))

    def sign_in(self, person: str) -> "Visitor":
        answer = self.client.post("/sign-in", data={"person": person, "next": "/tasks"})
        assert answer.status_code == 303
        return self

    def get(self, path: str) -> httpx2.Response:
        return self.client.get(path)

    def hidden(self, path: str) -> dict[str, str]:
        """The hidden fields that every form of the page has."""
        return hidden_fields(self.client.get(path).text)

    def press(
        self, page: str, address: str, fields: Mapping[str, str | list[str]] | None = None
    ) -> httpx2.Response:
        """Post the fields with the tokens of a page that was read before."""
        data = {**self.hidden(page), **(fields or {})}
        return self.client.post(address, data=data)


def hidden_fields(page: str) -> dict[str, str]:
    """The session's token and the request id that stand in each form of a page."""
    found = re.search(
        r'name="_csrf" value="([^"]+)"><input type="hidden" name="_request" value="([^"]+)"', page
    )
    assert found is not None
    return {"_csrf": found[1], "_request": found[2]}
