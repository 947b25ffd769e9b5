"""What a procurement is worth, by its newest estimate."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("procurement", sa.Column("value", sa.BigInteger))
