"""Alembic's environment and the numbered revisions that lead to `engine.store.schema`."""
