"""Which change of the law has been put on record for a procurement."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "procurement", sa.Column("rules_noted", sa.String(80), nullable=False, server_default="")
    )
