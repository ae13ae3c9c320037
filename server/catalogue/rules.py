"""GTINs and the category tree: pure decisions."""

from __future__ import annotations

from collections.abc import Mapping

from server.errors import Invalid


def check_digit(digits: str) -> int:
    """Return the GS1 check digit of the digits before it (GS1 General Specifications, 7.9)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -total % 10


def gtin14(written: str) -> str:
    """Return a GTIN-8, -12, -13 or -14 as 14 digits; raises `Invalid` for a wrong length or check digit."""
    if not (written.isascii() and written.isdigit()) or len(written) not in {8, 12, 13, 14}:
        msg = f"{written!r} is no GTIN: it needs 8, 12, 13 or 14 digits."
        raise Invalid(msg)
    if check_digit(written[:-1]) != int(written[-1]):
        msg = f"{written} is no GTIN: its last digit should be {check_digit(written[:-1])}."
        raise Invalid(msg)
    return written.zfill(14)


def ancestry(category_id: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the category and all above it, nearest first; a cycle ends where it would repeat."""
    path: list[str] = []
    at: str | None = category_id
    while at is not None and at not in path:
        path.append(at)
        at = parents.get(at)
    return tuple(path)
