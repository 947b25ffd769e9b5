"""What participants send never runs and breaks nothing: every field of every form that they reach,
and every property of every request of their API, by what the application says it has."""

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any, Final

import httpx2
import pytest

from tests.support.circle import A
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
PAGES: Final = ("/portal", "/portal/dialogue", "/portal/submissions", "/portal/market", "/join")
_RUNS: Final = re.compile(r"<script>alert|<svg onload|<a href=javascript|\b1337\b")
_TOKENS: Final = {"_csrf", "_request"}


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    return make_crowd(tmp_path_factory.mktemp("hostile"))


@pytest.fixture(scope="module")
def guests(crowd: Crowd) -> list[Guest]:
    return [
        crowd.participant("Anna", "supplier", A),
        crowd.participant("Siv", "citizen", ""),
        crowd.nobody(),
    ]


class Forms(HTMLParser):
    """The forms of a page: where each is sent to, and the names of its fields."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method") == "post":
            self.found.append((given.get("action", ""), {}))
        if tag in {"input", "textarea", "select", "button"} and self.found and given.get("name"):
            self.found[-1][1][given["name"]] = given.get("value", "")


def hostile_forms(guest: Guest) -> Iterator[tuple[str, dict[str, str]]]:
    """Every form of the guest's pages, with its fields hostile in every way."""
    for page in PAGES:
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


def test_hostile_ids_and_questions_of_addresses_find_nothing(
    crowd: Crowd, guests: list[Guest]
) -> None:
    for guest in guests:
        for method, route in routes_of(crowd.app):
            if not route.path.startswith(("/portal", "/join", "/market", "/api/v1/portal")):
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
    for guest in (crowd.member("lead"), *guests):
        own = crowd.own_ids_first(A)
        for method, route in routes_of(crowd.app):
            if method == "GET" and "{file" not in route.path:
                address = filled(route.path, own, "f" * 32)
                require_harmless(guest.ask("GET", address), f"{guest.name} {route.path}")
