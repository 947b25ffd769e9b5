"""What suppliers hand in: where, sealed, and opened by two."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "intake",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("procurement", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("deadline", Moment, nullable=False),
        sa.Column("timer", sa.String(120), nullable=False),
        sa.Column("expected", Json, nullable=False),
        sa.Column("anonymous", sa.Boolean, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("closed_at", Moment),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name="fk_intake_procurement_procurement"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_intake"),
    )
    op.create_index("ix_intake_procurement", "intake", ["procurement"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("procurement", sa.String(64), nullable=False),
        sa.Column("intake", sa.String(64), nullable=False),
        sa.Column("supplier", sa.String(120), nullable=False),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("code", sa.String(20), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("late", sa.Boolean, nullable=False),
        sa.Column("files", Json, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("replaced_by", sa.String(64), nullable=False),
        sa.Column("withdrawn_at", Moment),
        sa.Column("opened_at", Moment),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name="fk_delivery_procurement_procurement"
        ),
        sa.ForeignKeyConstraint(["intake"], ["intake.id"], name="fk_delivery_intake_intake"),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
    )
    op.create_index("ix_delivery_procurement", "delivery", ["procurement"])
    op.create_index("ix_delivery_intake", "delivery", ["intake"])
    op.create_table(
        "opening",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("procurement", sa.String(64), nullable=False),
        sa.Column("intake", sa.String(64), nullable=False),
        sa.Column("first", sa.String(64), nullable=False),
        sa.Column("begun_at", Moment, nullable=False),
        sa.Column("second", sa.String(64), nullable=False),
        sa.Column("at", Moment),
        sa.Column("deliveries", Json, nullable=False),
        sa.Column("left_sealed", Json, nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name="fk_opening_procurement_procurement"
        ),
        sa.ForeignKeyConstraint(["intake"], ["intake.id"], name="fk_opening_intake_intake"),
        sa.PrimaryKeyConstraint("id", name="pk_opening"),
    )
    op.create_index("ix_opening_procurement", "opening", ["procurement"])
    op.create_table(
        "sealed_file",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("intake", sa.String(64), nullable=False),
        sa.Column("delivery", sa.String(64), nullable=False),
        sa.Column("header", sa.LargeBinary, nullable=False),
        sa.Column("begun_at", Moment, nullable=False),
        sa.ForeignKeyConstraint(["intake"], ["intake.id"], name="fk_sealed_file_intake_intake"),
        sa.PrimaryKeyConstraint("id", name="pk_sealed_file"),
    )
    op.create_index("ix_sealed_file_intake", "sealed_file", ["intake"])
    loose = sa.text("delivery = ''")
    op.create_index(
        "ix_sealed_file_loose",
        "sealed_file",
        ["begun_at"],
        sqlite_where=loose,
        postgresql_where=loose,
    )
    op.create_table(
        "sealed_chunk",
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(
            ["file"], ["sealed_file.id"], name="fk_sealed_chunk_file_sealed_file"
        ),
        sa.PrimaryKeyConstraint("file", "number", name="pk_sealed_chunk"),
    )
