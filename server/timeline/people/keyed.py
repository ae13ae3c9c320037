"""Ids that name a person outright, kept as keyed hashes only: without the key nobody can try them out."""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from server.errors import SettingsError
from server.settings import NO_PERSON_KEYS
from server.timeline.people.models import Id, IdKind

HIDDEN = frozenset({IdKind.CARD, IdKind.EMAIL})
"""Kinds whose ids are never stored as they are."""


class PersonKeys:
    """The keys, the current one first; older ones still recognise what was hashed with them."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)

    def __bool__(self) -> bool:
        """Return whether there is a key at all."""
        return bool(self._keys)

    def hashes(self, one: Id) -> list[str]:
        """Return what an id may be stored as, the current key's first: `2026:` and an HMAC-SHA256 (RFC 2104), hex.

        Raises `SettingsError` where there is no key.
        """
        if not self._keys:
            raise SettingsError(NO_PERSON_KEYS)
        said = f"{one.kind}\0{one.value.strip().casefold()}".encode()
        return [f"{name}:{hmac.new(key, said, hashlib.sha256).hexdigest()}" for name, key in self._keys.items()]

    def hidden(self, one: Id) -> Id:
        """Return the id as it is stored now."""
        return Id(one.kind, self.hashes(one)[0]) if one.kind in HIDDEN else one

    def every(self, one: Id) -> list[Id]:
        """Return all forms an id may be stored in, the current one first."""
        return [Id(one.kind, value) for value in self.hashes(one)] if one.kind in HIDDEN else [one]

    def seal(self, said: bytes) -> bytes:
        """Return what was said so that only the keys open it."""
        return self._seals().encrypt(said)

    def unseal(self, sealed: bytes) -> bytes:
        """Return what was sealed under one of the keys; raises `SettingsError` where it was another."""
        try:
            return self._seals().decrypt(sealed)
        except InvalidToken as error:
            msg = "A notice was sealed under a key that SHELFTALKER_PERSON_KEYS no longer names: name it again."
            raise SettingsError(msg) from error

    def _seals(self) -> MultiFernet:
        if not self._keys:
            raise SettingsError(NO_PERSON_KEYS)
        made = [hashlib.sha256(b"sealed notices\n" + key).digest() for key in self._keys.values()]
        return MultiFernet([Fernet(urlsafe_b64encode(key)) for key in made])
