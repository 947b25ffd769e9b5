"""Discussion of contributions, and polls with what people answered."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _procurement() -> "sa.Column[str]":
    return sa.Column("procurement", sa.String(64), sa.ForeignKey("procurement.id"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "remark",
        sa.Column("id", sa.String(64), primary_key=True),
        _procurement(),
        sa.Column("contribution", sa.String(64), sa.ForeignKey("contribution.id"), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("group", sa.String(120), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("named", sa.Boolean, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("hidden_by", sa.String(120), nullable=False),
    )
    op.create_index("ix_remark_procurement", "remark", ["procurement", "at"])
    op.create_table(
        "poll",
        sa.Column("id", sa.String(64), primary_key=True),
        _procurement(),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("questions", Json, nullable=False),
        sa.Column("roles", Json, nullable=False),
        sa.Column("level", sa.String(20), nullable=False),
        sa.Column("phase", sa.String(60), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("closes_at", Moment, nullable=False),
        sa.Column("closed_at", Moment),
        sa.Column("used", sa.String(10), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("answered_at", Moment),
    )
    op.create_index("ix_poll_procurement", "poll", ["procurement", "at"])
    op.create_table(
        "ballot",
        sa.Column("id", sa.String(64), primary_key=True),
        _procurement(),
        sa.Column("poll", sa.String(64), sa.ForeignKey("poll.id"), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("group", sa.String(120), nullable=False),
        sa.Column("on_behalf", sa.Text, nullable=False),
        sa.Column("answers", Json, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_ballot_procurement", "ballot", ["procurement", "poll"])
