"""Plain values: what the engine's parts pass to each other. Standard library only."""
