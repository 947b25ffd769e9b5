"""The service is killed at work, again and again, and nothing that it acknowledged is lost.

Four clients do procurements over HTTP, each act under a request id; an act without an answer is
sent again under the same id until there is one. `make trust KILLS=1000` runs it long.
"""

import http.client
import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Event
from typing import Any, Final
from urllib.parse import urlencode
from uuid import uuid4

import orjson
import pytest
import sqlalchemy as sa

from engine.store import sessions
from engine.store.schema import audit_event, request, timer
from service.security.sessions import sign_in
from service.wiring import build, read_signer
from tests.support.killed_service import POINTS, FastClock, KilledService, settings_of
from tests.support.platform import TEAM, Platform, make_platform

KILLS: Final = int(os.environ.get("PIVOTAL_TEST_KILLS", "10"))
CLIENTS: Final = 4
EACH: Final = 2 + KILLS // 6
TRIES: Final = 200
A, B = "910000004", "910000012"
NEED: Final = {"title": "Trygg badeplass", "need": "Redde liv ved vann", "functional": "true"}
Step = tuple[str, str, str, dict[str, str]]
SENT_BACK: Final[tuple[Step, ...]] = (
    ("owner", "draft", "", {}),
    ("lead", "approve", "", {"_option": "return", "_reason": "Ikke ferdig."}),
    ("lawyer", "approve", "", {}),
)
WORK: Final[tuple[Step, ...]] = (
    ("lead", "describe", "", NEED),
    *SENT_BACK * 3,
    ("owner", "draft", "", {}),
    ("lead", "approve", "", {"_option": "go"}),
    ("lawyer", "approve", "", {}),
    ("owner", "score", A, {"points": "7"}),
    ("owner", "score", B, {"points": "8"}),
)
SIGN: Final[Step] = ("lead", "sign", "", {})


@dataclass(slots=True)
class Act:
    """One request as it was sent, and what the service answered."""

    path: str
    person: str
    fields: dict[str, str]
    answer: tuple[int, str]

    @property
    def id(self) -> str:
        return self.fields["_request"]


@dataclass(slots=True)
class World:
    """Everything the clients need: the database to look at, cookies, and where to post."""

    platform: Platform
    service: KilledService
    cookies: dict[str, tuple[str, str]]
    procurements: list[str]
    stop: Event = field(default_factory=Event)
    answers: int = 0


@pytest.fixture
def world(database_url: str, tmp_path: Path) -> Iterator[World]:
    since = time.time()
    service = KilledService.open(tmp_path, database_url, since)
    parts = build(settings_of(tmp_path, database_url, service.port), FastClock(since))
    platform = make_platform(parts.store.database, read_signer(parts.settings))
    keys = [platform.start(reference=f"2026/{n}", team=TEAM) for n in range(1, CLIENTS * EACH + 1)]
    for n in range(CLIENTS):
        start_a_standstill(platform, f"2027/{n}")
    cookies = {}
    for person in ("lead", "owner", "lawyer"):
        value = sign_in(parts, person)
        with parts.store.reader() as connection:
            found = sessions.find(connection, sha256(value.encode()).hexdigest())
        assert found is not None
        cookies[person] = (value, found.csrf)
    yield World(platform, service, cookies, keys)
    service.close()
    parts.close()


def start_a_standstill(platform: Platform, reference: str) -> None:
    """A procurement whose timer is due after a second or two."""
    key = platform.start(reference=reference, team=TEAM)
    platform.to_branches(key)
    for scope in (A, B):
        platform.complete("owner", key, "score", scope, submission={"points": 7})


def post(world: World, path: str, person: str, fields: dict[str, str]) -> tuple[int, str]:
    """Status and address; OSError or HTTPException when no answer came."""
    value, token = world.cookies[person]
    connection = http.client.HTTPConnection("127.0.0.1", world.service.port, timeout=10)
    try:
        connection.request(
            "POST",
            path,
            urlencode({**fields, "_csrf": token}),
            {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"pivotal={value}"},
        )
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("Location") or ""
    finally:
        connection.close()


def insist(world: World, path: str, person: str, fields: dict[str, str]) -> Act:
    """Send it under one request id until it is answered."""
    sent = {**fields, "_request": uuid4().hex}
    for _ in range(TRIES):
        try:
            return Act(path, person, sent, post(world, path, person, sent))
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
    raise AssertionError(f"{path} was never answered")


