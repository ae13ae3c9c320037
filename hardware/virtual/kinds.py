"""Every kind of virtual tag by a name, for a command line, a demo, a test that wants them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hardware.virtual.foreign import bank_card, phone, transit_card
from hardware.virtual.hostile import HOSTILE
from hardware.virtual.made import blank, malformed, not_ndef, ntag213, ntag215, ntag216
from hardware.virtual.ntag424 import blank_ntag424, ntag424
from hardware.virtual.sun import Luck
from hardware.virtual.tag import VirtualTag
from hardware.virtual.type3 import felica
from hardware.virtual.type4 import type4

Maker = Callable[[str, str, Luck], VirtualTag]
"""Makes a tag of a UID in hexadecimal digits, a link, and luck: a function that gives n random bytes."""

KINDS: Mapping[str, Maker] = {
    "ntag213": lambda uid, link, _: ntag213(uid, link),
    "ntag215": lambda uid, link, _: ntag215(uid, link),
    "ntag216": lambda uid, link, _: ntag216(uid, link),
    "ntag424": lambda uid, link, luck: ntag424(uid, link, luck=luck),
    "type4": lambda uid, link, _: type4(uid, link),
    "type3": lambda uid, link, _: felica(f"012E{uid[-12:]:0>12}", link),
    "blank": lambda uid, *_: blank(uid),
    "blank424": lambda uid, _, luck: blank_ntag424(uid, luck=luck),
    "malformed": lambda uid, *_: malformed(uid),
    "not-ndef": lambda uid, *_: not_ndef(uid),
    "bank-card": lambda uid, *_: bank_card(uid),
    "transit-card": lambda *_: transit_card(),
    "phone": lambda _uid, _link, luck: phone(luck),
}


class UnknownKind(ValueError):
    """Raised when no virtual tag has this name; the message lists those there are."""


def tag_named(kind: str, uid: str, link: str, *, luck: Luck) -> VirtualTag:
    """Return a tag of this kind, a name in `KINDS` or `HOSTILE`; raises `UnknownKind`."""
    if kind in HOSTILE:
        return HOSTILE[kind](uid)
    if kind not in KINDS:
        msg = f"{kind!r} is no virtual tag: use {', '.join(KINDS)}, or a hostile one: {', '.join(HOSTILE)}"
        raise UnknownKind(msg)
    return KINDS[kind](uid, link, luck)
