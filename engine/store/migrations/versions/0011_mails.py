"""Mails, and what persons choose to hear by mail."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notification") as notifications:
        notifications.add_column(sa.Column("mail_at", Moment(), nullable=True))
        notifications.add_column(
            sa.Column("mail", sa.String(length=64), nullable=False, server_default="")
        )
    _index("notification", "mail_at", "mail_at", "mail_at IS NOT NULL")
    _index("notification", "mail", "mail", "mail <> ''")
    _index("notification", "mailed", "procurement", "mail <> ''")
    op.create_table(
        "mail_preference",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("by_mail", Json(), nullable=False),
        sa.Column("pace", sa.String(length=20), nullable=False),
        sa.Column("digest_at", sa.String(length=5), nullable=False),
        sa.Column("quiet_from", sa.String(length=5), nullable=False),
        sa.Column("quiet_to", sa.String(length=5), nullable=False),
        sa.Column("only_working_days", sa.Boolean(), nullable=False),
        sa.Column("invitations", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_mail_preference_person_person"),
        sa.PrimaryKeyConstraint("person", name="pk_mail_preference"),
    )
    op.create_table(
        "mail",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", Moment(), nullable=False),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_mail_person_person"),
        sa.PrimaryKeyConstraint("id", name="pk_mail"),
    )
    op.create_index("ix_mail_person", "mail", ["person", "ended_at"])
    _index("mail", "next_at", "next_at", "next_at IS NOT NULL")


def _index(table: str, name: str, column: str, condition: str) -> None:
    some = sa.text(condition)
    op.create_index(f"ix_{table}_{name}", table, [column], sqlite_where=some, postgresql_where=some)
