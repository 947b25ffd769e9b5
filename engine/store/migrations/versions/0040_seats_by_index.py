"""All that rights ask of a person's seats stands in the index that finds them."""

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

_COLUMNS = (
    *("person", "procurement", "role", "scope"),
    *("valid_from", "valid_to", "removed", "impartiality"),
)


def upgrade() -> None:
    op.drop_index("ix_member_person", "member")
    op.create_index("ix_member_person", "member", list(_COLUMNS))
