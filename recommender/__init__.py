"""Session-based recommendation: arithmetic only."""
