"""The kiosk's errors, one tree."""

from __future__ import annotations


class KioskError(Exception):
    """Root of what the kiosk raises on purpose; the message says what to do."""


class SettingsError(KioskError):
    """Raised when a setting cannot be used; the message names the variable."""


class OutboxInUse(KioskError):
    """Raised when another agent holds the outbox."""


class OutboxUnfit(KioskError):
    """Raised when SQLite will not keep what the outbox promises."""


class Away(KioskError):
    """Raised when the server did not give an answer of its own: away, slow, or something else in between."""

    def __init__(self, words: str, retry_after: int = 0) -> None:
        super().__init__(words)
        self.retry_after = retry_after


class Broken(Away):
    """Raised when the connection broke under a request, or the server fell over it, maybe for what was sent."""


class KeyRefused(KioskError):
    """Raised when the server does not know this kiosk's key, or revoked it."""


class TapRefused(KioskError):
    """Raised when the server will never take a tap."""


class TooMuch(KioskError):
    """Raised when the server, or something in between, will not take a body of this size."""
