"""Master keys sealed with a key from the environment: AES-GCM, so that a changed or moved seal does not open."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from server.errors import Invalid, SettingsError
from server.tags.sun.keys import NOTHING, diversified, shared_slot, slot_of_tag
from server.tags.sun.verify import SunKeys

NONCE = 12
FILE_SLOT = 2
"""The slot of sdm-backend's scheme whose key signs."""


class Scheme(StrEnum):
    """How a tag's own key comes from the master key."""

    AN10922 = "an10922"
    SDM_BACKEND = "sdm-backend"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Masters:
    """What a set of tags was personalised with: the key that says who a tag is, and the one its own comes from."""

    identity: bytes
    signing: bytes
    scheme: Scheme = Scheme.AN10922
    lrp: bool = False

    def __post_init__(self) -> None:
        """Raise `Invalid` for keys that are not 16 bytes, or are those a tag leaves the factory with."""
        if {len(self.identity), len(self.signing)} != {16}:
            msg = "A key of a tag has 16 bytes: 32 hex digits."
            raise Invalid(msg)
        if NOTHING in {self.identity, self.signing}:
            msg = "A key of all zeros is the factory's, which everybody has. Make one: openssl rand -hex 16"
            raise Invalid(msg)

    def keys(self) -> SunKeys:
        """Return what messages of these tags are verified with."""
        if self.scheme is Scheme.SDM_BACKEND:
            return SunKeys(
                shared_slot(self.identity), lambda uid: slot_of_tag(self.signing, uid, FILE_SLOT), self.lrp
            )
        if self.scheme is Scheme.SAME:
            return SunKeys(self.identity, lambda _uid: self.signing, self.lrp)
        return SunKeys(self.identity, lambda uid: diversified(self.signing, uid), self.lrp)


def seal(masters: Masters, key: bytes, *, label: str, nonce: bytes) -> bytes:
    """Return the keys sealed for `label` (a set and its version), which opens them again."""
    plain = masters.identity + masters.signing + bytes([masters.lrp]) + masters.scheme.encode()
    return nonce + AESGCM(key).encrypt(nonce, plain, label.encode())


def unseal(sealed: bytes, key: bytes, *, label: str) -> Masters:
    """Return the sealed keys; raises `SettingsError` where `key` is not the one they were sealed with."""
    try:
        plain = AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], label.encode())
    except InvalidTag as error:
        msg = f"SHELFTALKER_TAG_SEAL does not open the keys {label}: it is not the one they were sealed with."
        raise SettingsError(msg) from error
    return Masters(plain[:16], plain[16:32], Scheme(plain[33:].decode()), bool(plain[32]))
