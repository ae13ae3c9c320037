"""The kiosks: how they are."""
