"""Who has seen what is confidential: rows that nobody changes or takes away."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import BigKey, Moment

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

SQLITE = """
CREATE TRIGGER look_no_{verb} BEFORE {verb} ON look
BEGIN SELECT RAISE(ABORT, 'look is insert-only: the record is never changed'); END
"""
POSTGRES = """
CREATE TRIGGER look_no_{name} BEFORE {verbs} ON look
FOR EACH {each} EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    op.create_table(
        "look",
        sa.Column("id", BigKey, primary_key=True, autoincrement=True),
        sa.Column("procurement", sa.String(64), sa.ForeignKey("procurement.id"), nullable=False),
        sa.Column("person", sa.String(64), nullable=False),
        sa.Column("what", sa.String(200), nullable=False),
        sa.Column("scope", sa.String(120), nullable=False),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("via", sa.String(80), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("minute", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("procurement", "person", "what", "scope", "minute"),
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRES.format(name="change", verbs="UPDATE OR DELETE", each="ROW"))
        op.execute(POSTGRES.format(name="truncate", verbs="TRUNCATE", each="STATEMENT"))
    else:
        for verb in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(verb=verb))
