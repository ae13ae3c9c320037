"""Which kind of memory a tag has."""

from __future__ import annotations

from hardware import type2
from hardware.writing.keys import MasterSecret
from hardware.writing.layout import LAYOUTS
from hardware.writing.memory import Memory
from hardware.writing.ndef_file import NdefFile
from hardware.writing.ntag import GET_VERSION, NtagMemory
from hardware.writing.outcome import Stopped, WriteOutcome
from hardware.writing.selected import SelectedTag


def identify(tag: SelectedTag, secret: MasterSecret | None) -> Memory:
    """Return the memory of a tag that was just selected; raises `Stopped` for a chip that we cannot write."""
    if tag.target.sak is not None and tag.target.sak & 0x20:
        return NdefFile(tag)
    layout = LAYOUTS.get(type2.chip_of(tag.ask(bytes([GET_VERSION])))) if tag.target.sak == 0 else None
    if layout is None:
        raise Stopped(WriteOutcome.UNKNOWN_CHIP)
    return NtagMemory(tag, layout, secret.password_of(tag.target.uid) if secret else None)
