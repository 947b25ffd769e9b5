"""Drafts of the task instead of the person, and who looks at a task right now."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("draft") as drafts:
        drafts.drop_constraint("fk_draft_person_person", type_="foreignkey")
        drafts.alter_column("person", new_column_name="holder")
        drafts.add_column(sa.Column("by", sa.String(length=64), nullable=False, server_default=""))
    op.execute('UPDATE draft SET "by" = holder')
    with op.batch_alter_table("draft") as drafts:
        drafts.alter_column("by", server_default=None)
    op.create_table(
        "presence",
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("page", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.Column("wrote_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name="fk_presence_task_task"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_presence_person_person"),
        sa.PrimaryKeyConstraint("task", "page", name="pk_presence"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_presence_seen_at", "presence", ["seen_at"])
