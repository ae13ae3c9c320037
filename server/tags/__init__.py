"""Which tag means what."""
