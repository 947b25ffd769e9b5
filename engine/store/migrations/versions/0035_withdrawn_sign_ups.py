"""Sign-ups to a market dialogue can be taken back."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("market_signup", sa.Column("withdrawn_at", Moment))
