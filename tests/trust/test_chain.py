import json
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from engine.audit.canonical import MAX_DEPTH, MAX_INTEGER, canonical_bytes, read_canonical
from engine.audit.chain import EMPTY_HEAD, instant, seal
from engine.audit.verify import ACTOR_FIELDS, BODY_FIELDS, SUBJECT_FIELDS
from engine.errors import InvalidInputError
from tests.trust.records import PROCUREMENT, content, random, record

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
ASCII = st.text(st.characters(max_codepoint=127), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ASCII, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_the_spelling_of_every_value_is_that_of_rfc_8785(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(VALUES)
def test_reading_a_value_back_gives_the_value(value: Any) -> None:
    assert read_canonical(canonical_bytes(value)) == value


@pytest.mark.parametrize(
    "raw",
    [
        b'{"b":1,"a":2}',
        b'{"a":1, "b":2}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":1e3}',
        b'{"a":NaN}',
        b'{"a":9007199254740992}',
        b'{"a":"\\u00e5"}',
        b'{"a":"\\ud800"}',
        b"\xff",
        b"",
        b"-0",
        b"[" * 100_000,
    ],
)
def test_another_spelling_is_refused_when_read(raw: bytes) -> None:
    with pytest.raises(InvalidInputError):
        read_canonical(raw)


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ({"price": 1.5}, "$.price"),
        ({"lots": [{"sum": MAX_INTEGER + 1}]}, "$.lots[0].sum"),
        ({"lots": ["a", -MAX_INTEGER - 1]}, "$.lots[1]"),
        ({"data": {"beløp": 1}}, "$.data"),
        ({"data": {1: "a"}}, "$.data"),
        ({"roles": ("lead",)}, "$.roles"),
        ({"reason": "half \ud800"}, "$.reason"),
        ({"at": datetime(2026, 1, 1)}, "$.at"),  # noqa: DTZ001 - any datetime is refused
        (b"bytes", "$"),
    ],
)
def test_a_value_outside_the_set_is_refused_by_its_path(value: Any, path: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        canonical_bytes(value)

    assert refusal.value.details["path"] == path


def test_a_value_nested_too_deep_is_refused() -> None:
    value: list[Any] = []
    for _ in range(MAX_DEPTH):
        value = [value]

    with pytest.raises(InvalidInputError, match="nested"):
        canonical_bytes(value)


def test_the_first_entry_rests_on_zeros_and_each_later_one_on_the_one_before() -> None:
    entries = record(seed=1, size=3).entries

    bodies = [json.loads(entry.body) for entry in entries]

    assert [body["seq"] for body in bodies] == [1, 2, 3]
    assert [body["prev"] for body in bodies] == ["00" * 32, *(e.hash.hex() for e in entries[:2])]


def test_the_hash_of_an_entry_is_its_leaf_hash_in_an_rfc_6962_tree() -> None:
    entry, head = seal(EMPTY_HEAD, content(random.Random(2), 1))

    assert entry.hash == head.hash == sha256(b"\x00" + entry.body).digest()


def test_the_columns_of_an_entry_say_what_its_body_says() -> None:
    entry, _ = seal(EMPTY_HEAD, content(random.Random(3), 7))

    body = json.loads(entry.body)

    assert (entry.procurement, entry.seq) == (body["procurement"], body["seq"]) == (PROCUREMENT, 1)
    assert (entry.at, entry.type) == (body["at"], body["type"])
    assert entry.actor == body["actor"]["id"]


def test_a_sealed_body_has_the_fields_the_verifier_asks_for() -> None:
    entry, _ = seal(EMPTY_HEAD, content(random.Random(4), 1))

    body = json.loads(entry.body)

    assert body.keys() == BODY_FIELDS
    assert body["actor"].keys() == ACTOR_FIELDS
    assert body["subject"].keys() == SUBJECT_FIELDS


def test_a_time_is_written_in_utc_with_microseconds() -> None:
    in_oslo = datetime(2026, 7, 1, 14, 30, 5, 42, tzinfo=timezone(timedelta(hours=2)))

    assert instant(in_oslo) == "2026-07-01T12:30:05.000042Z"


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="time zone"):
        instant(datetime(2026, 7, 1))  # noqa: DTZ001 - the fault under test
