"""Requests of other makers' clients: read, taken, answered so that each of them understands."""
