"""Whoever owns the database can go around the triggers; whatever is changed then is found.

Each tampering happens in a transaction of the database's own driver and is rolled back after it has
been looked at, so that all of them start from the same record.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from engine.audit.chain import entry_hash
from engine.commands.attachments import AddAttachment
from engine.commands.comments import AddComment
from engine.queries.verification import ChainVerdict, verify_database
from engine.store import looks
from engine.store.database import open_database
from engine.store.looks import LookRecord
from engine.store.migrate import upgrade
from engine.store.schema import INSERT_ONLY
from tests.support.databases import own_database
from tests.support.platform import START, Platform, make_platform

SEEDS = range(3)
REFERENCE = "2026/1"


@dataclass(slots=True)
class Record:
    """A platform with two procurements, of which `chain` is the one that is tampered with."""

    platform: Platform
    chain: str
    length: int


@dataclass(slots=True)
class Insider:
    """Someone with the driver's connection and every right in the database."""

    connection: sa.Connection
    chain: str
    length: int
    chance: random.Random

    @property
    def is_postgres(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    def run(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        driver = self.connection.connection.driver_connection
        assert driver is not None
        text = statement.replace("?", "%s") if self.is_postgres else statement
        cursor = driver.cursor()
        cursor.execute(text, values)
        return list(cursor.fetchall()) if cursor.description else []

    def go_around_triggers(self) -> None:
        if self.is_postgres:
            self.run("SET LOCAL session_replication_role = replica")
            return
        for table in INSERT_ONLY:
            for verb in ("UPDATE", "DELETE"):
                self.run(f"DROP TRIGGER {table}_no_{verb}")

    def one(self, first: int = 1) -> int:
        """Some entry's number."""
        return self.chance.randint(first, self.length - 1)

    def body(self, seq: int) -> bytes:
        where = "SELECT body FROM audit_event WHERE chain = ? AND seq = ?"
        return bytes(self.run(where, self.chain, seq)[0][0])

    def put(self, seq: int, /, **columns: Any) -> None:
        for name, value in columns.items():
            statement = f"UPDATE audit_event SET {name} = ? WHERE chain = ? AND seq = ?"
            self.run(statement, value, self.chain, seq)

    def head(self, seq: int) -> None:
        """Let the procurement's row say that `seq` is the newest entry."""
        digest = entry_hash(self.body(seq))
        statement = "UPDATE procurement SET audit_seq = ?, audit_head = ? WHERE id = ?"
        self.run(statement, seq, digest, self.chain)

    def sign(self, note: str) -> None:
        """Let the procurement's row have `note` as its newest checkpoint."""
        self.run("UPDATE procurement SET audit_note = ? WHERE id = ?", note, self.chain)


def flip_a_byte(insider: Insider) -> int:
    seq = insider.one()
    body = bytearray(insider.body(seq))
    body[insider.chance.randrange(len(body))] ^= 1
    insider.put(seq, body=bytes(body))
    return seq


def edit_with_a_function_of_the_database(insider: Insider) -> int:
    """On SQLite that leaves text where bytes were."""
    seq = insider.one()
    changed = "replace(body, 'a', 'b')"
    if insider.is_postgres:
        changed = "convert_to(replace(convert_from(body, 'UTF8'), 'a', 'b'), 'UTF8')"
    statement = f"UPDATE audit_event SET body = {changed} WHERE chain = ? AND seq = ?"
    insider.run(statement, insider.chain, seq)
    return seq


def flip_a_byte_of_a_hash(insider: Insider) -> int:
    seq = insider.one()
    insider.put(seq, hash=bytes([insider.chance.randrange(256)]) * 32)
    return seq


def edit_and_hash_the_row(insider: Insider) -> int:
    seq = insider.one()
    body = insider.body(seq).replace(b'"reason":"', b'"reason":"A better one. ')
    insider.put(seq, body=body, hash=entry_hash(body))
    return seq


def edit_and_seal_the_rest_again(insider: Insider) -> int:
    seq = insider.one()
    body = insider.body(seq).replace(b'"reason":"', b'"reason":"A better one. ')
    for number in range(seq, insider.length + 1):
        before = entry_hash(insider.body(number)).hex().encode()
        insider.put(number, body=body, hash=entry_hash(body))
        if number < insider.length:
            after = entry_hash(body).hex().encode()
            body = insider.body(number + 1).replace(before, after)
    insider.head(insider.length)
    query = "SELECT max(seq) FROM audit_event WHERE chain = ? AND seq < ? AND note IS NOT NULL"
    return int(insider.run(query, insider.chain, seq)[0][0] or 0) + 1  # the signed act it is in


def delete_a_row(insider: Insider) -> int:
    seq = insider.one()
    insider.run("DELETE FROM audit_event WHERE chain = ? AND seq = ?", insider.chain, seq)
    return seq


def insert_a_row(insider: Insider) -> int:
    seq = insider.one(2)
    body = insider.body(seq)
    _shift(insider, seq)
    statement = (
        "INSERT INTO audit_event (chain, seq, at, type, actor, body, hash)"
        " SELECT chain, ?, at, type, actor, body, hash FROM audit_event"
        " WHERE chain = ? AND body = ?"
    )
    insider.run(statement, seq, insider.chain, body)
    return seq + 1


def _shift(insider: Insider, first: int) -> None:
    for number in range(insider.length, first - 1, -1):
        insider.put(number, seq=number + 1)


def append_a_row(insider: Insider) -> int:
    seq = insider.length + 1
    statement = (
        "INSERT INTO audit_event (chain, seq, at, type, actor, body, hash)"
        " SELECT chain, ?, at, type, actor, body, hash FROM audit_event"
        " WHERE chain = ? AND seq = 1"
    )
    insider.run(statement, seq, insider.chain)
    return seq


def swap_two_rows(insider: Insider) -> int:
    first, second = sorted(insider.chance.sample(range(1, insider.length), 2))
    insider.put(first, seq=-1)
    insider.put(second, seq=first)
    insider.put(-1, seq=second)
    return first


def cut_the_tail(insider: Insider) -> int:
    left = insider.one()
    insider.run("DELETE FROM audit_event WHERE chain = ? AND seq > ?", insider.chain, left)
    return left + 1


def cut_the_tail_and_set_the_head(insider: Insider) -> int:
    first = cut_the_tail(insider)
    insider.head(first - 1)
    return first


def edit_a_column(insider: Insider) -> int:
    seq = insider.one()
    name, value = insider.chance.choice(
        [("type", "TaskBurned"), ("actor", "nobody"), ("at", "2020-01-01T00:00:00.000000Z")]
    )
    insider.put(seq, **{name: value})
    return seq


def delete_the_newest_checkpoint(insider: Insider) -> int:
    sizes = insider.run(
        "SELECT seq FROM audit_event WHERE chain = ? AND note IS NOT NULL ORDER BY seq DESC",
        insider.chain,
    )
    insider.put(sizes[0][0], note=None)
    insider.sign("")
    return int(sizes[1][0]) + 1


def delete_all_checkpoints(insider: Insider) -> int:
    insider.run("UPDATE audit_event SET note = NULL WHERE chain = ?", insider.chain)
    insider.sign("")
    return 1


def _seq_of(insider: Insider, table: str) -> int:
    """The entry that some row of a table with a column `seq` was made by."""
    statement = f"SELECT seq FROM {table} WHERE procurement = ? ORDER BY seq"
    return int(insider.chance.choice(insider.run(statement, insider.chain))[0])


def _entry_of(insider: Insider, kind: str) -> int:
    """The first entry of a type."""
    statement = "SELECT min(seq) FROM audit_event WHERE chain = ? AND type = ?"
    return int(insider.run(statement, insider.chain, kind)[0][0])


def edit_a_submission(insider: Insider) -> int:
    seq = _seq_of(insider, "submission")
    statement = "UPDATE submission SET content = ? WHERE procurement = ? AND seq = ?"
    insider.run(statement, b'{"title":"Noe annet"}', insider.chain, seq)
    return seq


def edit_a_submission_and_its_digest(insider: Insider) -> int:
    seq = edit_a_submission(insider)
    digest = "2" * 64
    statement = "UPDATE submission SET digest = ? WHERE procurement = ? AND seq = ?"
    insider.run(statement, digest, insider.chain, seq)
    return seq


def give_a_submission_another_author(insider: Insider) -> int:
    seq = _seq_of(insider, "submission")
    by = '"by"'
    statement = f"UPDATE submission SET {by} = ? WHERE procurement = ? AND seq = ?"
    insider.run(statement, "stranger", insider.chain, seq)
    return seq


def delete_a_submission(insider: Insider) -> int:
    seq = _seq_of(insider, "submission")
    insider.run("DELETE FROM submission WHERE procurement = ? AND seq = ?", insider.chain, seq)
    return seq


def edit_a_decision(insider: Insider) -> int:
    seq = _seq_of(insider, "decision")
    name, value = insider.chance.choice(
        [("reason", "Bedre begrunnet."), ("by", '["owner"]'), ("option", "stop"), ("checks", "[]")]
    )
    statement = f'UPDATE decision SET "{name}" = ? WHERE procurement = ? AND seq = ?'
    insider.run(statement, value, insider.chain, seq)
    return seq


def delete_a_decision(insider: Insider) -> int:
    seq = _seq_of(insider, "decision")
    insider.run("DELETE FROM decision WHERE procurement = ? AND seq = ?", insider.chain, seq)
    return seq


def put_in_a_decision(insider: Insider) -> int:
    statement = (
        "INSERT INTO decision (id, procurement, task, element, decision, option, name, comment,"
        ' opens, reason, "by", checks, scope, at, seq)'
        " SELECT 'false', procurement, task, element, decision, option, name, comment, opens,"
        ' reason, "by", checks, scope, at, seq FROM decision WHERE procurement = ?'
    )
    insider.run(statement, insider.chain)
    return insider.length


def change_who_did_a_task(insider: Insider) -> int:
    statement = "UPDATE task SET closed_by = ? WHERE procurement = ? AND element = ?"
    insider.run(statement, "stranger", insider.chain, "describe")
    return _entry_of(insider, "TaskCompleted")


def change_a_file(insider: Insider) -> int:
    statement = (
        "UPDATE blob SET content = ? WHERE digest IN"
        " (SELECT blob FROM attachment WHERE procurement = ?)"
    )
    insider.run(statement, b"noe annet", insider.chain)
    return _entry_of(insider, "AttachmentAdded")


def put_in_a_seat(insider: Insider) -> int:
    statement = (
        "INSERT INTO member SELECT 'false', procurement, 'stranger', 'legal', '', '', '', '',"
        " removed, absence, impartiality FROM member WHERE procurement = ? AND role = 'legal'"
    )
    insider.run(statement, insider.chain)
    return insider.length


def move_a_due_date(insider: Insider) -> int:
    statement = "UPDATE task SET due_at = due_at + 1 WHERE procurement = ? AND element = ?"
    insider.run(statement, insider.chain, "describe")
    return _entry_of(insider, "TaskCompleted")


def change_the_title(insider: Insider) -> int:
    insider.run("UPDATE procurement SET title = ? WHERE id = ?", "Annet", insider.chain)
    return 1


TAMPERINGS: tuple[Callable[[Insider], int], ...] = (
    flip_a_byte,
    edit_with_a_function_of_the_database,
    flip_a_byte_of_a_hash,
    edit_and_hash_the_row,
    edit_and_seal_the_rest_again,
    delete_a_row,
    insert_a_row,
    append_a_row,
    swap_two_rows,
    cut_the_tail,
    cut_the_tail_and_set_the_head,
    edit_a_column,
    delete_the_newest_checkpoint,
    delete_all_checkpoints,
    edit_a_submission,
    edit_a_submission_and_its_digest,
    give_a_submission_another_author,
    delete_a_submission,
    edit_a_decision,
    delete_a_decision,
    put_in_a_decision,
    change_who_did_a_task,
    change_a_file,
    put_in_a_seat,
    move_a_due_date,
    change_the_title,
)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def record(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Record]:
    """One record to tamper with for the whole file, on both databases."""
    if request.param == "sqlite":
        yield from _recorded(f"sqlite:///{tmp_path_factory.mktemp('tampering') / 'p.sqlite'}")
        return
    with own_database(request.getfixturevalue("postgres")) as url:
        yield from _recorded(url)


def _recorded(url: str) -> Iterator[Record]:
    database = open_database(url)
    upgrade(database)
    platform = make_platform(database)
    chain = platform.start(reference=REFERENCE)
    platform.act("lead", AddAttachment(chain, "krav.txt", "text/plain", b"krav"))
    platform.act("lead", AddComment(chain, "Vi er i gang."))
    platform.to_branches(chain)
    platform.complete("owner", chain, "score", "910000004", submission={"points": 7.5})
    other = platform.start(reference="2026/2")
    platform.to_gate(other)
    yield Record(platform, chain, len(platform.entries(chain)))
    database.dispose()


def look_after(
    record: Record, act: Callable[[Insider], int] | None, seed: int = 0
) -> tuple[int, list[ChainVerdict]]:
    """What the tampering should be found at, and the verdicts on the whole database."""
    key = record.platform.store.signer.verifier_key
    with record.platform.store.database.connect() as connection:
        transaction = connection.begin()
        insider = Insider(connection, record.chain, record.length, random.Random(seed))
        insider.go_around_triggers()
        expected = act(insider) if act else 0
        verdicts = list(verify_database(connection, (key,)))
        transaction.rollback()
    return expected, verdicts


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda each: each.__name__)
def test_tampering_is_found_where_it_was_done(
    record: Record, tamper: Callable[[Insider], int]
) -> None:
    found = [look_after(record, tamper, seed) for seed in SEEDS]

    for expected, verdicts in found:
        bad = [verdict for verdict in verdicts if not verdict.ok]
        assert [(verdict.name, verdict.first_bad) for verdict in bad] == [(REFERENCE, expected)]


def test_an_untouched_database_is_sound(record: Record) -> None:
    _, verdicts = look_after(record, None)

    assert len(verdicts) == 5
    assert [verdict for verdict in verdicts if not verdict.ok] == []


def test_rolling_a_record_back_shows_in_the_rows_it_made(record: Record) -> None:
    def roll_back(insider: Insider) -> int:
        sizes = insider.run(
            "SELECT seq, note FROM audit_event WHERE chain = ? AND note IS NOT NULL ORDER BY seq",
            insider.chain,
        )
        left = int(sizes[-3][0])
        statement = "DELETE FROM audit_event WHERE chain = ? AND seq > ?"
        insider.run(statement, insider.chain, left)
        insider.head(left)
        insider.sign(sizes[-3][1])
        return left

    left, verdicts = look_after(record, roll_back)

    [bad] = [verdict for verdict in verdicts if not verdict.ok]
    assert (bad.name, bad.code, bad.entries) == (REFERENCE, "row-changed", left)


def test_a_role_given_around_the_engine_is_found(record: Record) -> None:
    def grant(insider: Insider) -> int:
        statement = "INSERT INTO role_grant (person, organisation, role) VALUES (?, ?, ?)"
        insider.run(statement, "stranger", "town", "administrator")
        return 0

    _, verdicts = look_after(record, grant)

    [bad] = [verdict for verdict in verdicts if not verdict.ok]
    assert (bad.name, bad.code) == ("organisation:town", "row-changed")


@pytest.mark.parametrize("table", INSERT_ONLY)
def test_without_going_around_the_triggers_nothing_on_record_can_be_deleted(
    record: Record, table: str
) -> None:
    seen = LookRecord(record.chain, "lead", "/tasks/1", "a", "member-reads", "", START)
    with record.platform.store.unit_of_work() as work:
        looks.add(work, [seen])
    with (
        record.platform.store.database.connect() as connection,
        pytest.raises(sa.exc.DBAPIError, match="insert-only"),
    ):
        connection.execute(sa.text(f"DELETE FROM {table}"))


def test_an_entry_moved_to_another_record_is_missing_here_and_false_there(record: Record) -> None:
    def move(insider: Insider) -> int:
        query = "SELECT id, audit_seq FROM procurement WHERE id <> ?"
        other, newest = insider.run(query, insider.chain)[0]
        statement = "UPDATE audit_event SET chain = ?, seq = ? WHERE chain = ? AND seq = ?"
        insider.run(statement, other, newest + 1, insider.chain, insider.length - 1)
        return int(newest) + 1

    there, verdicts = look_after(record, move)

    bad = {verdict.name: verdict.first_bad for verdict in verdicts if not verdict.ok}
    assert bad == {REFERENCE: record.length - 1, "2026/2": there}
