"""The virtual tags that can be played and measured, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hardware.virtual import (
    HOSTILE,
    VirtualTag,
    bank_card,
    blank,
    blank_ntag424,
    felica,
    malformed,
    not_ndef,
    ntag213,
    ntag215,
    ntag216,
    ntag424,
    phone,
    transit_card,
    type4,
)

Luck = Callable[[int], bytes]


def tags(uid: str, uri: str, luck: Luck) -> Mapping[str, Callable[[], VirtualTag]]:
    """Return what makes each kind of tag, with UID and URI where the kind has them; `luck(n)` gives n bytes."""
    kinds: dict[str, Callable[[], VirtualTag]] = {
        "ntag213": lambda: ntag213(uid, uri),
        "ntag215": lambda: ntag215(uid, uri),
        "ntag216": lambda: ntag216(uid, uri),
        "blank213": lambda: blank(uid),
        "blank215": lambda: blank(uid, "NTAG215"),
        "blank216": lambda: blank(uid, "NTAG216"),
        "ntag424": lambda: ntag424(uid, f"{uri}?picc_data={{picc}}&cmac={{mac}}", luck=luck),
        "blank424": lambda: blank_ntag424(uid),
        "type4": lambda: type4(uid, uri),
        "felica": lambda: felica("01FE" + uid[:12], uri),
        "malformed": lambda: malformed(uid),
        "not-ndef": lambda: not_ndef(uid),
        "bank-card": bank_card,
        "transit-card": transit_card,
        "phone": lambda: phone(luck),
    }
    hostile = {name.lower().replace(" ", "-"): lambda make=make: make(uid) for name, make in HOSTILE.items()}
    return kinds | hostile
