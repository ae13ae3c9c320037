"""AES and its message code on single blocks, as the other files here use them."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK = 16


def encrypt(key: bytes, plain: bytes) -> bytes:
    """Return whole blocks encrypted one by one (AES, ECB)."""
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305 - a block each, by the standards
    return encryptor.update(plain)


def decrypt(key: bytes, secret: bytes) -> bytes:
    """Return whole blocks decrypted one by one (AES, ECB)."""
    decryptor = Cipher(algorithms.AES(key), modes.ECB()).decryptor()  # noqa: S305 - a block each, by the standards
    return decryptor.update(secret)


def decrypt_chain(key: bytes, secret: bytes, start: bytes) -> bytes:
    """Return whole blocks decrypted in a chain that began with `start` (AES, CBC)."""
    return Cipher(algorithms.AES(key), modes.CBC(start)).decryptor().update(secret)


def cmac(key: bytes, message: bytes) -> bytes:
    """Return the 16 bytes of AES-CMAC (NIST SP 800-38B)."""
    code = CMAC(algorithms.AES(key))
    code.update(message)
    return code.finalize()


def exclusive_or(one: bytes, other: bytes) -> bytes:
    """Return two texts of one length, each bit by exclusive or."""
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def doubled(block: bytes) -> bytes:
    """Return a block times x in the field of CMAC (NIST SP 800-38B, 6.1)."""
    number = int.from_bytes(block, "big") << 1
    if number >> 128:
        number = (number & ((1 << 128) - 1)) ^ 0x87
    return number.to_bytes(BLOCK, "big")


def padded(message: bytes, size: int = BLOCK) -> bytes:
    """Return the message with the bit 1 and then zeros behind it, up to `size`."""
    return (message + b"\x80").ljust(size, b"\0")
