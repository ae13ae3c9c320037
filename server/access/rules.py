"""Who may do what: pure decisions on stores, roles, keys and passwords."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from server.access.models import Role
from server.errors import Invalid

SEES_ALL_STORES = {Role.MERCHANDISER, Role.OPERATOR}
SHORTEST_PASSWORD = 15


@dataclass(frozen=True, slots=True)
class Device:
    """A kiosk or desk reader that showed its key."""

    id: str
    store_id: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff who is signed in. `store_ids` are the stores they may see, in order of name."""

    id: str
    name: str
    role: Role
    store_ids: tuple[str, ...]
    language: str

    def may_see(self, store_id: str) -> bool:
        """Return whether this store is theirs to see."""
        return store_id in self.store_ids


def key_hash(key: str) -> str:
    """Return the hash a device key is stored by. Keys are 32 random bytes, so no slow hash is needed."""
    return hashlib.sha256(key.encode()).hexdigest()


def new_key(luck: bytes) -> str:
    """Return a device key made of 32 bytes of luck."""
    return f"stk_{luck[:32].hex()}"


def check_password(password: str, *, login: str) -> None:
    """Raise `Invalid` for a password that is too short or holds the log-in name (NIST SP 800-63B-4)."""
    if len(password) < SHORTEST_PASSWORD:
        msg = f"A password needs at least {SHORTEST_PASSWORD} characters; a few words in a row are easy to keep."
        raise Invalid(msg)
    if login.casefold() in password.casefold():
        msg = "A password must not hold the log-in name."
        raise Invalid(msg)
