"""Contributions of employees and citizens, what they are made of, and what came of them."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "contribution",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("procurement", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("phase", sa.String(60), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("group", sa.String(120), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("named", sa.Boolean, nullable=False),
        sa.Column("on_behalf", sa.Text, nullable=False),
        sa.Column("files", Json, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("hidden_by", sa.String(120), nullable=False),
        sa.Column("used", sa.String(10), nullable=False),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("answered_by", sa.String(64), nullable=False),
        sa.Column("answered_at", Moment),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name="fk_contribution_procurement_procurement"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contribution"),
    )
    op.create_index("ix_contribution_procurement", "contribution", ["procurement", "at"])
    op.create_table(
        "contribution_parent",
        sa.Column("procurement", sa.String(64), nullable=False),
        sa.Column("child", sa.String(64), nullable=False),
        sa.Column("parent", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"],
            ["procurement.id"],
            name="fk_contribution_parent_procurement_procurement",
        ),
        sa.ForeignKeyConstraint(
            ["child"], ["contribution.id"], name="fk_contribution_parent_child_contribution"
        ),
        sa.ForeignKeyConstraint(
            ["parent"], ["contribution.id"], name="fk_contribution_parent_parent_contribution"
        ),
        sa.PrimaryKeyConstraint("child", "parent", name="pk_contribution_parent"),
    )
    op.create_index("ix_contribution_parent_procurement", "contribution_parent", ["procurement"])
    op.create_table(
        "trace_link",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("procurement", sa.String(64), nullable=False),
        sa.Column("source_kind", sa.String(20), nullable=False),
        sa.Column("source", sa.String(120), nullable=False),
        sa.Column("target_kind", sa.String(20), nullable=False),
        sa.Column("target", sa.String(120), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name="fk_trace_link_procurement_procurement"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_trace_link"),
    )
    op.create_index("ix_trace_link_procurement", "trace_link", ["procurement"])
