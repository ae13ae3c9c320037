"""The link of a tag that signs, with room for what its chip mirrors, and the settings that make it do so. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from hardware.writing.outcome import message_of

WHO, CODE = "picc_data=", "&cmac="
WHO_DIGITS, CODE_DIGITS = 32, 16
OF_FACTORY = bytes.fromhex("00E0EE")
SIGNS = bytes.fromhex("4000E0C1F112")
"""Mirrors UID and count in ASCII; everybody reads, key 0 writes and changes; key 1 says who, key 2 signs."""


@dataclass(frozen=True, slots=True)
class Template:
    """A link with room for what the chip mirrors; `who` and `code` are where in the NDEF file that goes."""

    link: str
    message: bytes
    who: int
    code: int

    @classmethod
    def of(cls, uri: str) -> Template:
        """Return the template of an address; raises `BadLink`."""
        link = f"{uri}{'&' if '?' in uri else '?'}{WHO}"
        whole = f"{link}{'0' * WHO_DIGITS}{CODE}{'0' * CODE_DIGITS}"
        message = message_of(whole)
        end = 2 + len(message)
        code = end - CODE_DIGITS
        return cls(link, message, code - len(CODE) - WHO_DIGITS, code)

    @property
    def settings(self) -> bytes:
        """Return the settings of the file that make the chip sign from where it says who it is."""
        return SIGNS + b"".join(at.to_bytes(3, "little") for at in (self.who, self.who, self.code))
