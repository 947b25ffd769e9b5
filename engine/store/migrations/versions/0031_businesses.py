"""What is known of suppliers as businesses, for the indicators."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "business",
        sa.Column("procurement", sa.String(64), sa.ForeignKey("procurement.id"), primary_key=True),
        sa.Column("scope", sa.String(120), primary_key=True),
        sa.Column("size", sa.String(10), nullable=False),
        sa.Column("startup", sa.String(5), nullable=False),
        sa.Column("newcomer", sa.String(5), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
