"""Catalogue, stock and prices as files: read, judged row by row, applied whole, taken back."""
