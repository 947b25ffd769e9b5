"""The open market dialogue: who signed up, what they said, how lots fell."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def _procurement() -> "sa.Column[str]":
    return sa.Column("procurement", sa.String(64), sa.ForeignKey("procurement.id"), nullable=False)


def upgrade() -> None:
    op.create_table(
        "market_signup",
        sa.Column("id", sa.String(64), primary_key=True),
        _procurement(),
        sa.Column("scope", sa.String(120), nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("number", sa.String(120), nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("people", sa.Integer, nullable=False),
        sa.Column("meeting", sa.Boolean, nullable=False),
        sa.Column("needs", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_market_signup_procurement", "market_signup", ["procurement", "at"])
    op.create_table(
        "market_input",
        sa.Column("id", sa.String(64), primary_key=True),
        _procurement(),
        sa.Column("scope", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("draft", sa.String(64), nullable=False),
        sa.Column("about", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("where", sa.Text, nullable=False),
        sa.Column("answered_at", Moment),
    )
    op.create_index("ix_market_input_procurement", "market_input", ["procurement", "at"])
    op.create_table(
        "market_draw",
        sa.Column("id", sa.String(64), primary_key=True),
        _procurement(),
        sa.Column("head", sa.String(64), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("witness", sa.Text, nullable=False),
        sa.Column("order", Json, nullable=False),
        sa.Column("slots", Json, nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_market_draw_procurement", "market_draw", ["procurement", "at"])
