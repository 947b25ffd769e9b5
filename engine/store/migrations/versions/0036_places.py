"""Stays in the portal know which provider vouched for whoever came in."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length in (("provider", 60), ("subject", 64)):
        column = sa.Column(name, sa.String(length), nullable=False, server_default="")
        op.add_column("portal_session", column)
