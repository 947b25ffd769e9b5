"""What participants send never runs and breaks nothing: every field and file of every form they
reach, and every property of every request of their API, by what the application says it has."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any, Final

import httpx2
import pikepdf
import pytest

from engine.commands.intakes import OpenIntake
from tests.support.circle import A
from tests.support.market_process import start_market
from tests.support.outsiders import Crowd, Guest, filled, make_crowd, routes_of

SCRIPT: Final = "<script>alert(9)</script><svg onload=alert(9)>\"'><a href=javascript:alert(9)>x"
TEXTS: Final[Mapping[str, str]] = {
    "script": SCRIPT,
    "template": "{{ 7*191 }}${7*191}<%= 7*191 %>#{7*191}{% raise %}",
    "formula": '=HYPERLINK("http://x.test","ta")|cmd',
    "bidi": "abc\u202egnp.exe\u2066\u200f",
    "null": "før\x00etter\x07\x1b[2J",
    "lines": "To: x\r\nBcc: alle@x.test\r\n\r\nhei",
    "quotes": "'; DROP TABLE procurement; --",
    "path": "../../../../etc/passwd",
    "huge": "Æ" * 100_000,
    "alone": "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "ignore") or "?",
    "nothing": "",
}
ALONE: Final = frozenset({TEXTS["script"], TEXTS["null"], TEXTS["huge"]})
"""Sent in each field by itself, beside fields that are sound; the others in all fields at once."""
OUTSIDE: Final = ("/portal", "/join", "/market", "/competitions", "/api/v1/portal")
PAGES: Final = ("/portal", "/portal/dialogue", "/portal/submissions", "/portal/market", "/join")
_RUNS: Final = re.compile(r"<script>alert|<svg onload|<a href=javascript|\b1337\b")
_TOKENS: Final = {"_csrf", "_request"}
LAUGHS: Final = (
    b'<?xml version="1.0"?><!DOCTYPE a ['
    + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
    + b'<!ENTITY l0 "ha">]><a>&l9;</a>'
)
"""A thousand million laughs, where somebody would unfold them."""


def packed(parts: Mapping[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as opened:
        for name, content in parts.items():
            opened.writestr(name, content)
    return made.getvalue()


def png(wide: int, *, says: bytes = b"") -> bytes:
    """A picture of one row that says it is `wide`, with a comment."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        whole = kind + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", wide, 1, 8, 2, 0, 0, 0)
    seen = zlib.compress(b"\x00" + b"\xff\x00\x00" * min(wide, 8))
    comment = chunk(b"tEXt", b"Comment\x00" + says)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (chunk(b"IHDR", head), comment, chunk(b"IDAT", seen), chunk(b"IEND", b""))
    )


def titled_pdf() -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.docinfo["/Title"] = SCRIPT
        pdf.save(made)
    return made.getvalue()


def hostile_files() -> Iterator[tuple[str, bytes]]:
    """Harmless files with hostile names, and hostile files with harmless names."""
    for text in (*TEXTS.values(), "CON", "a" * 300):
        yield f"{text}.txt", b"tekst"
    yield from (
        (f"{SCRIPT}.png", png(1)),
        ("bilde.png", png(8, says=SCRIPT.encode())),
        ("bilde.png", png(60_000)),
        ("bilde.jpg", b"\xff\xd8\xff\xe1\xff\xff"),
        ("tilbud.pdf", b"%PDF-1.7\n1 0 obj << /Kids [1 0 R] >> trailer << /Root 1 0 R >>"),
        ("tilbud.pdf", titled_pdf()),
        ("tilbud.docx", packed({"word/document.xml": LAUGHS})),
        ("tilbud.odt", packed({"content.xml": LAUGHS, "mimetype": b"x"})),
        ("tilbud.xlsx", packed({"xl/workbook.xml": LAUGHS, "xl/sharedStrings.xml": LAUGHS})),
        ("tilbud.xml", LAUGHS),
        ("alt.zip", packed({f"{SCRIPT.replace('/', '')}.txt": b"tekst"})),
        ("alt.zip", packed({"../../passwd.txt": b"tekst"})),
        ("pris.csv", TEXTS["formula"].encode()),
        ("pris.json", b"[" * 100_000),
        ("brev.eml", TEXTS["lines"].encode()),
        ("tom.txt", b""),
        ("tekst.txt", b"\xff\xfe\xd8"),
    )


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    """With a market dialogue that is open to anybody, and receipt of tenders."""
    found = make_crowd(tmp_path_factory.mktemp("hostile"))
    platform = found.circle.platform
    start_market(platform)
    deadline = platform.clock.now() + timedelta(hours=2)
    platform.act("lead", OpenIntake(found.procurement, "tender", deadline=deadline))
    return found


