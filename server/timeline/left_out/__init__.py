"""What the timeline holds and nobody learns from or counts: quarantined kiosks and test visits."""
