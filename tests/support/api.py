"""A program that uses the REST API."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2
from fastapi.testclient import TestClient

from service.app import create_app
from service.wiring import Parts
from tests.support.web import ADDRESS

V1 = "/api/v1"


@dataclass(slots=True)
class Program:
    """Signed in as one person; sends the session's token with what changes something."""

    client: TestClient
    token: str = ""

    @classmethod
    def at(cls, parts: Parts) -> "Program":
        """Not signed in yet; the clock's part of the service does not run."""
        return cls(TestClient(create_app(parts.settings, parts), base_url=ADDRESS))

    def sign_in(self, person: str) -> "Program":
        answer = self.client.post(f"{V1}/session", json={"person": person})
        assert answer.status_code == 204
        self.token = self.client.get(f"{V1}/me").json()["csrf_token"]
        return self

    def get(self, path: str, **query: Any) -> httpx2.Response:
        return self.client.get(V1 + path, params=query)

    def post(
        self, path: str, content: Any = None, *, key: str = "", method: str = "POST"
    ) -> httpx2.Response:
        """An act with a JSON body; `key` is its Idempotency-Key."""
        return self.client.request(method, V1 + path, json=content, headers=self._headers(key))

    def send(
        self, path: str, files: Any, fields: Mapping[str, str] | None = None, *, key: str = ""
    ) -> httpx2.Response:
        """An act with files."""
        return self.client.post(
            V1 + path, files=files, data=dict(fields or {}), headers=self._headers(key)
        )

    def _headers(self, key: str) -> dict[str, str]:
        return {"X-CSRF-Token": self.token, **({"Idempotency-Key": key} if key else {})}
