"""All versions of a notice have its id."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notice") as notices:
        notices.drop_constraint("pk_notice", type_="primary")
        notices.create_primary_key("pk_notice", ["id", "version"])
    op.execute(
        "UPDATE notice SET id = (SELECT first.id FROM notice AS first"
        " WHERE first.procurement = notice.procurement AND first.subtype = notice.subtype"
        " AND first.version = 1)"
        " WHERE version > 1"
    )
