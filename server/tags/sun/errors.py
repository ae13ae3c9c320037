"""What this package says no with."""

from __future__ import annotations


class NotGenuine(ValueError):
    """Raised when a message or signature is not what its tag would make; the message says why."""