@pytest.fixture(scope="module")
def guests(crowd: Crowd) -> list[Guest]:
    return [
        crowd.participant("Anna", "supplier", A),
        crowd.participant("Siv", "citizen", ""),
        crowd.nobody(),
    ]


class Forms(HTMLParser):
    """The forms of a page: where each is sent to, the names of its fields, and those of files."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.files: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self.found.append((given.get("action", ""), {}))
        if tag in {"input", "textarea", "select", "button"} and self.found and given.get("name"):
            self.found[-1][1][given["name"]] = given.get("value", "")
            if given.get("type") == "file":
                self.files.append((self.found[-1][0], given["name"]))


def pages_of(guest: Guest) -> list[str]:
    """With each market dialogue that is open to all, for who has no page of her or his own."""
    if guest.page == "/portal":
        return list(PAGES)
    open_to_all = re.findall(r'href="(/market/\w+)"', guest.ask("GET", "/market").text)
    return [*PAGES, *dict.fromkeys(open_to_all)]


def hostile_forms(guest: Guest) -> Iterator[tuple[str, dict[str, str]]]:
    """Every form of the guest's pages, with its fields hostile in every way."""
    for page in pages_of(guest):
        for action, fields in Forms(guest.ask("GET", page).text).found:
            names = set(fields) - _TOKENS
            for text in TEXTS.values():
                yield action or page, {**fields, **dict.fromkeys(names, text)}
                for name in names if text in ALONE else ():
                    yield action or page, {**fields, name: text}


