"""The read side: what pages and API show, as plain values, and only what the reader may see."""
