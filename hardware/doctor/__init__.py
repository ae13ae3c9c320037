"""The doctor: what keeps a reader from working, and everything one does with tags by hand."""
