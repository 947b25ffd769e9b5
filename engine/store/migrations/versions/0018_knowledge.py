"""Lessons of steps, and what buyers share with and reuse from each other."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def _procurement() -> "sa.Column[str]":
    return sa.Column("procurement", sa.String(64), sa.ForeignKey("procurement.id"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "lesson",
        sa.Column("id", sa.String(64), primary_key=True),
        _procurement(),
        sa.Column("organisation", sa.String(64), nullable=False),
        sa.Column("process", sa.String(120), nullable=False),
        sa.Column("element", sa.String(120), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("withdrawn_at", Moment),
    )
    op.create_index("ix_lesson_procurement", "lesson", ["procurement"])
    op.create_index("ix_lesson_element", "lesson", ["element", "process"])
    op.create_table(
        "shared_item",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("organisation", sa.String(64), nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("submission", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("to_all", sa.Boolean, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("revoked_at", Moment),
    )
    for name in ("organisation", "chain", "submission"):
        op.create_index(f"ix_shared_item_{name}", "shared_item", [name])
    op.create_table(
        "shared_with",
        sa.Column("item", sa.String(64), sa.ForeignKey("shared_item.id"), primary_key=True),
        sa.Column("organisation", sa.String(64), primary_key=True),
        sa.Column("chain", sa.String(64), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reuse",
        sa.Column("id", sa.String(64), primary_key=True),
        _procurement(),
        sa.Column("task", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("submission", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("reference", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_reuse_procurement", "reuse", ["procurement", "task"])
