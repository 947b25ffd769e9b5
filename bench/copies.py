"""A large database in little time: copies of real rows, with ids of their own.

The copies' entries are no chain; nothing is measured that reads them as one.
"""

from collections.abc import Mapping
from typing import Final

import sqlalchemy as sa

from bench.world import World
from engine.store import schema

_OWN_ID: Final = {
    "sqlite": "lower(hex(randomblob(16)))",
    "postgresql": "replace(gen_random_uuid()::text, '-', '')",
}
_PARTS: Final = (schema.member, schema.task, schema.submission, schema.timer)


def lengthen(world: World, procurement: str, copies: int) -> None:
    """Give the procurement its own history `copies` times more, as if all had happened before."""
    with world.store.database.begin() as connection:
        query = sa.select(schema.procurement.c.audit_seq)
        length = connection.scalar(query.where(schema.procurement.c.id == procurement)) or 0
        _number(connection, copies)
        later = f"seq + {length} * copy.n"
        mine, of = {"procurement": procurement}, "procurement = :procurement"
        closed = f"{of} AND status = 'completed'"
        own = _OWN_ID[connection.dialect.name]
        _copy(connection, schema.task, {"id": own}, closed, mine)
        _copy(connection, schema.submission, {"id": own, "seq": later}, of, mine)
        _copy(connection, schema.audit_event, {"seq": later}, "chain = :procurement", mine)
        connection.execute(
            sa.update(schema.procurement)
            .where(schema.procurement.c.id == procurement)
            .values(audit_seq=length * (copies + 1))
        )


def multiply(world: World, copies: int, process: str = "rounds") -> str:
    """A procurement that has just begun, and `copies` more of it; the first one's id."""
    seed = world.start(process, f"2026/{process}")
    mine = {"procurement": seed}
    with world.store.database.begin() as connection:
        _number(connection, copies)
        own = {"id": "copy.key", "reference": "reference || '-' || copy.n"}
        _copy(connection, schema.procurement, own, "id = :procurement", mine)
        for table in _PARTS:
            changes = {"procurement": "copy.key"}
            if "id" in table.c and table is not schema.timer:
                changes["id"] = _OWN_ID[connection.dialect.name]
            _copy(connection, table, changes, "procurement = :procurement", mine)
        _copy(connection, schema.audit_event, {"chain": "copy.key"}, "chain = :procurement", mine)
    return seed


def _number(connection: sa.Connection, copies: int) -> None:
    connection.exec_driver_sql("CREATE TEMP TABLE IF NOT EXISTS copy (n INTEGER, key TEXT)")
    connection.exec_driver_sql("DELETE FROM copy")
    numbered = (
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < :copies)"
        f" INSERT INTO copy SELECT n, {_OWN_ID[connection.dialect.name]} FROM c WHERE n <= :copies"
    )
    connection.execute(sa.text(numbered), {"copies": copies})


def _copy(
    connection: sa.Connection,
    table: sa.Table,
    changes: Mapping[str, str],
    where: str,
    values: Mapping[str, str],
) -> None:
    """Insert each matching row once per number, with `changes` to its columns."""
    numbered = table.c.get("id") is not None and isinstance(table.c.id.type, sa.BigInteger)
    names = [each.name for each in table.c if not (numbered and each.name == "id")]
    chosen = ", ".join(changes.get(name, f'"{name}"') for name in names)
    into = ", ".join(f'"{name}"' for name in names)
    connection.execute(
        sa.text(
            f"INSERT INTO {table.name} ({into})"
            f" SELECT {chosen} FROM {table.name}, copy WHERE {where}"
        ),
        values,
    )
