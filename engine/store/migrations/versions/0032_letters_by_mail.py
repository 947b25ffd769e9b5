"""Letters that go to a supplier's own addresses by mail, those that came back, and inquiries."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

ID = sa.String(64)
KEY = sa.String(120)


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
    op.create_table(
        "inquiry",
        sa.Column("id", ID, primary_key=True),
        sa.Column("procurement", ID, sa.ForeignKey("procurement.id"), nullable=False),
        sa.Column("scope", KEY, nullable=False),
        sa.Column("submission", ID, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("reply_by", Moment, nullable=False),
        sa.Column("reply", sa.Text, nullable=False),
        sa.Column("replied_at", Moment),
        sa.Column("channel", sa.String(20), nullable=False),
    )
    op.create_index("ix_inquiry_procurement", "inquiry", ["procurement"])
