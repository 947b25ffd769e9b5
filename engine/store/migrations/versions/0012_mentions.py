"""Whom a comment speaks to."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("comment") as comments:
        comments.add_column(sa.Column("mentions", Json(), nullable=False, server_default="[]"))
    with op.batch_alter_table("comment") as comments:
        comments.alter_column("mentions", server_default=None)
