"""Everybody who comes to the addresses of the application, and what each must never learn."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import httpx2
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from engine.commands.contributions import GiveContribution
from engine.commands.participants import Invited, InviteParticipants
from engine.store.database import open_database
from engine.store.migrate import upgrade
from engine.store.schema import metadata
from service.app import create_app
from service.security.floods import Floods
from service.security.guests import come_in, cookie_name
from service.security.invitations import digest_of, secret_of
from service.wiring import Parts
from tests.support.circle import A, B, Circle, leave_traces, make_circle
from tests.support.platform import make_platform
from tests.support.web import ADDRESS, hidden_fields, make_parts

CANARIES: Final[Mapping[str, str]] = {A: "kanari-alfa", B: "kanari-beta"}
"""By supplier: a word that stands wherever words can stand in its branch."""
HOSTILE: Final = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'</title>"
STREAMS: Final = frozenset({"/notifications/stream"})
"""Addresses whose answer does not end."""


@dataclass(slots=True)
class Guest:
    """A browser. `others` are the words its owner must never read."""

    name: str
    app: FastAPI
    client: TestClient
    others: tuple[str, ...] = ()
    page: str = "/tasks"
    csrf: str = ""

    def ask(
        self, method: str, path: str, body: Any = None, files: Mapping[str, Any] | None = None
    ) -> httpx2.Response:
        """A request as the pages or a program would send it, however often one has tried; `files`
        are (name, content) by field, and `body` the other fields then."""
        self.app.state.floods = Floods()
        if method == "GET":
            return self.client.get(path)
        tokens = {"_csrf": self.csrf, "_request": uuid4().hex}
        if path.startswith("/api/"):
            headers = {"X-CSRF-Token": self.csrf}
            sent = {"data": body, "files": files} if files else {"json": body}
            return self.client.request(method, path, headers=headers, **sent)
        return self.client.request(method, path, data={**tokens, **(body or {})}, files=files)

    def come(self) -> "Guest":
        """With the session's token, which every page of the guest's own has."""
        self.csrf = hidden_fields(self.client.get(self.page).text)["_csrf"]
        return self


@dataclass(slots=True)
class Crowd:
    """A procurement with two suppliers' branches, all of whom have come, and another beside it."""

    circle: Circle
    parts: Parts
    app: FastAPI

    @property
    def procurement(self) -> str:
        return self.circle.procurement

    def member(self, person: str, *others: str) -> Guest:
        client = self._client()
        client.post("/sign-in", data={"person": person})
        return Guest(person, self.app, client, others).come()

    def participant(self, name: str, role: str, scope: str, *others: str) -> Guest:
        """Somebody invited from outside, who has come in."""
        key = f"invitation-{name}".ljust(32, "0")
        secret = secret_of(self.parts.settings, key)
        invited = Invited(key, digest_of(secret), role, 14, scope, scope and f"Firma {scope}", name)
        self.circle.platform.act("lead", InviteParticipants(self.procurement, (invited,)))
        client = self._client()
        client.cookies.set(cookie_name(self.parts), come_in(self.parts, secret, "", "").cookie)
        return Guest(name, self.app, client, others, "/portal").come()

    def nobody(self) -> Guest:
        return Guest("nobody", self.app, self._client(), (*CANARIES.values(), "Badeplass"))

    def _client(self) -> TestClient:
        return TestClient(self.app, base_url=ADDRESS, follow_redirects=False)

    def ids(self, *, foreign_to: str) -> dict[str, list[str]]:
        """Table → ids of rows that somebody bound to the supplier `foreign_to` must not find: the
        other supplier's, and those of another procurement."""
        found: dict[str, list[str]] = {}
        other = B if foreign_to == A else A
        with self.parts.store.reader() as connection:
            for table in metadata.sorted_tables:
                rows = list(_rows(connection, table))
                strange = [
                    str(row["id"])
                    for row in rows
                    if row.get("scope") == other or row["procurement"] != self.procurement
                ]
                if strange:
                    found[table.name] = [strange[0], strange[-1]]
            elsewhere = self.circle.tasks["lead-task"].procurement
        return {**found, "procurement": [elsewhere]}

    def own_ids(self, scope: str) -> dict[str, list[str]]:
        """Table → ids of rows of this procurement that are of this supplier, or of none."""
        found: dict[str, list[str]] = {}
        with self.parts.store.reader() as connection:
            for table in metadata.sorted_tables:
                mine = [
                    str(row["id"])
                    for row in _rows(connection, table)
                    if row["procurement"] == self.procurement
                    and row.get("scope", "") in ("", scope)
                ]
                if mine:
                    found[table.name] = [mine[0], mine[-1]]
        return {**found, "procurement": [self.procurement]}

    def own_ids_first(self, scope: str) -> dict[str, str]:
        """Table → one id of this procurement that is of this supplier, or of none."""
        return {table: keys[0] for table, keys in self.own_ids(scope).items()}


def _rows(connection: sa.Connection, table: sa.Table) -> Iterator[Mapping[str, Any]]:
    names = {"id", "procurement"}
    if names <= set(table.c.keys()) and isinstance(table.c.id.type, sa.String):
        wanted = [table.c[name] for name in ("id", "procurement", "scope") if name in table.c]
        yield from connection.execute(sa.select(*wanted)).mappings()


def make_crowd(folder: Path) -> Crowd:
    """A platform of its own in the folder, with what two rival suppliers and a citizen left."""
    database = open_database(f"sqlite:///{folder / 'p.sqlite'}", durable=False)
    upgrade(database)
    platform = make_platform(database)
    parts = make_parts(platform, folder)
    circle = make_circle(platform)
    for branch, word in (("branch-a", CANARIES[A]), ("branch-b", CANARIES[B])):
        leave_traces(circle, branch, word)
    platform.complete("member-b", circle.procurement, "score", B, submission={"points": 3.25})
    contribute = GiveContribution(circle.procurement, "need", f"Behov {HOSTILE}", role="citizen")
    platform.act("lead", contribute)
    return Crowd(circle, parts, create_app(parts.settings, parts))


def routes_of(app: FastAPI) -> Iterator[tuple[str, APIRoute]]:
    """Every method of every address there is, those of parts that are not written yet too."""
    for route in app.routes:
        if isinstance(route, APIRoute) and route.path not in STREAMS:
            for method in sorted(route.methods - {"HEAD"}):
                yield method, route


def filled(path: str, ids: Mapping[str, str], otherwise: str) -> str:
    """The address with an id for each place: of the table that the place speaks of."""
    parts = path.split("/")
    for at, part in enumerate(parts):
        if "{" in part:
            name = part[part.index("{") + 1 : part.index("}")].partition(":")[0]
            spoken = (parts[at - 1], name)
            table = next((each for each in ids if any(each in said for said in spoken)), "")
            value = "1" if name in ("seq", "version") else ids.get(table, otherwise)
            parts[at] = part[: part.index("{")] + value + part[part.index("}") + 1 :]
    return "/".join(parts)
