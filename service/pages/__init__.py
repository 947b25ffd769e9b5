"""HTML: one module per area; its templates lie in `templates/<area>/`."""
