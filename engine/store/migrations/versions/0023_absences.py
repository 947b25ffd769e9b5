"""Absences of persons, seats that come from them, and to whom a task was lent."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

ID = sa.String(64)


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", ID, primary_key=True),
        sa.Column("organisation", ID, sa.ForeignKey("organisation.id"), nullable=False),
        sa.Column("person", ID, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("substitute", ID, nullable=False),
        sa.Column("first_day", sa.String(10), nullable=False),
        sa.Column("last_day", sa.String(10), nullable=False),
        sa.Column("begun", sa.Boolean, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
    )
    op.create_index("ix_absence_person", "absence", ["person"])
    op.create_index("ix_absence_last_day", "absence", ["last_day"])
    op.add_column("member", sa.Column("absence", ID, nullable=False, server_default=""))
    for name in ("valid_to", "absence"):
        some = sa.text(f"{name} <> ''")
        op.create_index(
            f"ix_member_{name}", "member", [name], sqlite_where=some, postgresql_where=some
        )
    op.add_column("task", sa.Column("helpers", Json, nullable=False, server_default="[]"))
