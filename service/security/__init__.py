"""Who is asking, and whether the request came from our own pages."""
