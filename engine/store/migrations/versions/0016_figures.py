"""Figures counted from the record: how often elements were passed, when phases were."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _procurement() -> "sa.Column[str]":
    return sa.Column(
        "procurement",
        sa.String(64),
        sa.ForeignKey("procurement.id"),
        primary_key=True,
        nullable=False,
    )


def upgrade() -> None:
    op.create_table(
        "counted",
        _procurement(),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("pending", Json, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "element_use",
        _procurement(),
        sa.Column("element", sa.String(120), primary_key=True),
        sa.Column("scope", sa.String(120), primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("seconds", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "phase_spell",
        _procurement(),
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("phase", sa.String(60), nullable=False),
        sa.Column("entered_at", Moment, nullable=False),
        sa.Column("left_at", Moment),
        sa.Column("held", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
