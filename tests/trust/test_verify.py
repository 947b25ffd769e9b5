"""Every way an insider with the database can change a record is found, and the entry named."""

import json
import random
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from engine.audit.chain import Head, entry_hash, seal
from engine.audit.checkpoint import Signer
from engine.audit.verify import Verdict
from tests.trust.records import LOG, PROCUREMENT, SIGNER, Record, content, record

SIZE, SIGNED_EVERY = 24, 3
SEEDS = range(8)
FOREIGN = Signer(LOG, Ed25519PrivateKey.from_private_bytes(b"\x66" * 32))

Tampering = Callable[[Record, random.Random], int]


def flip_a_byte(stored: Record, chance: random.Random) -> int:
    seq = chance.randint(1, SIZE)
    body = bytearray(stored.entries[seq - 1].body)
    body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    stored.put(seq, body=bytes(body))
    return seq


def flip_a_byte_of_a_hash(stored: Record, chance: random.Random) -> int:
    seq = chance.randint(1, SIZE)
    digest = bytearray(stored.entries[seq - 1].hash)
    digest[chance.randrange(32)] ^= 1
    stored.put(seq, hash=bytes(digest))
    return seq


def edit_and_hash_the_row(stored: Record, chance: random.Random) -> int:
    seq = chance.randint(1, SIZE)
    stored.rewrite(seq, reason="a better reason")
    return seq


def delete_a_row(stored: Record, chance: random.Random) -> int:
    seq = chance.randint(1, SIZE - 1)
    del stored.entries[seq - 1]
    return seq


def delete_a_row_and_renumber_the_rest(stored: Record, chance: random.Random) -> int:
    seq = chance.randint(1, SIZE - 2)
    del stored.entries[seq - 1]
    stored.entries = [replace(entry, seq=n) for n, entry in enumerate(stored.entries, 1)]
    return seq


def insert_a_copy(stored: Record, chance: random.Random) -> int:
    seq = chance.randint(1, SIZE)
    stored.entries.insert(seq, stored.entries[seq - 1])
    return seq


def insert_a_row_and_renumber_the_rest(stored: Record, chance: random.Random) -> int:
    seq = chance.randint(2, SIZE - 1)
    before = Head(seq - 1, stored.entries[seq - 2].hash)
    false_entry, _ = seal(before, content(chance, 99))
    stored.entries.insert(seq - 1, false_entry)
    stored.entries = [replace(entry, seq=n) for n, entry in enumerate(stored.entries, 1)]
    return seq


def exchange_two_rows(stored: Record, chance: random.Random) -> int:
    first, second = sorted(chance.sample(range(1, SIZE), 2))
    rows = stored.entries
    rows[first - 1], rows[second - 1] = (
        replace(rows[second - 1], seq=first),
        replace(rows[first - 1], seq=second),
    )
    return first


def cut_the_tail(stored: Record, chance: random.Random) -> int:
    left = chance.randint(0, SIZE - 1)
    del stored.entries[left:]
    return left + 1


def cut_the_tail_and_set_the_head(stored: Record, chance: random.Random) -> int:
    first = cut_the_tail(stored, chance)
    stored.chain_again()
    return first


def change_a_column(stored: Record, chance: random.Random) -> int:
    seq = chance.randint(1, SIZE)
    column = chance.choice(["type", "actor", "at", "procurement"])
    stored.put(seq, **{column: "something else"})
    return seq


def put_in_an_entry_of_another_procurement(stored: Record, chance: random.Random) -> int:
    seq = chance.randint(1, SIZE)
    other = record(seed=chance.randrange(1000), size=SIZE, procurement="2026/0002")
    stored.entries[seq - 1] = replace(other.entries[seq - 1], procurement=PROCUREMENT)
    return seq


def put_in_a_row_that_is_no_entry(stored: Record, chance: random.Random) -> int:
    seq = chance.randint(1, SIZE)
    stored.rewrite(seq, extra="field")
    return seq


EXACT: list[Tampering] = [
    flip_a_byte,
    flip_a_byte_of_a_hash,
    delete_a_row,
    delete_a_row_and_renumber_the_rest,
    insert_a_copy,
    exchange_two_rows,
    cut_the_tail,
    cut_the_tail_and_set_the_head,
    change_a_column,
    put_in_a_row_that_is_no_entry,
]
CODES: dict[Tampering, set[str]] = {
    flip_a_byte: {"entry-changed"},
    flip_a_byte_of_a_hash: {"entry-changed"},
    delete_a_row: {"entry-missing"},
    delete_a_row_and_renumber_the_rest: {"entry-missing"},
    insert_a_copy: {"entry-inserted"},
    exchange_two_rows: {"entry-reordered"},
    cut_the_tail: {"tail-cut"},
    cut_the_tail_and_set_the_head: {"tail-cut"},
    change_a_column: {"column-changed"},
    put_in_a_row_that_is_no_entry: {"entry-malformed"},
}


