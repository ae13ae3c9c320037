"""AES as the chips of tags use it: chains of blocks, message codes, and a key of its own for each tag."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.cmac import CMAC

BLOCK = 16
ZERO = bytes(BLOCK)
_REDUCED = 0x87


def encrypt(key: bytes, plain: bytes, start: bytes = ZERO) -> bytes:
    """Return whole blocks encrypted in a chain that begins with `start` (CBC)."""
    return Cipher(algorithms.AES(key), modes.CBC(start)).encryptor().update(plain)


def decrypt(key: bytes, secret: bytes, start: bytes = ZERO) -> bytes:
    """Return whole blocks decrypted in a chain that began with `start` (CBC)."""
    return Cipher(algorithms.AES(key), modes.CBC(start)).decryptor().update(secret)


def cmac(key: bytes, message: bytes) -> bytes:
    """Return the 16 bytes of AES-CMAC (NIST SP 800-38B)."""
    code = CMAC(algorithms.AES(key))
    code.update(message)
    return code.finalize()


def short_mac(key: bytes, message: bytes) -> bytes:
    """Return every second byte of the code: the eight that NTAG 424 DNA sends (data sheet, 9.1.3)."""
    return cmac(key, message)[1::2]


def padded(message: bytes) -> bytes:
    """Return whole blocks: the message, a bit, zeros (ISO/IEC 9797-1, method 2)."""
    return message + b"\x80" + bytes(-(len(message) + 1) % BLOCK)


def diversified(master: bytes, who: bytes) -> bytes:
    """Return a tag's own key (NXP AN10922, 2.2) from 1 to 31 bytes that name it.

    The code is taken over two blocks however short the name is: where padding fills up, with the second subkey.
    """
    text = b"\x01" + who
    whole = len(text) == 2 * BLOCK
    subkey = _doubled(encrypt(master, ZERO))
    text, subkey = (text, subkey) if whole else ((text + b"\x80").ljust(2 * BLOCK, b"\0"), _doubled(subkey))
    last = bytes(a ^ b for a, b in zip(text[BLOCK:], subkey, strict=True))
    return encrypt(master, text[:BLOCK] + last)[BLOCK:]


def _doubled(block: bytes) -> bytes:
    number = int.from_bytes(block, "big") << 1
    return (number ^ _REDUCED if number >> 128 else number).to_bytes(BLOCK + 1, "big")[1:]
