"""The Standard Webhooks scheme: how a delivery is signed, when it is tried again, what an answer means. Pure.

github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

PREFIX = "whsec_"

PAUSES = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 5 * 60, 30 * 60, *(hours * 3600 for hours in (2, 5, 10, 14, 20, 24)))
)
"""How long is waited after each try that failed: three days and more in all."""

ROTATION = timedelta(hours=24)
"""How long both secrets sign after a new one was made."""

GONE = 410
"""The status by which a receiver says that it wants to hear no more."""


def new_secret(luck: bytes) -> str:
    """Return a secret made of 32 bytes of luck, as receivers' libraries read it."""
    return PREFIX + base64.b64encode(luck[:32]).decode()


def headers(delivery_id: UUID, body: bytes, secrets: list[str], *, now: datetime) -> dict[str, str]:
    """Return the headers of a try, signed with every secret in force."""
    message_id, moment = f"evt_{delivery_id.hex}", str(int(now.timestamp()))
    signed = b".".join((message_id.encode(), moment.encode(), body))
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": moment,
        "webhook-signature": " ".join(f"v1,{_signature(secret, signed)}" for secret in secrets),
    }


def _signature(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def next_try(tries: int, now: datetime) -> datetime | None:
    """Return when to try again after so many tries that failed, None where it is given up."""
    return now + PAUSES[tries - 1] if tries <= len(PAUSES) else None
