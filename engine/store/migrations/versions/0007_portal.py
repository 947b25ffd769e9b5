"""Sessions of people from outside."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "portal_session",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("participant", sa.String(64), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["participant"], ["participant.id"], name="fk_portal_session_participant_participant"
        ),
        sa.PrimaryKeyConstraint("digest", name="pk_portal_session"),
    )
    op.create_index("ix_portal_session_participant", "portal_session", ["participant"])