def hostile_bodies(schema: Mapping[str, Any], body: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Bodies of a request with each property hostile in turn, and all at once."""
    properties = _resolved(schema, body).get("properties", {})
    sound = {name: _example(schema, each) for name, each in properties.items()}
    for text in TEXTS.values():
        yield dict.fromkeys(properties, text)
        for name in properties if text in ALONE else ():
            yield {**sound, name: text}
            yield {**sound, name: [text, {"x": text}]}
    yield {**sound, "unknown": SCRIPT}


def _resolved(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Mapping[str, Any]:
    key = part.get("$ref", "").rpartition("/")[2]
    return schema["components"]["schemas"][key] if key else part


def _example(schema: Mapping[str, Any], part: Mapping[str, Any]) -> Any:
    found = _resolved(schema, part)
    kind = found.get("type") or next(
        (each.get("type") for each in found.get("anyOf", ())), "string"
    )
    examples = {"boolean": True, "integer": 1, "number": 1, "array": [], "object": {}}
    return examples.get(kind, "Tekst")


def require_harmless(answer: httpx2.Response, where: str) -> None:
    assert answer.status_code < 500, (where, answer.status_code, answer.text[:300])
    assert "Traceback" not in answer.text, where
    kind = answer.headers.get("content-type", "")
    if kind.startswith("text/html"):
        assert "\x00" not in answer.text, where
        assert not _RUNS.search(answer.text), where
        assert "unsafe" not in answer.headers["content-security-policy"], where
    assert "alle@x.test" not in str(answer.headers), where


def test_every_field_of_every_form_takes_or_refuses_what_is_hostile(
    crowd: Crowd, guests: list[Guest]
) -> None:
    sent = 0
    for guest in guests:
        for action, fields in hostile_forms(guest):
            if action == "/portal/leave":
                continue
            require_harmless(guest.ask("POST", action, fields), f"{guest.name} {action}")
            sent += 1

    assert sent > 100
    _read_all(crowd, guests)


def test_every_property_of_every_request_takes_or_refuses_what_is_hostile(
    crowd: Crowd, guests: list[Guest]
) -> None:
    schema = crowd.app.openapi()
    sent = 0
    for guest in guests:
        for path, methods in schema["paths"].items():
            if not path.startswith("/api/v1/portal"):
                continue
            address = filled(path, crowd.own_ids_first(A), "f" * 32)
            for method, told in methods.items():
                content = told.get("requestBody", {}).get("content", {})
                body = content.get("application/json", {}).get("schema")
                for each in hostile_bodies(schema, body) if body else ():
                    answer = guest.ask(method.upper(), address, each)
                    require_harmless(answer, f"{guest.name} {method} {path}")
                    sent += 1

    assert sent > 200
    _read_all(crowd, guests)


def hostile_uploads(crowd: Crowd, guest: Guest) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Where a guest can send a file: address, field, and the other fields, by page and by API."""
    sound = {"kind": "need", "text": "Tekst", "shows": SCRIPT, "note": SCRIPT}
    for page in PAGES:
        for action, field in Forms(guest.ask("GET", page).text).files:
            yield action, field, sound
    schema = crowd.app.openapi()
    for path, methods in schema["paths"].items():
        content = methods.get("post", {}).get("requestBody", {}).get("content", {})
        body = content.get("multipart/form-data", {}).get("schema")
        if body and path.startswith("/api/v1/portal"):
            for field, told in _resolved(schema, body).get("properties", {}).items():
                if "contentMediaType" in str(told) or "binary" in str(told):
                    yield filled(path, crowd.own_ids_first(A), "f" * 32), field, sound


def test_every_file_is_taken_or_refused_whatever_it_is_called_and_holds(
    crowd: Crowd, guests: list[Guest]
) -> None:
    sent, taken = 0, 0
    for guest in guests:
        for address, field, others in hostile_uploads(crowd, guest):
            for name, content in hostile_files():
                answer = guest.ask("POST", address, others, {field: (name, content)})
                require_harmless(answer, f"{guest.name} {address} {name[:40]}")
                sent += 1
                taken += answer.status_code in (201, 303)

    assert sent > 100
    assert taken > 30
    _read_all(crowd, guests)
    for document in guests[0].ask("GET", "/api/v1/portal/dialogue").json()["documents"]:
        got = guests[0].ask("GET", f"/portal/documents/{document['document']['id']}")
        assert got.headers["content-disposition"].startswith("attachment")
        assert got.headers["x-content-type-options"] == "nosniff"


def test_hostile_ids_and_questions_of_addresses_find_nothing(
    crowd: Crowd, guests: list[Guest]
) -> None:
    for guest in guests:
        for method, route in routes_of(crowd.app):
            if not route.path.startswith(OUTSIDE):
                continue
            for text in (
                "%3Cscript%3Ealert(9)",
                "..%2f..%2fetc",
                "%00",
                "%F0%9F%92%A9",
                "a" * 3000,
            ):
                address = filled(route.path, {}, text)
                answer = guest.ask(method, f"{address}?kind={text}&of={text}")
                assert answer.status_code < 500, address
                assert not _RUNS.search(answer.text), address


def _read_all(crowd: Crowd, guests: list[Guest]) -> None:
    """What was taken stands on the pages of the lead and of who sent it, and runs on none."""
    lead = crowd.member("lead")
    for page in pages_of(lead)[len(PAGES) :]:
        for part in ("market", "involvement", "participants", "record"):
            address = f"/procurements/{page.rpartition('/')[2]}/{part}"
            require_harmless(lead.ask("GET", address), address)
    for guest in (lead, *guests):
        own = crowd.own_ids_first(A)
        for method, route in routes_of(crowd.app):
            if method == "GET" and "{file" not in route.path:
                address = filled(route.path, own, "f" * 32)
                require_harmless(guest.ask("GET", address), f"{guest.name} {route.path}")
