"""One file per outside format: bytes in, facts out, with the line of every row."""
