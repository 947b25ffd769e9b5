"""What persons are told, when, and whether by mail: pure functions over facts and choices."""
