"""A tag that signs, as NXP's notes say it does: the other side of what the server reads."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from server.tags.sun import diversified
from server.tags.sun.blocks import encrypt
from server.tags.sun.lrp import Primitive, digits
from server.tags.sun.sessions import AesSession, LrpSession

MASTER = bytes(range(1, 17))


@dataclass
class SigningTag:
    """Each `uri` is one more read. `lrp` signs by LRP; `plain` mirrors in the open; `content` is encrypted."""

    uid: bytes = bytes.fromhex("04AABBCCDDEE80")
    master: bytes = MASTER
    counter: int = 0
    lrp: bool = False
    plain: bool = False
    content: bytes = b""
    before: str = "https://id.example/01/02000000000015?"

    def uri(self) -> str:
        """Return what a reader finds now."""
        self.counter += 1
        count = self.counter.to_bytes(3, "little")
        session = (LrpSession if self.lrp else AesSession)(diversified(self.master, self.uid), self.uid, count)
        text = self.before + self._who(count)
        signed = ""
        if self.content:
            signed = f"{self._hide(session, count).hex().upper()}&cmac="
            text += "&enc=" + signed
        else:
            text += "&cmac="
        return text + session.code(signed.encode()).hex().upper()

    def _who(self, count: bytes) -> str:
        if self.plain:
            return f"uid={self.uid.hex().upper()}&ctr={self.counter:06X}"
        told = (b"\xc7" + self.uid + count).ljust(16, b"\x5a")
        if self.lrp:
            start = bytes(range(8))
            return f"picc_data={(start + lrp_encrypt(Primitive(self.master), told, start)).hex().upper()}"
        return f"picc_data={chained(self.master, told, bytes(16)).hex().upper()}"

    def _hide(self, session: AesSession | LrpSession, count: bytes) -> bytes:
        if isinstance(session, LrpSession):
            return lrp_encrypt(Primitive(session.key, 1), self.content, count.ljust(6, b"\0"))
        key = session._content_key
        return chained(key, self.content, encrypt(key, count.ljust(16, b"\0")))


def chained(key: bytes, text: bytes, start: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.CBC(start)).encryptor().update(text)


def lrp_encrypt(primitive: Primitive, text: bytes, counter: bytes) -> bytes:
    first, size = int.from_bytes(counter, "big"), len(counter)
    blocks = [text[place : place + 16] for place in range(0, len(text), 16)]
    return b"".join(
        encrypt(primitive.evaluate(digits((first + number).to_bytes(size, "big"))), block)
        for number, block in enumerate(blocks)
    )
