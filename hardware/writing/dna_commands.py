"""What is asked of an NTAG 424 DNA in its own words, and by whom need not be proven (NXP NT4H2421Gx, 10)."""

from __future__ import annotations

from hardware.ev2 import FILE_SETTINGS, KEY_VERSION
from hardware.type4 import IsoDep
from hardware.writing.selected import TagRefused

DONE, MORE = b"\x91\x00", b"\x91\xaf"
GET_VERSION = bytes.fromhex("9060000000")
NXP_NTAG, NTAG_424 = b"\x04\x04", b"\x30"
"""Maker and type, and the major version, in the first part of its answer (data sheet, 10.5.2)."""
NDEF_NUMBER = 2


def is_ntag424(card: IsoDep) -> bool:
    """Return whether a chip names itself so; its ATS would say it too, but PC/SC keeps that to itself."""
    told = card.transmit(GET_VERSION)
    return told[-2:] == MORE and told[:2] == NXP_NTAG and told[3:4] == NTAG_424


def key_version(card: IsoDep, number: int) -> int:
    """Return the version of a key; raises `TagRefused`."""
    told = asked(card, KEY_VERSION, bytes([number]))
    return told[0] if told else 0


def file_settings(card: IsoDep) -> bytes:
    """Return what holds of the NDEF file, as ChangeFileSettings takes it; raises `TagRefused`."""
    told = asked(card, FILE_SETTINGS, bytes([NDEF_NUMBER]))
    return told[1:4] + told[7:]


def asked(card: IsoDep, command: int, body: bytes, *, wanted: bytes = DONE) -> bytes:
    """Return the answer to a command; raises `TagRefused` where its status is not the one wanted."""
    answer = card.transmit(bytes([0x90, command, 0, 0, len(body)]) + body + b"\0")
    if answer[-2:] != wanted:
        msg = f"status {answer[-2:].hex()}"
        raise TagRefused(msg)
    return answer[:-2]
