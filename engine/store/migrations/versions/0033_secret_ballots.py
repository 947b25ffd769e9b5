"""Who has answered a poll, and apart from it what was answered."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _procurement() -> "sa.Column[str]":
    return sa.Column("procurement", sa.String(64), sa.ForeignKey("procurement.id"), nullable=False)


def _poll() -> "sa.Column[str]":
    return sa.Column("poll", sa.String(64), sa.ForeignKey("poll.id"), nullable=False)


def upgrade() -> None:
    op.add_column("poll", sa.Column("counted_at", Moment))
    op.add_column("poll", sa.Column("ballots", Json, nullable=False, server_default="{}"))
    op.drop_table("ballot")
    op.create_table(
        "voter",
        sa.Column("id", sa.String(64), primary_key=True),
        _procurement(),
        _poll(),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("group", sa.String(120), nullable=False),
        sa.Column("on_behalf", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_voter_procurement", "voter", ["procurement", "poll"])
    op.create_table(
        "sealed_ballot",
        sa.Column("id", sa.String(64), primary_key=True),
        _procurement(),
        _poll(),
        sa.Column("header", sa.LargeBinary, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_sealed_ballot_poll", "sealed_ballot", ["poll"])
