"""The language in which an organisation writes its letters: bokmål, where nobody has said another."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    language = sa.Column("language", sa.String(2), nullable=False, server_default="nb")
    op.add_column("organisation", language)
