"""Whether whoever holds a seat has declared impartiality, and against which list of suppliers."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "member", sa.Column("impartiality", sa.String(8), nullable=False, server_default="")
    )
    op.add_column(
        "procurement", sa.Column("supplier_list", sa.Integer, nullable=False, server_default="0")
    )
