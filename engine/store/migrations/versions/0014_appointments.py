"""Due dates in the calendars of those who have the tasks."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appointment",
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("mail", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name="fk_appointment_task_task"),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_appointment_person_person"),
        sa.PrimaryKeyConstraint("task", "person", name="pk_appointment"),
    )
    op.create_index("ix_appointment_mail", "appointment", ["mail"])
    op.create_table(
        "appointment_look",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name="fk_appointment_look_task_task"),
        sa.PrimaryKeyConstraint("id", name="pk_appointment_look"),
    )
