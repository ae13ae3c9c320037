"""Readers and tags: the only room that touches NFC."""
