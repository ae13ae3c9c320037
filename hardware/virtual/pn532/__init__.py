"""A PN532 on a pseudo-terminal: the chip's host interface byte for byte, over virtual tags."""

from hardware.virtual.pn532.reader import VirtualPn532

__all__ = ["VirtualPn532"]
