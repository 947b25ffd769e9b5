"""Participants who come in by a provider of OpenID Connect instead of a new invitation."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length in (("provider", 40), ("subject", 64)):
        op.add_column(
            "participant", sa.Column(name, sa.String(length), nullable=False, server_default="")
        )
    filled = sa.text("subject <> ''")
    op.create_index(
        "ix_participant_subject",
        "participant",
        ["subject"],
        sqlite_where=filled,
        postgresql_where=filled,
    )
