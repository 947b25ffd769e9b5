"""Filters of task lists that people save, share and come back to."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "task_filter",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("person", sa.String(64), sa.ForeignKey("person.id"), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("organisation", sa.String(64), nullable=False),
        sa.Column("procurement", sa.String(64), nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
    )
    for column in ("person", "organisation", "procurement"):
        op.create_index(f"ix_task_filter_{column}", "task_filter", [column])
    op.create_table(
        "last_view",
        sa.Column("person", sa.String(64), sa.ForeignKey("person.id"), primary_key=True),
        sa.Column("content", Json, nullable=False),
        sqlite_with_rowid=False,
    )
