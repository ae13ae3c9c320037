"""The writes that lock an NTAG21x for ever, guard it with a password, lift that guard, or let it count. Pure."""

from __future__ import annotations

from enum import StrEnum

from hardware.writing.keys import TagPassword
from hardware.writing.layout import CAPABILITIES, CONFIG_LOCKED, COUNTING, STATIC_LOCKS, Layout
from hardware.writing.step import Step

NOBODY = 0xFF
"""AUTH0 beyond the last page: no page asks for the password."""

MOST_GUESSES = 7
"""AUTHLIM: wrong passwords in a row before the chip takes none any more. It counts at most to seven."""


class Seal(StrEnum):
    """What keeps a tag's content from being changed."""

    OPEN = "open"
    LOCKED = "locked"
    PROTECTED = "protected"


def lock_steps(layout: Layout, first: bytes, tail: bytes) -> list[Step]:
    """Return what locks all pages for ever: container read-only, dynamic locks, configuration, static locks.

    `first` is the chip's first 16 bytes, `tail` the 12 bytes from its dynamic locks on. What is locked already is
    left out. The configuration is locked too, so that nobody can put a password of theirs in front of a tag that
    everyone shall read. The static locks come last, for they lock the container.
    """
    wanted = [
        (first[12:16], Step(CAPABILITIES, first[12:15] + bytes([first[15] | 0x0F]))),
        (tail[:3], Step(layout.dynamic_locks, layout.all_locked)),
        (tail[8:12], Step(layout.access, bytes([tail[8] | CONFIG_LOCKED]) + tail[9:12])),
        (b"\x00\x00" + first[10:12], Step(STATIC_LOCKS, b"\x00\x00\xff\xff")),
    ]
    return [step for now, step in wanted if now != step.content[: len(now)]]


def protect_steps(layout: Layout, config: bytes, password: TagPassword) -> list[Step]:
    """Return what lets only who knows the password write, from the first page on; everybody may read.

    AUTH0 comes last: until then the tag is as open as it was.
    """
    return [
        Step(layout.password, password.password),
        Step(layout.pack, password.pack + b"\x00\x00"),
        Step(layout.access, bytes([(config[4] & 0x78) | MOST_GUESSES]) + config[5:8]),
        Step(layout.config, config[:3] + b"\x00"),
    ]


def open_steps(layout: Layout, config: bytes) -> list[Step]:
    """Return what lifts the password again and leaves the chip as the factory sent it."""
    return [
        Step(layout.config, config[:3] + bytes([NOBODY])),
        Step(layout.access, bytes([config[4] & 0x78]) + config[5:8]),
        Step(layout.password, b"\xff\xff\xff\xff"),
        Step(layout.pack, bytes(4)),
    ]


def count_steps(layout: Layout, config: bytes) -> list[Step]:
    """Return what lets the chip count how often it is read."""
    return [] if config[4] & COUNTING else [Step(layout.access, bytes([config[4] | COUNTING]) + config[5:8])]
