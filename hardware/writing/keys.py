"""A password of its own for each tag, derived from one master secret (HKDF with SHA-256, RFC 5869)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

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


def read_secret(path: Path) -> MasterSecret:
    """Return the secret a file holds in hexadecimal digits; raises `BadSecret`, also where others may read it."""
    try:
        if path.stat().st_mode & 0o077:
            msg = _("Others may read the secret in %(file)s: chmod 600 %(file)s") % {"file": path}
            raise BadSecret(msg)
        return MasterSecret(bytes.fromhex(path.read_text("ascii")))
    except OSError as error:
        msg = _("The secret cannot be read from %(file)s: %(why)s.") % {"file": path, "why": error.strerror}
        raise BadSecret(msg) from error
    except ValueError as error:
        if isinstance(error, BadSecret):
            raise
        msg = _("The secret in %(file)s is not in hexadecimal digits: openssl rand -hex 32 > %(file)s") % {
            "file": path
        }
        raise BadSecret(msg) from error
