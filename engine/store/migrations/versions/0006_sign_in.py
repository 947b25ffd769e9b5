"""Sign-in by providers: who is who there, what their sessions are, roles by claims, API tokens."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("role_grant") as grants:
        grants.add_column(
            sa.Column("source", sa.String(length=40), nullable=False, server_default="")
        )
        grants.drop_constraint("pk_role_grant", type_="primary")
        grants.create_primary_key("pk_role_grant", ["person", "organisation", "role", "source"])
    op.create_table(
        "identity",
        sa.Column("provider", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_identity_person_person"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_identity_organisation_organisation"
        ),
        sa.PrimaryKeyConstraint("provider", "subject", name="pk_identity"),
        sa.UniqueConstraint("person", "provider", name="uq_identity_person_provider"),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", Json(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("valid_from", Moment(), nullable=False),
        sa.Column("valid_to", Moment(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issued_at", Moment(), nullable=False),
        sa.Column("revoked_at", Moment(), nullable=True),
        sa.Column("used_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name="fk_api_token_person_person"),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name="fk_api_token_organisation_organisation"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_api_token"),
    )
    op.create_index("ix_api_token_person", "api_token", ["person"])
    op.execute("DELETE FROM session")  # everybody signs in anew, in the ways there are now
    with op.batch_alter_table("session") as sessions:
        sessions.add_column(sa.Column("provider", sa.String(length=40), nullable=False))
        sessions.add_column(sa.Column("level", sa.Integer(), nullable=False))
        sessions.add_column(sa.Column("subject", sa.String(length=64), nullable=False))
        sessions.add_column(sa.Column("provider_session", sa.String(length=64), nullable=False))
        sessions.add_column(sa.Column("hint", sa.Text(), nullable=False))
        sessions.create_index("ix_session_subject", ["subject"])
        sessions.create_index("ix_session_provider_session", ["provider_session"])
