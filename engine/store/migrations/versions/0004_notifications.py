"""What persons are told, and when they are reminded."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column("id", BIG_KEY, autoincrement=True, nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["person"], ["person.id"], name=op.f("fk_notification_person_person")
        ),
        sa.ForeignKeyConstraint(
            ["procurement"],
            ["procurement.id"],
            name=op.f("fk_notification_procurement_procurement"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index("ix_notification_person", "notification", ["person", "id"])
    unread = sa.text("read_at IS NULL")
    op.create_index(
        "ix_notification_unread",
        "notification",
        ["person"],
        sqlite_where=unread,
        postgresql_where=unread,
    )
    op.create_table(
        "reminder",
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name=op.f("fk_reminder_task_task")),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_reminder_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("task", "kind", "due_at", name=op.f("pk_reminder")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reminder_at", "reminder", ["at"])
