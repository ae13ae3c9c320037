"""Channels that write to the timeline with clients they already have, each with a key of its own."""
