"""Files can be taken back by who attached them."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("attachment", sa.Column("withdrawn_at", Moment))
