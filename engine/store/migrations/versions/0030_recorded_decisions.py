"""Decisions beside the model, and the comments they are made of."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, kind in (("name", sa.Text()), ("comment", sa.String(64))):
        op.add_column("decision", sa.Column(name, kind, nullable=False, server_default=""))
