"""Firms that ask for access to an announced competition by themselves."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "application",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("procurement", sa.String(64), sa.ForeignKey("procurement.id"), nullable=False),
        sa.Column("scope", sa.String(120), nullable=False),
        sa.Column("participant", sa.String(64), nullable=False),
        sa.Column("organisation", sa.Text, nullable=False),
        sa.Column("number", sa.String(40), nullable=False),
        sa.Column("contact", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.UniqueConstraint("procurement", "scope"),
    )
