"""Searching among very many things, for somebody with seats here and there and for one who may see
all of a municipality."""

import json
import random
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

import sqlalchemy as sa

from bench.copies import multiply
from bench.report import Figure
from bench.timing import percentile_95, seconds
from bench.world import BEGIN, READER, TOWN, World, world
from engine.model.actor import Actor, Grant
from engine.queries.search import search
from engine.queries.view import View
from engine.search.entries import Entry, Found
from engine.store import people
from engine.store import search as index
from engine.store.schema import procurement, search_entry

SEATS: Final = 500
PROCUREMENTS: Final = 2_000
TEXTS: Final = 2_000
QUESTIONS: Final = (
    "anskaffelse",  # in every second thing
    "leverandørens tilbud",
    "innovasjonspartnerskap",
    "kommunen behov løsning",
    '"tilbud og"',
    "eva",
    "sjeldentord17",
    "finnesikke",
)


def searching(url: str, name: str, things: int, rounds: int) -> list[Figure]:
    """The slowest 5 % of these questions, by two readers, on a database of `things` things."""
    with ExitStack() as stack:
        platform = stack.enter_context(world(url))
        multiply(platform, min(PROCUREMENTS, things) - 1)
        _fill(platform, things)
        _seat(platform)
        connection = stack.enter_context(platform.store.reader())
        definitions = platform.bus.environment.definitions
        views = [View(connection, definitions, who, BEGIN) for who in _readers(connection)]
        taken = [
            seconds(lambda view=view, asked=asked: search(view, asked))  # type: ignore[misc]
            for _ in range(rounds)
            for view in views
            for asked in QUESTIONS
        ]
    return [
        Figure(f"search_{things}.{name}.p95", percentile_95(taken) * 1e3, "ms", 200),
        Figure(f"search_{things}.{name}.median", median(taken) * 1e3, "ms"),
    ]


def _readers(connection: sa.Connection) -> Iterator[Actor]:
    seated = people.load_actor(connection, READER)
    yield seated
    yield replace(seated, grants=frozenset({Grant(TOWN, "auditor")}))


def _seat(platform: World) -> None:
    with platform.store.database.begin() as connection:
        connection.execute(
            sa.text(
                "UPDATE member SET person = :person WHERE role = 'procurement-lead' AND procurement"
                " IN (SELECT id FROM procurement ORDER BY id LIMIT :seats)"
            ),
            {"person": READER, "seats": SEATS},
        )


def _fill(platform: World, things: int) -> None:
    """As many things as asked for, of real words in the frequencies that words have."""
    chance = random.Random(1)
    texts = list(_texts(chance))
    with platform.store.database.begin() as connection:
        keys = list(connection.scalars(sa.select(procurement.c.id)))
        for start in range(0, things, 5_000):
            rows = [
                _thing(number, keys[number % len(keys)], chance.choice(texts))
                for number in range(start, min(things, start + 5_000))
            ]
            connection.execute(sa.insert(search_entry), rows)
    with platform.store.database.connect().execution_options(
        isolation_level="AUTOCOMMIT"
    ) as connection:
        connection.exec_driver_sql("ANALYZE")


def _thing(number: int, of: str, text: dict[str, Any]) -> dict[str, Any]:
    entry = Entry(Found.DOCUMENT, "", of, TOWN, "", "", "", "", BEGIN)
    where = entry.terms.split()[-2:]
    return {
        **text,
        "object": f"thing-{number}",
        "procurement": of,
        "organisation": TOWN,
        "terms": " ".join((text["terms"], *where)),
        "at": BEGIN + timedelta(seconds=number),
    }


def _texts(chance: random.Random) -> Iterator[dict[str, Any]]:
    words = _words()
    weights = [1 / (rank + 2) for rank in range(len(words))]
    for number in range(TEXTS):
        title = " ".join(chance.choices(words, weights, k=4))
        body = " ".join(chance.choices(words, weights, k=chance.randint(10, 80)))
        rare = f" sjeldentord{number}" if number < 50 else ""
        kind = chance.choice((Found.DOCUMENT, Found.TASK, Found.COMMENT))
        entry = Entry(kind, "", "", "", "", "", title, body + rare, BEGIN)
        row = index.row_of(entry)
        row["terms"] = " ".join(row["terms"].split()[:-2])
        yield row


def _words() -> list[str]:
    """Words of the forms that ship, those that come most often first."""
    root = Path(__file__).parent.parent
    counts: dict[str, int] = {}
    for file in sorted((root / "forms").glob("*.schema.json")):
        for text in _strings(json.loads(file.read_text("utf-8"))):
            for word in text.split():
                counts[word] = counts.get(word, 0) + 1
    return ["anskaffelse", *sorted(counts, key=lambda word: (-counts[word], word))]


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
