"""Letters that go to a supplier's own addresses by mail, and those that came back."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ID = sa.String(64)


def upgrade() -> None:
    op.add_column("outbox", sa.Column("returned_at", Moment))
    returned = sa.text("returned_at IS NOT NULL")
    op.create_index(
        "ix_outbox_returned",
        "outbox",
        ["procurement"],
        sqlite_where=returned,
        postgresql_where=returned,
    )
    op.create_table(
        "letter_mail",
        sa.Column("mail", ID, sa.ForeignKey("mail.id"), primary_key=True),
        sa.Column("letter", ID, sa.ForeignKey("outbox.id"), nullable=False),
    )
    op.create_index("ix_letter_mail_letter", "letter_mail", ["letter"])
