"""Everybody at every address: what is another's looks like nothing there, and nobody reads it.

The addresses are those the application has, whatever was added last; the ids are of every table
that has some.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import httpx2
import pytest
from fastapi.routing import APIRoute

from engine.commands.deployments import DeployProcess
from engine.commands.organisations import GrantRole
from engine.model.actor import SYSTEM
from tests.support.circle import A, B
from tests.support.outsiders import (
    CANARIES,
    HOSTILE,
    Crowd,
    Guest,
    filled,
    make_crowd,
    routes_of,
)
from tests.support.platform import ELSEWHERE, TOWN
from tests.support.small_process import KEY, small_process

NOTHING: Final = "f" * 32
BODY: Final = {"reason": "Fordi.", "text": "Tekst", "kind": "need", "name": "Navn"}
_TOKENS: Final = re.compile(r'(name="_(?:csrf|request)" value=")[^"]*')


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Crowd:
    return make_crowd(tmp_path_factory.mktemp("crowd"))


@pytest.fixture(scope="module")
def guests(crowd: Crowd) -> list[Guest]:
    """Each with the words that are for others alone."""
    beta = (CANARIES[B], "Beta", B)
    suppliers = (*CANARIES.values(), "Alfa", "Beta", A, B)
    return [
        crowd.participant("Anna", "supplier", A, *beta, "Bent", "Behov"),
        crowd.participant("Bent", "supplier", B, CANARIES[A], "Alfa", A, "Anna", "Behov"),
        crowd.participant(f"Siv {HOSTILE}", "citizen", "", *suppliers, "Anna", "Bent"),
        crowd.member("member-a", *beta, "Bent"),
        crowd.member("stranger", *suppliers, "Anna", "Bent"),
        crowd.member("neighbour", *suppliers, "Anna", "Bent", "Badeplass"),
        crowd.nobody(),
    ]


def strange(crowd: Crowd, guest: Guest) -> dict[str, list[str]]:
    """Ids that the guest must not find anything by."""
    return crowd.ids(foreign_to=B if guest.name == "Bent" else A)


def tries(crowd: Crowd, guest: Guest, route: APIRoute) -> Iterator[tuple[Mapping[str, str], str]]:
    """Fillings of the address with ids of others', beside the one with ids of nothing."""
    found = strange(crowd, guest)
    mine = {"procurement": crowd.procurement}
    for row in (0, -1):
        ids = {table: keys[row] for table, keys in found.items()}
        yield ids, filled(route.path, ids, NOTHING)
        if (route.path.count("{") > 1 and guest.page == "/portal") or guest.name == "member-a":
            yield {**ids, **mine}, filled(route.path, {**ids, **mine}, NOTHING)


def as_told(answer: httpx2.Response, ids: Mapping[str, str]) -> tuple[int, dict[str, str], str]:
    """Status, headers and body without the id that was asked for and the tokens of forms."""
    text, headers = _TOKENS.sub(r"\1", answer.text), dict(answer.headers)
    for each in sorted({*ids.values(), NOTHING}, key=len, reverse=True):
        text = text.replace(each, "ID")
        headers = {name: value.replace(each, "ID") for name, value in headers.items()}
    headers.pop("content-length", None)  # ids of nothing may be longer
    return answer.status_code, headers, text


def test_what_is_anothers_answers_as_what_is_not_there(crowd: Crowd, guests: list[Guest]) -> None:
    different = []
    for guest in guests:
        for method, route in routes_of(crowd.app):
            if "{" not in route.path:
                continue
            for ids, address in dict.fromkeys(
                (tuple(sorted(ids.items())), address) for ids, address in tries(crowd, guest, route)
            ):
                keep = {"procurement": crowd.procurement} if crowd.procurement in address else {}
                nothing = filled(route.path, keep, NOTHING)
                if address == nothing:
                    continue
                here = as_told(guest.ask(method, address, BODY), dict(ids))
                there = as_told(guest.ask(method, nothing, BODY), dict(ids))
                if here != there:
                    different.append((guest.name, method, address, here[0], there[0]))

    assert different == []


