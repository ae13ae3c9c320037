"""The leakage-resilient primitive with four bits a step, as a chip computes it (NXP AN12304)."""

from __future__ import annotations

from hardware.aes import ZERO, encrypt

HIGH, LOW = b"\xaa" * 16, b"\x55" * 16


class Lrp:
    """LRP under one key, with the first of its updated keys."""

    def __init__(self, key: bytes) -> None:
        self._start = encrypt(encrypt(key, HIGH), HIGH)
        self._texts, rung = [], encrypt(key, LOW)
        for _ in range(16):
            self._texts.append(encrypt(rung, HIGH))
            rung = encrypt(rung, LOW)

    def evaluate(self, steps: bytes) -> bytes:
        """Return the block to which the half bytes of `steps` lead, the higher half first."""
        block = self._start
        for step in steps.hex():
            block = encrypt(block, self._texts[int(step, 16)])
        return encrypt(block, ZERO)

    def mac(self, message: bytes) -> bytes:
        """Return the 16 bytes of a CMAC with this primitive in the place of AES (2.5)."""
        mask = _doubled(self.evaluate(ZERO))
        pieces = [message[at : at + 16] for at in range(0, len(message), 16)] or [b""]
        if len(pieces[-1]) < 16:
            mask, pieces[-1] = _doubled(mask), (pieces[-1] + b"\x80").ljust(16, b"\x00")
        pieces[-1] = _mixed(pieces[-1], mask)
        code = ZERO
        for piece in pieces:
            code = self.evaluate(_mixed(code, piece))
        return code

    def encrypt(self, block: bytes, counter: bytes) -> bytes:
        """Return one block encrypted at this counter (LRICB, 2.4)."""
        return encrypt(self.evaluate(counter), block)


def _mixed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def _doubled(block: bytes) -> bytes:
    number = int.from_bytes(block, "big") << 1
    return (number ^ 0x87 if number >> 128 else number).to_bytes(17, "big")[1:]
