"""When whoever has a task got it, for tasks there are already by their entries."""

from datetime import datetime

import orjson
import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TAKEN = ("TaskClaimed", "TaskDelegated", "DecisionReturned")
FREED = ("TaskReleased", "DecisionProposed", "TaskReopened")


def upgrade() -> None:
    op.add_column("task", sa.Column("taken_at", Moment))
    connection = op.get_bind()
    task = sa.table("task", sa.column("id"), sa.column("taken_at", Moment))
    for key, at in _taken(connection).items():
        connection.execute(sa.update(task).where(task.c.id == key).values(taken_at=at))


def _taken(connection: sa.Connection) -> dict[str, datetime]:
    """By task: the moment of the entry that gave it to the one who has it."""
    entry = sa.table("audit_event", *map(sa.column, ("id", "type", "at", "body")))
    query = (
        sa.select(entry.c.type, entry.c.at, entry.c.body)
        .where(entry.c.type.in_((*TAKEN, *FREED, "TaskOpened")))
        .order_by(entry.c.id)
    )
    found: dict[str, datetime] = {}
    for kind, at, body in connection.execute(query):
        data = orjson.loads(body)["data"]
        if kind in TAKEN or (kind == "TaskOpened" and data.get("assignee")):
            found[data["task"]] = datetime.fromisoformat(at)
        elif kind in FREED:
            found.pop(data["task"], None)
    return found
