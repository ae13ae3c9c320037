"""The door to cryptography, opened only where a virtual tag signs: kiosks go without it."""

from __future__ import annotations

ZERO = bytes(16)


class NoCipher(RuntimeError):
    """Raised when `cryptography` is not installed; the message says how to get it."""


def cbc(key: bytes, plain: bytes) -> bytes:
    """Return whole blocks encrypted with AES-CBC from a vector of zeros; of one block that is AES itself."""
    try:
        from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes  # noqa: PLC0415 - kiosks lack it
    except ImportError as missing:
        raise NoCipher(NO_CIPHER) from missing
    encryptor = Cipher(algorithms.AES(key), modes.CBC(ZERO)).encryptor()
    return encryptor.update(plain) + encryptor.finalize()


def cmac(key: bytes, message: bytes) -> bytes:
    """Return the AES-CMAC of a message (RFC 4493)."""
    try:
        from cryptography.hazmat.primitives.ciphers import algorithms  # noqa: PLC0415 - kiosks lack it
        from cryptography.hazmat.primitives.cmac import CMAC  # noqa: PLC0415
    except ImportError as missing:
        raise NoCipher(NO_CIPHER) from missing
    made = CMAC(algorithms.AES(key))
    made.update(message)
    return made.finalize()


NO_CIPHER = "A virtual tag that signs needs the package cryptography; shelftalker[server] brings it."
