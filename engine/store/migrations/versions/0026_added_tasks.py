"""Tasks and gatherings that the lead puts in beside the model."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ID = sa.String(64)


def upgrade() -> None:
    op.create_table(
        "added_task",
        sa.Column("task", ID, sa.ForeignKey("task.id"), primary_key=True),
        sa.Column("procurement", ID, sa.ForeignKey("procurement.id"), nullable=False),
        sa.Column("instructions", sa.Text, nullable=False),
        sa.Column("comment", ID, nullable=False),
        sa.Column("starts_at", Moment),
        sa.Column("ends_at", Moment),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("people", Json, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("ix_added_task_procurement", "added_task", ["procurement"])
    op.add_column(
        "appointment", sa.Column("version", sa.Integer, nullable=False, server_default="0")
    )