def edit_and_chain_again(stored: Record, chance: random.Random) -> int:
    seq = edit_and_hash_the_row(stored, chance)
    stored.chain_again()
    return seq


def delete_and_chain_again(stored: Record, chance: random.Random) -> int:
    seq = delete_a_row(stored, chance)
    stored.chain_again()
    return seq


def insert_and_chain_again(stored: Record, chance: random.Random) -> int:
    seq = insert_a_copy(stored, chance)
    stored.chain_again()
    return seq + 1


def exchange_and_chain_again(stored: Record, chance: random.Random) -> int:
    seq = exchange_two_rows(stored, chance)
    stored.chain_again()
    return seq


def edit_and_sign_with_a_foreign_key(stored: Record, chance: random.Random) -> int:
    seq = edit_and_chain_again(stored, chance)
    stored.checkpoints = [FOREIGN.sign(PROCUREMENT, Head(e.seq, e.hash)) for e in stored.entries]
    return seq


def edit_and_drop_the_checkpoints(stored: Record, chance: random.Random) -> int:
    seq = edit_and_chain_again(stored, chance)
    stored.checkpoints = []
    return seq


def edit_and_drop_the_newest_checkpoints(stored: Record, chance: random.Random) -> int:
    seq = edit_and_chain_again(stored, chance)
    del stored.checkpoints[(seq - 1) // SIGNED_EVERY :]
    return seq


WITHIN_A_CHECKPOINT: list[Tampering] = [
    insert_a_row_and_renumber_the_rest,
    edit_and_hash_the_row,
    put_in_an_entry_of_another_procurement,
    edit_and_chain_again,
    delete_and_chain_again,
    insert_and_chain_again,
    exchange_and_chain_again,
    edit_and_sign_with_a_foreign_key,
    edit_and_drop_the_checkpoints,
    edit_and_drop_the_newest_checkpoints,
]


def tamper(tampering: Tampering, seed: int) -> tuple[Verdict, int]:
    stored = record(seed, SIZE, SIGNED_EVERY)
    first_bad = tampering(stored, random.Random(seed))
    return stored.verify(), first_bad


@pytest.mark.parametrize("size", [0, 1, 2, 3, 24])
@pytest.mark.parametrize("signed_every", [1, 3, 100])
def test_a_sound_record_raises_no_alarm(size: int, signed_every: int) -> None:
    verdict = record(seed=size, size=size, signed_every=signed_every).verify()

    assert (verdict.ok, verdict.entries, verdict.covered) == (True, size, size)
    assert verdict.code == "sound"


@pytest.mark.parametrize("tampering", EXACT)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_bad_entry_is_named(tampering: Tampering, seed: int) -> None:
    verdict, first_bad = tamper(tampering, seed)

    assert not verdict.ok
    assert verdict.first_bad == first_bad
    assert verdict.code in CODES[tampering]
    assert str(first_bad) in verdict.message


@pytest.mark.parametrize("tampering", WITHIN_A_CHECKPOINT)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_chain_made_anew_is_found_and_narrowed_to_what_the_checkpoints_leave_open(
    tampering: Tampering, seed: int
) -> None:
    verdict, first_bad = tamper(tampering, seed)

    assert not verdict.ok
    assert verdict.first_bad is not None
    assert verdict.first_bad == verdict.covered + 1 or verdict.first_bad == first_bad
    assert verdict.first_bad <= first_bad


@pytest.mark.parametrize("tampering", WITHIN_A_CHECKPOINT)
@pytest.mark.parametrize("seed", SEEDS)
def test_with_a_checkpoint_after_every_entry_the_entry_itself_is_named(
    tampering: Tampering, seed: int
) -> None:
    stored = record(seed, SIZE, signed_every=1)
    first_bad = tampering(stored, random.Random(seed))

    verdict = stored.verify()

    if tampering in {edit_and_drop_the_checkpoints, edit_and_sign_with_a_foreign_key}:
        assert verdict.first_bad == 1  # nothing signed is left to vouch for any entry
    elif tampering is edit_and_drop_the_newest_checkpoints:
        assert verdict.first_bad is not None
        assert verdict.first_bad <= first_bad
    else:
        assert verdict.first_bad == first_bad


def test_an_edited_entry_is_named_even_between_checkpoints() -> None:
    stored = record(seed=5, size=20, signed_every=20)
    stored.rewrite(9, reason="a better reason")

    verdict = stored.verify()

    assert (verdict.code, verdict.first_bad) == ("entry-replaced", 9)


def test_an_inserted_entry_is_named_between_checkpoints() -> None:
    stored = record(seed=5, size=20, signed_every=20)
    false_entry, _ = seal(Head(8, stored.entries[7].hash), content(random.Random(5), 99))
    stored.entries.insert(8, false_entry)
    stored.entries = [replace(entry, seq=n) for n, entry in enumerate(stored.entries, 1)]

    verdict = stored.verify()

    assert (verdict.code, verdict.first_bad) == ("entry-inserted", 9)


def test_an_edited_last_entry_is_found_by_the_checkpoint() -> None:
    stored = record(seed=5, size=20, signed_every=5)
    stored.rewrite(20, reason="a better reason")
    stored.chain_again()

    verdict = stored.verify()

    assert (verdict.code, verdict.first_bad) == ("entry-replaced", 16)


def test_an_entry_appended_without_a_checkpoint_is_named() -> None:
    stored = record(seed=6)
    false_entry, head = seal(Head(SIZE, stored.head.hash), content(random.Random(6), 99))
    stored.entries.append(false_entry)
    stored.head = replace(stored.head, seq=head.seq, hash=head.hash)

    verdict = stored.verify()

    assert (verdict.code, verdict.first_bad) == ("checkpoint-missing", SIZE + 1)


def test_a_tail_without_a_checkpoint_passes_where_so_many_are_allowed() -> None:
    stored = record(seed=7, signed_every=SIZE)
    del stored.checkpoints[-1]
    stored.checkpoints = [SIGNER.sign(PROCUREMENT, Head(20, stored.entries[19].hash))]

    assert stored.verify(max_uncovered=4).ok
    assert stored.verify(max_uncovered=4).covered == 20
    assert stored.verify(max_uncovered=3).first_bad == 21


def test_a_checkpoint_kept_outside_finds_a_record_rolled_back_to_an_older_one() -> None:
    kept_outside = record(seed=8, size=24, signed_every=1).checkpoints[-1]
    rolled_back = record(seed=8, size=18, signed_every=1)

    assert rolled_back.verify().ok
    rolled_back.checkpoints.append(kept_outside)

    assert (rolled_back.verify().code, rolled_back.verify().first_bad) == ("tail-cut", 19)


def test_a_head_that_points_elsewhere_is_found_while_all_entries_are_sound() -> None:
    stored = record(seed=9)
    stored.head = replace(stored.head, seq=SIZE - 1)

    verdict = stored.verify()

    assert (verdict.code, verdict.first_bad, verdict.entries) == ("head-changed", None, SIZE)


@pytest.mark.parametrize("position", [0, 3, 7])
def test_a_checkpoint_that_is_not_ours_is_found(position: int) -> None:
    stored = record(seed=10)
    foreign_entry = stored.entries[position * SIGNED_EVERY + 2]
    stored.checkpoints.insert(
        position, FOREIGN.sign(PROCUREMENT, Head(foreign_entry.seq, foreign_entry.hash))
    )

    verdict = stored.verify()

    assert (verdict.ok, verdict.code) == (False, "checkpoint-foreign")
    assert f"no. {position + 1}" in verdict.message


def test_a_checkpoint_of_another_procurement_is_found() -> None:
    stored = record(seed=11)
    stored.checkpoints[2] = record(seed=11, procurement="2026/0002").checkpoints[2]

    verdict = stored.verify()

    assert (verdict.code, verdict.first_bad) == ("checkpoint-foreign", None)
    assert "2026/0002" in verdict.message


def test_checkpoints_out_of_order_are_found() -> None:
    stored = record(seed=12)
    stored.checkpoints[1], stored.checkpoints[2] = stored.checkpoints[2], stored.checkpoints[1]

    assert stored.verify().code == "checkpoint-foreign"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"v":1}',
        b'{"v":' + b"9" * 10_000 + b"}",
        b'{"a":"\\ud800"}',
    ],
)
def test_bytes_that_are_no_entry_give_a_verdict_not_a_crash(body: bytes) -> None:
    stored = record(seed=13)
    stored.put(4, body=body, hash=entry_hash(body))

    verdict = stored.verify()

    assert (verdict.code, verdict.first_bad) == ("entry-malformed", 4)


@pytest.mark.parametrize("field", ["actor", "subject", "seq", "prev", "procurement", "at", "type"])
@pytest.mark.parametrize("value", [None, 7, "x", [], {}])
def test_a_field_of_another_kind_gives_a_verdict_not_a_crash(field: str, value: object) -> None:
    stored = record(seed=14)
    stored.rewrite(5, **{field: value})

    assert stored.verify().first_bad == 5


def test_another_spelling_of_the_same_entry_is_found() -> None:
    stored = record(seed=15)
    respelled = json.dumps(json.loads(stored.entries[6].body)).encode()
    stored.put(7, body=respelled, hash=entry_hash(respelled))

    assert (stored.verify().code, stored.verify().first_bad) == ("entry-malformed", 7)
