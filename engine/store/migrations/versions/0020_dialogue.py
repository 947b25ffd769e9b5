"""Rounds, their minutes, what is shared with all, questions, and documents of the dialogue."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ID = sa.String(64)
KEY = sa.String(120)


def _table(name: str, order: str, *columns: "sa.Column[Any]") -> None:
    """A table of a procurement, read in one order."""
    of = sa.Column("procurement", ID, sa.ForeignKey("procurement.id"), nullable=False)
    op.create_table(name, sa.Column("id", ID, primary_key=True), of, *columns)
    op.create_index(f"ix_{name}_procurement", name, ["procurement", order])


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False)


def upgrade() -> None:
    _table(
        "round",
        "opened_at",
        sa.Column("process", KEY, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        _text("topics"),
        _text("questions"),
        sa.Column("may_eliminate", sa.Boolean, nullable=False),
        _text("criteria"),
        sa.Column("is_final", sa.Boolean, nullable=False),
        sa.Column("submission", ID, nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("closed_at", Moment),
        sa.Column("closed_by", ID, nullable=False),
    )
    _table(
        "minutes",
        "sent_at",
        sa.Column("round", ID, nullable=False),
        sa.Column("meeting", ID, nullable=False),
        sa.Column("scope", KEY, nullable=False),
        sa.Column("passages", Json, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        _text("objection"),
        _text("settled"),
        sa.Column("submission", ID, nullable=False),
        sa.Column("sent_at", Moment, nullable=False),
        sa.Column("answered_at", Moment),
    )
    _table(
        "information",
        "number",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("round", ID, nullable=False),
        sa.Column("origin", sa.String(20), nullable=False),
        sa.Column("source", ID, nullable=False),
        sa.Column("scope", KEY, nullable=False),
        _text("question"),
        _text("said"),
        sa.Column("learned_at", Moment, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("release", ID, nullable=False),
        _text("dropped"),
    )
    _table(
        "release",
        "at",
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("round", ID, nullable=False),
        sa.Column("texts", Json, nullable=False),
        sa.Column("recipients", Json, nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    _table(
        "question",
        "number",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("round", ID, nullable=False),
        sa.Column("scope", KEY, nullable=False),
        sa.Column("participant", ID, nullable=False),
        _text("asked_by"),
        _text("text"),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("late_why", Json, nullable=False),
        sa.Column("driven", sa.Boolean, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("pairs", Json, nullable=False),
        sa.Column("answered_at", Moment),
        _text("refused"),
        sa.Column("release", ID, nullable=False),
    )
    _table(
        "handed",
        "at",
        sa.Column("round", ID, nullable=False),
        sa.Column("scope", KEY, nullable=False),
        sa.Column("attachment", ID, sa.ForeignKey("attachment.id"), nullable=False),
        sa.Column("direction", sa.String(20), nullable=False),
        _text("note"),
        sa.Column("at", Moment, nullable=False),
    )
