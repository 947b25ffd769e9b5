"""People from outside: who was invited, and who has come in."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "participant",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("procurement", sa.String(64), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(120), nullable=False),
        sa.Column("group", sa.String(120), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("joined_at", Moment, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name="fk_participant_procurement_procurement"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_participant"),
    )
    op.create_index("ix_participant_procurement", "participant", ["procurement"])
    op.create_table(
        "invitation",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("procurement", sa.String(64), nullable=False),
        sa.Column("participant", sa.String(64), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("scope", sa.String(120), nullable=False),
        sa.Column("group", sa.String(120), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("email", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("valid_to", Moment, nullable=False),
        sa.Column("used_at", Moment),
        sa.Column("revoked_at", Moment),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name="fk_invitation_procurement_procurement"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("digest", name="uq_invitation_digest"),
    )
    op.create_index("ix_invitation_procurement", "invitation", ["procurement"])
