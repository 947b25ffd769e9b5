"""Comments can be taken back by who wrote them."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("comment", sa.Column("withdrawn_at", Moment))
