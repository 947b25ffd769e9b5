"""The first schema: all tables, and the triggers that let nobody change what is on record."""

import sqlalchemy as sa
from alembic import op

from engine.store.types import Json, Moment

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

INSERT_ONLY = ("audit_event", "submission", "decision")

SQLITE_TRIGGER = """
CREATE TRIGGER {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is insert-only: the record is never changed'); END
"""

POSTGRES_FUNCTION = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is insert-only: the record is never changed', TG_TABLE_NAME; END $$
"""

POSTGRES_NO_CHANGE = """
CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION refuse_change()
"""

POSTGRES_NO_TRUNCATE = """
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
"""


def upgrade() -> None:
    create_tables()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(POSTGRES_FUNCTION)
        statements = [POSTGRES_NO_CHANGE, POSTGRES_NO_TRUNCATE]
    else:
        statements = [SQLITE_TRIGGER.replace("{verb}", verb) for verb in ("UPDATE", "DELETE")]
    for table in INSERT_ONLY:
        for statement in statements:
            op.execute(statement.format(table=table))


def create_tables() -> None:
    op.create_table(
        "audit_event",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("chain", sa.String(length=64), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.Column("type", sa.String(length=60), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("snapshot", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_event")),
        sa.UniqueConstraint("chain", "seq", name=op.f("uq_audit_event_chain_seq")),
    )
    op.create_table(
        "blob",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_blob")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("parent", sa.String(length=64), nullable=False),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.Column("audit_head", sa.LargeBinary(), nullable=False),
        sa.Column("audit_note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
    )
    op.create_table(
        "request",
        sa.Column("id", sa.String(length=120), nullable=False),
        sa.Column("actor", sa.String(length=64), nullable=False),
        sa.Column("command", sa.String(length=120), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("answer", Json(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", "actor", name=op.f("pk_request")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "definition",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("startable", sa.Boolean(), nullable=False),
        sa.Column("info", Json(), nullable=False),
        sa.Column("deployed_by", sa.String(length=64), nullable=False),
        sa.Column("deployed_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisation.id"],
            name=op.f("fk_definition_organisation_organisation"),
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_definition")),
        sa.UniqueConstraint("key", "number", name=op.f("uq_definition_key_number")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"], ["organisation.id"], name=op.f("fk_person_organisation_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("username", name=op.f("uq_person_username")),
    )
    op.create_index(op.f("ix_person_organisation"), "person", ["organisation"], unique=False)
    op.create_table(
        "definition_file",
        sa.Column("definition", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=300), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["blob"], ["blob.digest"], name=op.f("fk_definition_file_blob_blob")
        ),
        sa.ForeignKeyConstraint(
            ["definition"],
            ["definition.digest"],
            name=op.f("fk_definition_file_definition_definition"),
        ),
        sa.PrimaryKeyConstraint("definition", "path", name=op.f("pk_definition_file")),
    )
    op.create_table(
        "procurement",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=120), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("definition", sa.String(length=64), nullable=False),
        sa.Column("procedure", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("phase", sa.String(length=60), nullable=False),
        sa.Column("outcome", sa.String(length=60), nullable=False),
        sa.Column("rules_at", sa.String(length=10), nullable=False),
        sa.Column("rule_set", sa.String(length=80), nullable=False),
        sa.Column("frozen_documents", sa.String(length=64), nullable=False),
        sa.Column("created_by", sa.String(length=64), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.Column("ended_at", Moment(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.Column("audit_seq", sa.Integer(), nullable=False),
        sa.Column("audit_head", sa.LargeBinary(), nullable=False),
        sa.Column("audit_note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition"], ["definition.digest"], name=op.f("fk_procurement_definition_definition")
        ),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisation.id"],
            name=op.f("fk_procurement_organisation_organisation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procurement")),
        sa.UniqueConstraint("reference", name=op.f("uq_procurement_reference")),
    )
    op.create_index(
        op.f("ix_procurement_organisation"), "procurement", ["organisation"], unique=False
    )
    op.create_table(
        "role_grant",
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisation.id"],
            name=op.f("fk_role_grant_organisation_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["person"], ["person.id"], name=op.f("fk_role_grant_person_person")
        ),
        sa.PrimaryKeyConstraint("person", "organisation", "role", name=op.f("pk_role_grant")),
    )
    op.create_table(
        "session",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("csrf", sa.String(length=64), nullable=False),
        sa.Column("started_at", Moment(), nullable=False),
        sa.Column("seen_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_session_person_person")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_person"), "session", ["person"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("blob", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["blob"], ["blob.digest"], name=op.f("fk_attachment_blob_blob")),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_attachment_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(
        "ix_attachment_procurement", "attachment", ["procurement", "task"], unique=False
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_comment_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    op.create_index("ix_comment_procurement", "comment", ["procurement", "task"], unique=False)
    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("option", sa.String(length=120), nullable=False),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by", Json(), nullable=False),
        sa.Column("checks", Json(), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_decision_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_procurement", "decision", ["procurement", "seq"], unique=False)
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("problem", sa.String(length=120), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("raised_at", Moment(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_incident_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    op.create_index(
        "ix_incident_procurement", "incident", ["procurement", "closed_at"], unique=False
    )
    op.create_table(
        "member",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("deputy_for", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_member_person_person")),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_member_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
    )
    op.create_index("ix_member_person", "member", ["person", "procurement", "role"], unique=False)
    op.create_index("ix_member_procurement", "member", ["procurement"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("subtype", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("submission", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_notice_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "procurement", "subtype", "version", name=op.f("uq_notice_procurement_subtype_version")
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=120), nullable=False),
        sa.Column("recipient", sa.String(length=120), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("queued_at", Moment(), nullable=False),
        sa.Column("sent_at", Moment(), nullable=True),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_outbox_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index(op.f("ix_outbox_sent_at"), "outbox", ["sent_at"], unique=False)
    op.create_table(
        "procurement_party",
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation"],
            ["organisation.id"],
            name=op.f("fk_procurement_party_organisation_organisation"),
        ),
        sa.ForeignKeyConstraint(
            ["procurement"],
            ["procurement.id"],
            name=op.f("fk_procurement_party_procurement_procurement"),
        ),
        sa.PrimaryKeyConstraint("procurement", "organisation", name=op.f("pk_procurement_party")),
    )
    op.create_table(
        "submission",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("form", sa.String(length=120), nullable=False),
        sa.Column("definition", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_submission_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
    )
    op.create_index(
        "ix_submission_procurement", "submission", ["procurement", "form", "seq"], unique=False
    )
    op.create_table(
        "supplier",
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_supplier_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("procurement", "key", name=op.f("pk_supplier")),
    )
    op.create_table(
        "task",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("phase", sa.String(length=60), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("candidate", sa.String(length=40), nullable=False),
        sa.Column("assignee", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("proposal", Json(), nullable=True),
        sa.Column("opened_at", Moment(), nullable=False),
        sa.Column("due_at", Moment(), nullable=True),
        sa.Column("due_why", Json(), nullable=False),
        sa.Column("closed_at", Moment(), nullable=True),
        sa.Column("closed_by", sa.String(length=64), nullable=False),
        sa.Column("closed_for", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_task_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    for name, then in (("assignee", "status"), ("owner", "status"), ("closed_by", "closed_at")):
        some = sa.text(f"{name} <> ''")
        op.create_index(
            f"ix_task_{name}", "task", [name, then], sqlite_where=some, postgresql_where=some
        )
    op.create_index("ix_task_procurement", "task", ["procurement", "status"], unique=False)
    op.create_table(
        "timer",
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("due_at", Moment(), nullable=False),
        sa.Column("why", Json(), nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_timer_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("procurement", "id", name=op.f("pk_timer")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_timer_due_at"), "timer", ["due_at"], unique=False)
    op.create_table(
        "undone",
        sa.Column("record", sa.String(length=64), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_undone_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("record", name=op.f("pk_undone")),
    )
    op.create_index("ix_undone_procurement", "undone", ["procurement"], unique=False)
    op.create_table(
        "wait",
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("element", sa.String(length=120), nullable=False),
        sa.Column("message", sa.String(length=120), nullable=False),
        sa.Column("correlation", sa.Text(), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["procurement"], ["procurement.id"], name=op.f("fk_wait_procurement_procurement")
        ),
        sa.PrimaryKeyConstraint("procurement", "id", name=op.f("pk_wait")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "draft",
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=False),
        sa.Column("content", Json(), nullable=False),
        sa.Column("saved_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_draft_person_person")),
        sa.ForeignKeyConstraint(["task"], ["task.id"], name=op.f("fk_draft_task_task")),
        sa.PrimaryKeyConstraint("task", "person", name=op.f("pk_draft")),
        sqlite_with_rowid=False,
    )
