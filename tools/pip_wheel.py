"""Brings pip as a wheel where Python lacks `ensurepip`, as Debian's and Ubuntu's own Python does.

It looks where pip itself would look: PIP_FIND_LINKS, PIP_INDEX_URL, the configuration files of pip,
https://pypi.org/simple; through the proxies of the environment, with the certificates of PIP_CERT.
"""

from __future__ import annotations

import base64
import configparser
import hashlib
import os
import re
import ssl
import urllib.parse
import urllib.request
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Mapping

DEFAULT_INDEX = "https://pypi.org/simple"
_WHEEL = re.compile(r"pip-(\d+(?:\.\d+)*)-py3-none-any\.whl")


class SetupError(Exception):
    """What stops the set-up, in one line with its remedy."""


@dataclass(frozen=True)
class Link:
    """A wheel of pip: where it is (URL or path) and its SHA-256, "" where the source names none."""

    address: str
    version: tuple[int, ...]
    sha256: str = ""


class _Anchors(HTMLParser):
    """Collects the addresses of a page in the style of PEP 503, without the yanked ones."""

    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        fields = dict(attrs)
        address = fields.get("href")
        if tag == "a" and address and "data-yanked" not in fields:
            self.addresses.append(address)


def fetch(folder: Path, wanted: str, environment: Mapping[str, str]) -> Path:
    """Put a wheel of pip into `folder`: version `wanted` if there is one, else the newest.

    Raises SetupError when no source has one.
    """
    settings = read_settings(environment)
    links = [link for source in settings.sources() for link in _links(source, settings)]
    if not links:
        raise SetupError(
            "This Python brings no pip, and none was found on "
            + ", ".join(hide_password(source) for source in settings.sources())
            + ". Type: apt-get install python3-venv"
        )
    link = choose(links, wanted)
    content = _read(link.address, settings)
    if link.sha256 and hashlib.sha256(content).hexdigest() != link.sha256:
        raise SetupError(
            f"{hide_password(link.address)} does not have the SHA-256 its index names."
        )
    target = folder / _WHEEL.search(link.address).group(0)  # type: ignore[union-attr]
    target.write_bytes(content)
    return target


def choose(links: list[Link], wanted: str) -> Link:
    """The link of version `wanted`, else that of the newest."""
    exact = [link for link in links if ".".join(map(str, link.version)) == wanted]
    return exact[0] if exact else max(links, key=lambda link: link.version)


@dataclass(frozen=True)
class Settings:
    """What pip's environment and configuration files say of sources and certificates."""

    index: str
    extra: tuple[str, ...]
    find_links: tuple[str, ...]
    certificates: str
    no_index: bool

    def sources(self) -> list[str]:
        """Folders, files and pages to look at, in pip's order."""
        indexes = () if self.no_index else (self.index, *self.extra)
        return [*self.find_links, *(f"{index.rstrip('/')}/pip/" for index in indexes)]


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Environment variables win over configuration files, as in pip."""
    values = {}
    for path in _configuration_files(environment):
        parser = configparser.RawConfigParser()
        parser.read(path, encoding="utf-8")
        for section in ("global", "install"):
            if parser.has_section(section):
                values.update({k.replace("_", "-"): v for k, v in parser.items(section)})
    for name, value in environment.items():
        if name.startswith("PIP_") and value:
            values[name[4:].lower().replace("_", "-")] = value
    certificates = values.get("cert") or environment.get("REQUESTS_CA_BUNDLE", "")
    return Settings(
        index=values.get("index-url", DEFAULT_INDEX),
        extra=tuple(values.get("extra-index-url", "").split()),
        find_links=tuple(values.get("find-links", "").split()),
        certificates=certificates,
        no_index=values.get("no-index", "").lower() in {"1", "true", "yes", "on"},
    )


def _configuration_files(environment: Mapping[str, str]) -> list[Path]:
    home = Path(environment.get("HOME", "~")).expanduser()
    user = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    named = environment.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return []
    paths = [Path("/etc/pip.conf"), home / ".pip/pip.conf", user / "pip/pip.conf"]
    return [*paths, Path(named)] if named else paths


def _links(source: str, settings: Settings) -> list[Link]:
    """The wheels of pip that `source` offers; none when it cannot be reached."""
    folder = Path(
        urllib.request.url2pathname(source[7:]) if source.startswith("file://") else source
    )
    if folder.is_dir():
        return read_addresses(str(folder), [str(path) for path in sorted(folder.glob("pip-*.whl"))])
    try:
        page = _read(source, settings).decode("utf-8", "replace")
    except (OSError, ValueError):
        return []
    anchors = _Anchors()
    anchors.feed(page)
    return read_addresses(source, anchors.addresses)


def read_addresses(base: str, addresses: list[str]) -> list[Link]:
    """The wheels of pip among `addresses`, which may be relative to the page `base`."""
    links = []
    for address in addresses:
        plain, _, fragment = address.partition("#")
        found = _WHEEL.fullmatch(urllib.parse.unquote(plain.rsplit("/", 1)[-1]))
        if found:
            version = tuple(int(part) for part in found.group(1).split("."))
            digest = fragment[7:] if fragment.startswith("sha256=") else ""
            whole = plain if Path(plain).is_file() else urllib.parse.urljoin(base, plain)
            links.append(Link(whole, version, digest))
    return links


def hide_password(address: str) -> str:
    """The address without the name and password it may hold."""
    return re.sub(r"//[^/@]*@", "//", address)


def _read(address: str, settings: Settings) -> bytes:
    if "://" not in address:
        return Path(address).read_bytes()
    parts = urllib.parse.urlsplit(address)
    request = urllib.request.Request(hide_password(address), headers={"Accept": "text/html, */*"})
    if parts.username:
        secret = (
            f"{urllib.parse.unquote(parts.username)}:{urllib.parse.unquote(parts.password or '')}"
        )
        request.add_header("Authorization", "Basic " + base64.b64encode(secret.encode()).decode())
    context = ssl.create_default_context(cafile=settings.certificates or None)
    with urllib.request.urlopen(request, timeout=60, context=context) as answer:
        return bytes(answer.read())