def work_through(world: World, keys: list[str], seed: int) -> list[Act]:
    """What one client did; every fifth act is sent twice, as an impatient person would do.

    While the standstill of one procurement runs, the work on the next one is done.
    """
    chance = random.Random(seed)
    done: list[Act] = []
    for key, previous in zip(keys, ["", *keys], strict=False):
        steps = [(key, step) for step in WORK] + ([(previous, SIGN)] if previous else [])
        for of, (person, element, scope, fields) in steps:
            found = wait_for(world, of, element, scope)
            if found is None:
                return done
            done.append(do(world, found, person, fields))
            world.answers += 1
            if chance.random() < 0.2:
                assert insist_again(world, done[-1]) == done[-1].answer
    return done


def do(world: World, task: str, person: str, fields: dict[str, str]) -> Act:
    """Complete the task, or as the lawyer confirm what was decided in it."""
    if person == "lawyer":
        return insist(world, f"/tasks/{task}/confirm", person, fields)
    return insist(world, f"/tasks/{task}", person, {**fields, "_action": "complete"})


def insist_again(world: World, act: Act) -> tuple[int, str]:
    for _ in range(TRIES):
        try:
            return post(world, act.path, act.person, act.fields)
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
    raise AssertionError(f"{act.path} was never answered again")


def wait_for(world: World, key: str, element: str, scope: str) -> str | None:
    """The open task, once it is there; None when it is time to stop."""
    while not world.stop.is_set():
        for task in world.platform.open(key):
            if task.element == element and scope in ("", task.scope):
                return task.id
        time.sleep(0.03)
    return None


def kill_again_and_again(world: World, seed: int) -> Counter[str]:
    """By turns at a random moment and at a named point of a transaction; how often each was."""
    chance, kinds = random.Random(seed), Counter[str]()
    for number in range(KILLS):
        point = ("", *POINTS)[number % (len(POINTS) + 1)]
        world.service.start(point, chance.randint(3, 9))
        if point and world.service.wait(5):
            kinds[point] += 1
            continue
        wait_for_answers(world, 3)
        time.sleep(chance.random() * 0.1)
        world.service.kill()
        kinds["any moment"] += 1
    return kinds


def wait_for_answers(world: World, wanted: int) -> None:
    """Until the clients have had `wanted` more answers: an idle service is no target."""
    wanted += world.answers
    for _ in range(1000):
        if world.answers >= wanted:
            return
        time.sleep(0.01)
    raise AssertionError("the service answers nobody")


def test_what_was_acknowledged_survives_any_kill_and_nothing_happens_twice(world: World) -> None:
    shares = [world.procurements[n::CLIENTS] for n in range(CLIENTS)]

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(work_through, world, share, n) for n, share in enumerate(shares)]
        try:
            kinds = kill_again_and_again(world, seed=KILLS)
            world.service.start()
        finally:
            world.stop.set()
        acts = [act for client in clients for act in client.result(120)]
    wait_for_timers(world)
    before = facts(world)
    again = [insist_again(world, act) for act in acts]
    world.service.kill()

    assert kinds.total() == KILLS
    assert len(acts) >= KILLS
    assert [act for act in acts if act.answer[0] != 303] == []
    assert again == [act.answer for act in acts]
    assert facts(world) == before
    by_request = Counter(body["request"] for body in before if body["type"] in MAIN)
    assert {act.id: by_request[act.id] for act in acts} == {act.id: 1 for act in acts}
    assert set(by_request) <= {act.id for act in acts} | {""}
    assert twice(before, "TaskCompleted", "task") == []
    assert twice(before, "TimerFired", "timer") == []
    assert sum(body["type"] == "TimerFired" for body in before) >= CLIENTS
    with world.platform.store.reader() as connection:
        kept = set(connection.scalars(sa.select(request.c.id)))
    assert kept == {act.id for act in acts}
    assert [verdict for verdict in world.platform.verify() if not verdict.ok] == []


MAIN: Final = ("TaskCompleted", "DecisionProposed")


def facts(world: World) -> list[dict[str, Any]]:
    """Every entry of every record."""
    with world.platform.store.reader() as connection:
        query = sa.select(audit_event.c.body).order_by(audit_event.c.chain, audit_event.c.seq)
        return [orjson.loads(body) for body in connection.scalars(query)]


def twice(bodies: list[dict[str, Any]], kind: str, field: str) -> list[str]:
    """What should happen once and did more often."""
    seen = Counter(body["data"][field] for body in bodies if body["type"] == kind)
    return [key for key, times in seen.items() if times > 1]


def wait_for_timers(world: World) -> None:
    """Until every timer has fired: at ten days a second none is far away."""
    for _ in range(300):
        with world.platform.store.reader() as connection:
            left = connection.scalar(sa.select(sa.func.count()).select_from(timer))
        if not left:
            return
        time.sleep(0.05)
    raise AssertionError("timers are left that never fired")
