"""What a model must satisfy before it may run. `rules` is the table, the other modules look."""
