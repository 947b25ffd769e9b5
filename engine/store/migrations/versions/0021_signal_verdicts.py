"""What people said of the codes of innovation that texts tell of."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signal_verdict",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("procurement", sa.String(64), sa.ForeignKey("procurement.id"), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("accepted", sa.Boolean, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_signal_verdict_procurement", "signal_verdict", ["procurement", "at"])