def test_a_model_of_another_organisation_answers_as_what_is_not_there(
    crowd: Crowd, guests: list[Guest]
) -> None:
    handle = crowd.circle.platform.bus.handle
    handle(GrantRole("neighbour", ELSEWHERE, "process-designer"), SYSTEM)
    own = str(handle(DeployProcess(KEY, small_process(title="Eget"), TOWN), SYSTEM)["digest"])
    path = f"processes/{KEY}/{KEY}.bpmn"
    different, asked = [], 0
    for guest in (each for each in guests if each.name in ("neighbour", "Anna", "nobody")):
        for method, route in routes_of(crowd.app):
            if "{digest}" not in route.path:
                continue
            body = {"organisation" if "/api/" in route.path else "owner": ELSEWHERE}
            for act in ("share", "stop", "take") if "{act}" in route.path else ("",):
                known = {"path": path, "act": act}
                here, there = (
                    guest.ask(method, filled(route.path, {**known, "digest": each}, each), body)
                    for each in (own, NOTHING)
                )
                asked += 1
                if as_told(here, {"digest": own}) != as_told(there, {"digest": own}):
                    different.append((guest.name, method, route.path, act, here.status_code))

    assert asked > 30
    assert different == []


def test_nobody_reads_what_is_for_others_alone(crowd: Crowd, guests: list[Guest]) -> None:
    leaks, read = [], set()
    for guest in guests:
        scope = {"Anna": A, "Bent": B, "member-a": A}.get(guest.name, "")
        own = {table: keys[-1] for table, keys in crowd.own_ids(scope).items()}
        first = {table: keys[0] for table, keys in crowd.own_ids(scope).items()}
        addresses = {
            filled(route.path, ids, NOTHING)
            for method, route in routes_of(crowd.app)
            for ids in (own, first)
            if method == "GET"
        }
        for address in sorted({*addresses, *_searches(guest)}):
            text = guest.ask("GET", address).text
            for typed in _typed(address):
                text = text.replace(typed, "")
            leaks += [(guest.name, address, word) for word in guest.others if _says(text, word)]
            read |= {
                guest.name for word in (CANARIES.get(scope), "Badeplass") if word and word in text
            }

    assert leaks == []
    assert read >= {"Anna", "Bent", "member-a"}  # their own they do read


def _says(text: str, word: str) -> bool:
    """Whether the word stands there by itself, and not in a longer one."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w])", text) is not None


def _searches(guest: Guest) -> Iterator[str]:
    for word in guest.others:
        yield f"/search?q={word}"
        yield f"/api/v1/search?q={word}"


def _typed(address: str) -> Iterator[str]:
    """What the reader wrote, which a page may say again."""
    _, found, word = address.partition("q=")
    if found:
        yield word


def test_what_outsiders_write_never_runs(crowd: Crowd, guests: list[Guest]) -> None:
    """Every page, for the lead and for the citizen who wrote it."""
    lead = crowd.member("lead")
    written = next(guest for guest in guests if HOSTILE in guest.name)
    shown = 0
    for guest, wanted in ((lead, "procurements"), (written, "portal")):
        own = {table: keys[-1] for table, keys in crowd.own_ids("").items()}
        for method, route in routes_of(crowd.app):
            if method == "GET" and wanted in route.path:
                answer = guest.ask("GET", filled(route.path, own, NOTHING))
                if not answer.headers.get("content-type", "").startswith("text/html"):
                    continue
                assert "<script>alert" not in answer.text, route.path
                assert "<img src=x" not in answer.text, route.path
                assert _is_strict(answer), route.path
                shown += "&lt;script&gt;alert" in answer.text

    assert shown >= 3


def _is_strict(answer: httpx2.Response) -> bool:
    policy: Any = answer.headers["content-security-policy"]
    return "script-src 'self'" in policy and "unsafe" not in policy
