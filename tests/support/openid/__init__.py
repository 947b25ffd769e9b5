"""A certified provider of OpenID Connect in a process of its own, with the service before it."""

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any, Final

import httpx2

from service.app import create_app
from service.serving import Server
from service.settings import Settings
from service.sign_in import read_sign_in
from service.wiring import Parts
from tests.support.platform import Platform

HERE: Final = Path(__file__).parent
CLIENT: Final = "pivotal"
SECRET: Final = "a secret that only the tests know of"
PEOPLE: Final[Mapping[str, Any]] = {
    "kari": {
        "claims": {
            "name": "Kari Nordmann",
            "email": "kari@x.test",
            "email_verified": True,
            "groups": ["leads", "everybody"],
        },
        "levels": ["substantial", "high"],
    },
    "ola": {"claims": {"name": "Ola Nordmann", "groups": ["everybody"]}, "levels": ["substantial"]},
    "gjest": {"claims": {"name": "Gjest", "groups": []}, "levels": ["substantial"]},
    "usikker": {"claims": {"name": "Usikker", "groups": ["everybody"]}, "levels": []},
}
SETTINGS: Final = """\
[levels]
steer = 3

[providers.test]
name = {{ nb = "Prøvekommunen", en = "Test municipality" }}
issuer = "{issuer}"
client_id = "pivotal"
secret_file = "{folder}/client-secret"
level_claim = "acr"
least_level = 2

[[providers.test.levels]]
value = "substantial"
level = 2

[[providers.test.levels]]
value = "high"
level = 3

[[providers.test.join]]
claim = "groups"
value = "everybody"
organisation = "town"

[[providers.test.roles]]
claim = "groups"
value = "leads"
role = "procurement-lead"
organisation = "town"
"""


@dataclass(slots=True)
class Town:
    """The service at `url`, to which people come through the provider at `issuer`."""

    url: str
    issuer: str
    parts: Parts
    provider: "subprocess.Popen[str]"
    clients: list[httpx2.Client] = field(default_factory=list)

    def client(self) -> httpx2.Client:
        """A browser without a screen, which follows redirects."""
        client = httpx2.Client(base_url=self.url, follow_redirects=True, timeout=20)
        self.clients.append(client)
        return client

    def sign_in(
        self, person: str, client: httpx2.Client | None = None, *, path: str = "/sign-in/test"
    ) -> tuple[httpx2.Client, httpx2.Response]:
        """Through the provider's form; the page that one ends on."""
        browser = client or self.client()
        form = browser.get(path)
        if "/interaction/" not in str(form.url):
            return browser, form
        return browser, browser.post(form.url, data={"name": person})

    def stop_provider(self) -> None:
        self.provider.terminate()
        self.provider.wait()


@contextmanager
def town(platform: Platform, folder: Path, settings: str = SETTINGS) -> Iterator[Town]:
    """The service on the platform, with the provider beside it."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        port = _free_port()
        issuer = f"http://127.0.0.1:{port}"
        (folder / "client-secret").write_text(SECRET + "\n")
        (folder / "sign-in.toml").write_text(settings.format(issuer=issuer, folder=folder))
        sign_in = read_sign_in(folder / "sign-in.toml")
        given = Settings(folder, "sqlite://", url, sign_in=sign_in)
        platform.bus.environment.levels.update(sign_in.actions)
        definitions = platform.bus.environment.definitions
        parts = Parts(given, platform.store, platform.bus, platform.clock, definitions)
        with _provider(port, url, folder / "provider.log") as provider, _service(parts, listening):
            found = Town(url, issuer, parts, provider)
            yield found
            for client in found.clients:
                client.close()


@contextmanager
def _service(parts: Parts, listening: socket.socket) -> Iterator[None]:
    server = Server(create_app(parts.settings, parts))
    thread = Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def _provider(port: int, url: str, log: Path) -> "Iterator[subprocess.Popen[str]]":
    client = {
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uris": [f"{url}/sign-in/test/callback"],
        "post_logout_redirect_uris": [f"{url}/signed-out"],
        "backchannel_logout_uri": f"{url}/sign-in/test/logout",
        "backchannel_logout_session_required": True,
    }
    given = json.dumps({"port": port, "clients": [client], "people": PEOPLE})
    if not (HERE / "node_modules").exists():
        raise RuntimeError(
            "The test provider is not installed. Type: make test, which installs it."
        )
    with log.open("w") as said:
        process = subprocess.Popen(
            [_node(), "provider.mjs", given],
            cwd=HERE,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    try:
        assert process.stdout is not None
        if process.stdout.readline().strip() != "ready":
            raise RuntimeError(f"The test provider did not start: {log.read_text()}")
        yield process
    finally:
        process.terminate()
        process.communicate()


def _node() -> str:
    """The machine's, or the one that the set-up brought."""
    return shutil.which("node") or str(Path(sys.executable).parent / "node")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
