"""Invitations go by mail."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

ID = sa.String(64)


def upgrade() -> None:
    op.add_column("invitation", sa.Column("mailed_at", Moment))
    op.create_table(
        "invitation_mail",
        sa.Column("mail", ID, sa.ForeignKey("mail.id"), primary_key=True),
        sa.Column("invitation", ID, sa.ForeignKey("invitation.id"), nullable=False),
    )
    op.create_index("ix_invitation_mail_invitation", "invitation_mail", ["invitation"])
