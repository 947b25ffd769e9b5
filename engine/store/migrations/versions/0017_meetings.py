"""Times offered for meetings, the meetings, and mails to participants about them."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

ID = sa.String(64)
KEY = sa.String(120)


def upgrade() -> None:
    op.create_table(
        "slot",
        sa.Column("id", ID, primary_key=True),
        sa.Column("procurement", ID, sa.ForeignKey("procurement.id"), nullable=False),
        sa.Column("occasion", ID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("lot", KEY, nullable=False),
        sa.Column("scope", KEY, nullable=False),
        sa.Column("starts_at", Moment, nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("withdrawn_at", Moment),
    )
    op.create_index("ix_slot_procurement", "slot", ["procurement", "starts_at"])
    op.create_table(
        "meeting",
        sa.Column("id", ID, primary_key=True),
        sa.Column("procurement", ID, sa.ForeignKey("procurement.id"), nullable=False),
        sa.Column("occasion", ID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("lot", KEY, nullable=False),
        sa.Column("scope", KEY, nullable=False),
        sa.Column("participant", ID, nullable=False),
        sa.Column("slot", ID, nullable=False),
        sa.Column("starts_at", Moment, nullable=False),
        sa.Column("ends_at", Moment, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("began_at", Moment),
        sa.Column("ended_at", Moment),
        sa.Column("ours", Json, nullable=False),
        sa.Column("theirs", Json, nullable=False),
    )
    op.create_index("ix_meeting_procurement", "meeting", ["procurement", "starts_at"])
    _mails_to_participants()
    op.create_table(
        "meeting_mail",
        sa.Column("mail", ID, sa.ForeignKey("mail.id"), primary_key=True),
        sa.Column("meeting", ID, sa.ForeignKey("meeting.id"), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
    )


def _mails_to_participants() -> None:
    """SQLite makes the table anew, which a partial index would not outlive."""
    op.drop_index("ix_mail_next_at", "mail")
    with op.batch_alter_table("mail") as mails:
        mails.alter_column("person", existing_type=ID, nullable=True)
        mails.add_column(sa.Column("participant", ID, nullable=True))
        mails.create_foreign_key(
            "fk_mail_participant_participant", "participant", ["participant"], ["id"]
        )
    waiting = sa.text("next_at IS NOT NULL")
    op.create_index(
        "ix_mail_next_at", "mail", ["next_at"], sqlite_where=waiting, postgresql_where=waiting
    )
