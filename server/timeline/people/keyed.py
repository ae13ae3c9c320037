"""Ids that name a person outright, kept as keyed hashes only: without the key nobody can try them out.

An older key leaves with a hash made over the hash it made: `2027.2026:…` is what the key 2027 makes of `2026:…`.
So what the older key made is rewritten without the cards being there, and who got hold of that key alone can try
out nothing. It still has to be named, behind the new one, to recognise a card that is tapped.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from itertools import combinations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from server.errors import SettingsError
from server.settings import NO_PERSON_KEYS
from server.timeline.people.models import Id, IdKind

HIDDEN = frozenset({IdKind.CARD, IdKind.EMAIL})
"""Kinds whose ids are never stored as they are."""

OF_HASH = IdKind.CARD
"""Whatever a hash was made of, a newer key makes its own of it as of a card's: the hash does not say."""


class PersonKeys:
    """The keys, the current one first; older ones still recognise what was hashed with them."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        self._keys = dict(keys)

    def __bool__(self) -> bool:
        """Return whether there is a key at all."""
        return bool(self._keys)

    @property
    def current(self) -> str:
        """Return the name of the current key; raises `SettingsError` where there is none."""
        if not self._keys:
            raise SettingsError(NO_PERSON_KEYS)
        return next(iter(self._keys))

    def hashes(self, one: Id) -> list[str]:
        """Return what each key makes of an id, the current one's first: `2026:`, an HMAC-SHA256 (RFC 2104) in hex.

        After them what newer keys make of those: receipts hold such once a key took over.

        Raises `SettingsError` where there is no key.
        """
        if not self._keys:
            raise SettingsError(NO_PERSON_KEYS)
        return [self._hash(one, chain) for chain in self._chains()]

    def _chains(self) -> list[tuple[str, ...]]:
        names = list(self._keys)
        return [chain for length in range(1, len(names) + 1) for chain in combinations(names, length)]

    def _hash(self, one: Id, chain: tuple[str, ...]) -> str:
        made = f"{chain[-1]}:{self._hashed(chain[-1], one)}"
        for name in reversed(chain[:-1]):
            made = self._over(name, Id(OF_HASH, made)).value
        return made

    def rehashed(self, said: str) -> str:
        """Return a hash as it is kept once the current key made it its own; the older one alone opens nothing."""
        if said.partition(":")[0].split(".")[0] == self.current:
            return said
        return self._over(self.current, Id(OF_HASH, said)).value

    def _hashed(self, name: str, one: Id) -> str:
        said = f"{one.kind}\0{one.value.strip().casefold()}".encode()
        return hmac.new(self._keys[name], said, hashlib.sha256).hexdigest()

    def hidden(self, one: Id) -> Id:
        """Return the id as it is stored where it is new."""
        return Id(one.kind, self.hashes(one)[0]) if one.kind in HIDDEN else one

    def every(self, one: Id) -> list[Id]:
        """Return all forms an id may be stored in: what each key made of it, and newer keys of that."""
        if one.kind not in HIDDEN:
            return [one]
        self.hashes(one)
        return [self._chained(one, chain) for chain in self._chains()]

    def _chained(self, one: Id, chain: tuple[str, ...]) -> Id:
        made = Id(one.kind, f"{chain[-1]}:{self._hashed(chain[-1], one)}")
        for name in reversed(chain[:-1]):
            made = self._over(name, made)
        return made

    def _over(self, name: str, stored: Id) -> Id:
        return Id(stored.kind, f"{name}.{stored.value.partition(':')[0]}:{self._hashed(name, stored)}")

    def rewritten(self, stored: Id) -> Id:
        """Return an id as it is stored once the current key has made it its own."""
        made_by = stored.value.partition(":")[0].split(".")
        if stored.kind not in HIDDEN or made_by[0] == self.current:
            return stored
        return self._over(self.current, stored)

    def later(self, stored: Id) -> list[Id]:
        """Return an id as it is stored, and as newer keys may have made it since an older backup."""
        if stored.kind not in HIDDEN:
            return [stored]
        names, last = list(self._keys), stored.value.partition(":")[0].split(".")[0]
        newer = names[: names.index(last)] if last in names else names
        found = [stored]
        for name in reversed(newer):
            found += [self._over(name, one) for one in found]
        return found

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
