"""The index that suggestions are learned from, built by one plan of queries on either of two engines."""
