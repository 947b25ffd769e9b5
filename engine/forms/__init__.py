"""Forms as data: reading a definition, checking a submission, and the encoding of HTML forms."""
