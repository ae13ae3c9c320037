"""A reader that a test plays by hand: it selects a tag as ISO/IEC 14443-3 says, and talks to it."""

from __future__ import annotations

from hardware.virtual import Field, VirtualTag


def select(tag: VirtualTag | Field) -> bytes:
    """Select what answers, level by level, and return its UID."""
    ask = tag.answer if not isinstance(tag, Field) else lambda frame: tag.answer("106A", frame)
    assert ask(b"\x26")
    uid = b""
    for level in (0x93, 0x95, 0x97):
        part = ask(bytes([level, 0x20]))
        assert part
        sak = ask(bytes([level, 0x70]) + part)
        assert sak
        if not sak[0] & 0x04:
            return uid + part[:4]
        uid += part[1:4]
    raise AssertionError


def again(tag: VirtualTag) -> None:
    """Switch the field off and on and select the tag."""
    tag.power_up()
    select(tag)
