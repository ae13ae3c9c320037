"""Sessions whose right answer is obvious: boots lead to socks, tents to mats."""

from __future__ import annotations

from recommender.sessions import Sessions

IDS = ("boots", "socks", "wax", "tent", "mat", "lamp", "new-tent")
TEXTS = ("leather boots", "wool socks", "leather wax", "light tent", "foam mat", "lamp", "light tent two")
DAY = 86_400.0


def sessions() -> Sessions:
    """Twelve sessions of boots → socks, eight of tent → mat, one stray."""
    taps = []
    for number in range(12):
        taps += [(f"b{number}", "boots", number * DAY), (f"b{number}", "socks", number * DAY + 60)]
    for number in range(8):
        taps += [(f"t{number}", "tent", number * DAY), (f"t{number}", "mat", number * DAY + 60)]
    taps += [("s", "lamp", 0.0), ("s", "wax", 30.0), ("s", "gone from the shop", 40.0)]
    return Sessions.from_taps(taps, IDS)
