"""A version belongs to who deployed it, and others have it where it is shared with them.

All that was deployed before stays shared with everybody, as its entries in the record say.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_KEPT = ("digest", "key", "name", "startable", "info")
_GONE = ("number", "organisation", "deployed_by", "deployed_at")


def upgrade() -> None:
    op.create_table(
        "deployment",
        sa.Column(
            "definition", sa.String(64), sa.ForeignKey("definition.digest"), primary_key=True
        ),
        sa.Column(
            "organisation", sa.String(64), sa.ForeignKey("organisation.id"), primary_key=True
        ),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("origin", sa.String(64), nullable=False),
        sa.Column("origin_of", sa.String(64), nullable=False),
        sa.Column("by", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_deployment_organisation", "deployment", ["organisation"])
    op.execute(
        "INSERT INTO deployment (definition, organisation, number, origin, origin_of, by, at)"
        " SELECT digest, organisation, number, '', '', deployed_by, deployed_at FROM definition"
    )
    op.execute(
        "INSERT INTO shared_item"
        " (id, organisation, chain, kind, submission, title, to_all, by, at, revoked_at)"
        " SELECT digest, organisation, organisation, 'model', digest, name, true,"
        " deployed_by, deployed_at, NULL FROM definition"
    )
    _find_models_by_version()
    if op.get_bind().dialect.name == "sqlite":
        _copy_definitions()
    else:
        op.drop_constraint("uq_definition_key_number", "definition", type_="unique")
        for name in _GONE:
            op.drop_column("definition", name)
    op.create_index("ix_definition_key", "definition", ["key"])


def _find_models_by_version() -> None:
    """The index of the search holds the newest version of each process, and by its key."""
    op.execute(
        "UPDATE search_entry SET organisation = '', object = (SELECT digest FROM definition"
        " WHERE definition.key = search_entry.object ORDER BY number DESC LIMIT 1)"
        " WHERE kind = 'model' AND object IN (SELECT key FROM definition)"
    )


def _copy_definitions() -> None:
    """SQLite drops no column that a constraint speaks of. What refers to the versions waits until
    they are there again."""
    columns = ", ".join(_KEPT)
    op.execute("PRAGMA defer_foreign_keys = ON")
    op.execute(f"CREATE TABLE definition_before AS SELECT {columns} FROM definition")
    op.drop_table("definition")
    op.create_table(
        "definition",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("startable", sa.Boolean, nullable=False),
        sa.Column("info", Json, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_definition"),
    )
    op.execute(f"INSERT INTO definition ({columns}) SELECT {columns} FROM definition_before")
    op.drop_table("definition_before")
