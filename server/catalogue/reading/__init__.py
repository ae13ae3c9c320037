"""The catalogue over the API, a page at a time."""
