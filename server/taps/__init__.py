"""One tap: the answer and the record."""
