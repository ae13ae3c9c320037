"""Keys and passwords of its own for each tag, derived from a chain's secrets (RFC 5869; NXP AN10922)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hardware import aes
from hardware.words import gettext as _

PURPOSE = b"shelftalker NTAG21x password 1"
SHORTEST = 16


class BadSecret(ValueError):
    """Raised when a master secret cannot be used; the message says why, and never what it is."""


@dataclass(frozen=True, slots=True)
class TagPassword:
    """A tag's password (4 bytes) and the acknowledge (2 bytes) by which the tag proves it knows it too."""

    password: bytes = field(repr=False)
    pack: bytes = field(repr=False)


class MasterSecret:
    """The chain's secret, from which every tag's password comes. It is never shown."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < SHORTEST or len(set(secret)) < 4:
            msg = _("The secret is too weak: it needs 16 random bytes or more (openssl rand -hex 32).")
            raise BadSecret(msg)
        self._secret = secret

    def password_of(self, uid: bytes) -> TagPassword:
        """Return the password of the tag with this UID."""
        derived = HKDF(SHA256(), length=6, salt=None, info=PURPOSE + uid).derive(self._secret)
        return TagPassword(derived[:4], derived[4:])


@dataclass(frozen=True, slots=True)
class SigningKeys:
    """What a chain's NTAG 424 DNA tags sign with: three keys of 16 bytes, none of them the factory's.

    `admin` gives each tag the key that may change it, `identity` is the key all tags share to say who they are,
    `signing` gives each tag the one it signs with; the last two are what the server is told (`tag-keys add`).
    """

    admin: bytes = field(repr=False)
    identity: bytes = field(repr=False)
    signing: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Raise `BadSecret` for keys that cannot be used."""
        keys = (self.admin, self.identity, self.signing)
        if any(len(key) != aes.BLOCK or len(set(key)) < 4 for key in keys) or len(set(keys)) < len(keys):
            msg = _("Signing needs three keys of 16 random bytes, each another (openssl rand -hex 16).")
            raise BadSecret(msg)

    def of_tag(self, uid: bytes) -> list[bytes]:
        """Return the five keys of a tag, by number; 3 and 4 are of no use, and no longer the factory's."""
        own = [aes.diversified(self.admin, uid + bytes([number])) for number in range(5)]
        return [own[0], self.identity, aes.diversified(self.signing, uid), *own[3:]]


def read_signing_keys(path: Path) -> SigningKeys:
    """Return the keys a file holds, a line each: admin, identity, signing; raises `BadSecret`."""
    lines = _private_text(path).split()
    try:
        keys = [bytes.fromhex(line) for line in lines]
    except ValueError as error:
        msg = _("The keys in %(file)s are not in hexadecimal digits: openssl rand -hex 16 >> %(file)s")
        raise BadSecret(msg % {"file": path}) from error
    if len(keys) != 3:
        msg = _("%(file)s must hold three keys, a line each: to change tags, to say who they are, to sign.")
        raise BadSecret(msg % {"file": path})
    return SigningKeys(*keys)


def read_secret(path: Path) -> MasterSecret:
    """Return the secret a file holds in hexadecimal digits; raises `BadSecret`, also where others may read it."""
    try:
        return MasterSecret(bytes.fromhex(_private_text(path)))
    except ValueError as error:
        if isinstance(error, BadSecret):
            raise
        msg = _("The secret in %(file)s is not in hexadecimal digits: openssl rand -hex 32 > %(file)s") % {
            "file": path
        }
        raise BadSecret(msg) from error


def _private_text(path: Path) -> str:
    try:
        if path.stat().st_mode & 0o077:
            msg = _("Others may read the secret in %(file)s: chmod 600 %(file)s") % {"file": path}
            raise BadSecret(msg)
        return path.read_text("ascii", "replace")
    except OSError as error:
        msg = _("The secret cannot be read from %(file)s: %(why)s.") % {"file": path, "why": error.strerror}
        raise BadSecret(msg) from error
