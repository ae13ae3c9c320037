"""Tags and readers without hardware: real tag memory, presented over nfcpy's simulated radio."""

from hardware.virtual.field import VirtualField
from hardware.virtual.tags import (
    VirtualTag,
    bank_card,
    blank,
    malformed,
    not_ndef,
    ntag213,
    ntag215,
    ntag216,
)

__all__ = [
    "VirtualField",
    "VirtualTag",
    "bank_card",
    "blank",
    "malformed",
    "not_ndef",
    "ntag213",
    "ntag215",
    "ntag216",
]
