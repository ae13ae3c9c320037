"""The leakage-resilient primitive: AES made of many small keys, so that measuring a chip tells little.

Source: NXP AN12304 1.1, Leakage Resilient Primitive (LRP) Specification, with 4 bits a step.
"""

from __future__ import annotations

from collections.abc import Sequence

from server.tags.sun.blocks import BLOCK, decrypt, doubled, encrypt, exclusive_or, padded

_ZERO, _FIVES, _AS = b"\0" * BLOCK, b"\x55" * BLOCK, b"\xaa" * BLOCK


def _ladder(key: bytes, count: int) -> list[bytes]:
    texts = []
    for _ in range(count):
        texts.append(encrypt(key, _AS))
        key = encrypt(key, _FIVES)
    return texts


def digits(message: bytes) -> list[int]:
    """Return a message as digits of 4 bits, the higher first."""
    return [digit for byte in message for digit in (byte >> 4, byte & 15)]


class Primitive:
    """LRP under one key; `number` says which of its updated keys is used (0 for codes, 1 for content)."""

    def __init__(self, key: bytes, number: int = 0) -> None:
        self._texts = _ladder(encrypt(key, _FIVES), 16)
        self._key = _ladder(encrypt(key, _AS), number + 1)[number]

    def evaluate(self, steps: Sequence[int], *, last: bool = True) -> bytes:
        """Return the block that `steps` (digits of 4 bits) lead to; `last` takes one more step to end there."""
        block = self._key
        for step in steps:
            block = encrypt(block, self._texts[step])
        return encrypt(block, _ZERO) if last else block

    def cmac(self, message: bytes) -> bytes:
        """Return the 16 bytes of CMAC with this primitive in the place of AES (AN12304, 2.5)."""
        once = doubled(self.evaluate(digits(_ZERO)))
        cut = max(0, (len(message) - 1) // BLOCK * BLOCK)
        rest = message[cut:]
        end = exclusive_or(rest, once) if len(rest) == BLOCK else exclusive_or(padded(rest), doubled(once))
        block = _ZERO
        for place in range(0, cut, BLOCK):
            block = self.evaluate(digits(exclusive_or(block, message[place : place + BLOCK])))
        return self.evaluate(digits(exclusive_or(block, end)))

    def decrypt(self, secret: bytes, counter: bytes) -> bytes:
        """Return whole blocks that were encrypted while `counter` went up by one for each (LRICB, 2.4)."""
        plain, number = b"", int.from_bytes(counter, "big")
        for place in range(0, len(secret), BLOCK):
            steps = digits(number.to_bytes(len(counter), "big"))
            plain += decrypt(self.evaluate(steps), secret[place : place + BLOCK])
            number = (number + 1) % (1 << 8 * len(counter))
        return plain
