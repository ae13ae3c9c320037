"""Messages that did not fit: shown, repaired, taken again."""
