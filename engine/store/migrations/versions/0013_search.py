"""What can be found, in the full text of either database, kept by triggers.

After this, `pivotal search rebuild` puts in what was there before.
"""

import sqlalchemy as sa
from alembic import op

from engine.store.types import BigKey, Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

COLUMNS = "kind, object, procurement, organisation, scope, task, title, body, heading, terms, at"
NAMES = COLUMNS.split(", ")

# Terms are plain letters and digits and our two marks, so this tokenizer takes them as they are.
SQLITE = [
    """
    CREATE VIRTUAL TABLE search_text USING fts5(
      terms, content='search_entry', content_rowid='id', columnsize=0,
      tokenize="unicode61 remove_diacritics 0 tokenchars '~@'"
    )
    """,
    """
    CREATE TRIGGER search_entry_put AFTER INSERT ON search_entry BEGIN
      INSERT INTO search_text (rowid, terms) VALUES (NEW.id, NEW.terms);
    END
    """,
    """
    CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN
      INSERT INTO search_text (search_text, rowid, terms) VALUES ('delete', OLD.id, OLD.terms);
    END
    """,
    f"""
    CREATE TRIGGER procurement_index_queue AFTER UPDATE OF index_queue ON procurement
    WHEN NEW.index_queue <> '' BEGIN
      INSERT INTO search_entry ({COLUMNS})
      SELECT {", ".join(f"json_extract(value, '$[{n}]')" for n in range(len(NAMES)))}
      FROM json_each(NEW.index_queue);
      UPDATE procurement SET index_queue = '' WHERE id = NEW.id;
    END
    """,
]

# The terms are cast to a vector as they stand: a parser would split some and leave out others.
POSTGRESQL = [
    """
    CREATE FUNCTION search_vector(terms text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT coalesce(string_agg(word || ':' || least(n, 16383), ' '), '')::tsvector
      FROM unnest(string_to_array(terms, ' ')) WITH ORDINALITY AS each(word, n) WHERE word <> ''
    $$
    """,
    """
    ALTER TABLE search_entry
    ADD COLUMN vector tsvector GENERATED ALWAYS AS (search_vector(terms)) STORED
    """,
    "CREATE INDEX search_text ON search_entry USING gin (vector)",
    f"""
    CREATE FUNCTION put_into_index() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.index_queue <> '' THEN
        INSERT INTO search_entry ({COLUMNS})
        SELECT {", ".join(f"v->>{n}" for n in range(len(NAMES) - 1))}, (v->>{len(NAMES) - 1})::bigint
        FROM json_array_elements(NEW.index_queue::json) AS each(v);
        NEW.index_queue := '';
      END IF;
      RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER procurement_index_queue BEFORE UPDATE OF index_queue ON procurement
    FOR EACH ROW EXECUTE FUNCTION put_into_index()
    """,
]


def upgrade() -> None:
    op.create_table(
        "search_entry",
        sa.Column("id", BigKey, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("object", sa.String(length=200), nullable=False),
        sa.Column("procurement", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=120), nullable=False),
        sa.Column("task", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_search_entry"),
    )
    op.create_index("ix_search_entry_object", "search_entry", ["object"])
    op.create_index("ix_search_entry_procurement", "search_entry", ["procurement"])
    op.add_column(
        "procurement", sa.Column("index_queue", sa.Text(), nullable=False, server_default="")
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)
