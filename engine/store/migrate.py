"""Bringing a database to the schema of this version; safe when two processes start at once."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

_LOCK = 0x5049564F54414C  # "PIVOTAL": the advisory lock that lets one migration run at a time


def upgrade(database: sa.Engine, revision: str = "head") -> None:
    """Apply the missing revisions in one transaction."""
    with database.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def is_current(database: sa.Engine) -> bool:
    """Whether the database stands at the newest revision."""
    with database.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    return current == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config
