"""What this package says no with."""

from __future__ import annotations


class NotDigitalLink(ValueError):
    """Raised when a text is no GS1 Digital Link, or elements make none; the message says why."""
