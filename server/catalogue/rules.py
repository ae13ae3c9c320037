"""GTINs and the category tree: pure decisions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import get_currency_precision

from server.errors import Invalid

BASES = {"g": ("kg", 1000), "kg": ("kg", 1), "ml": ("l", 1000), "cl": ("l", 100), "l": ("l", 1)} | {
    unit: (unit, 1) for unit in ("m", "m2", "piece")
}
"""For each unit of content: the unit a price is given for (98/6/EC, Article 2), and how many go into it."""


@dataclass(frozen=True, slots=True)
class ListPrice:
    """What a variant costs in a store from a moment on, before any promotion: in minor units.

    `member` is what members pay; no promotion takes the price below `floor`.
    """

    at: datetime
    minor: int
    member: int | None = None
    floor: int = 0
    gone: bool = False
    """True where from then on it has no price: a list ended, and nothing else names it."""


def price_at(steps: Sequence[ListPrice], at: datetime) -> ListPrice | None:
    """Return the step in force at a moment; None where there is no price then. `steps` are in order of time."""
    for step in reversed(steps):
        if step.at <= at:
            return None if step.gone else step
    return None


def unit_price(minor: int, content: Decimal, unit: str) -> tuple[int, str]:
    """Return the price for one base unit (kg, l, m, m2, piece), half up to the minor unit, and that base unit.

    It follows the price that is shown. Raises `Invalid` for a unit nothing is sold by.
    """
    if unit not in BASES or content <= 0:
        msg = f"{content} {unit} is no content: use more than zero of {', '.join(BASES)}."
        raise Invalid(msg)
    base, parts = BASES[unit]
    return int((minor * parts / content).quantize(Decimal(1), rounding=ROUND_HALF_UP)), base


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


def house_number(last: str | None) -> str:
    """Return the next number of the shop's own, as 14 digits: a GTIN-13 of the restricted prefix 20.

    For articles without a GTIN (GS1 General Specifications, 2.1.11): it means something in this chain only.
    `last` is the highest in use.
    """
    body = f"{(int(last[1:13]) if last else 20 * 10**10) + 1:012d}"
    if not body.startswith("20"):
        msg = "All numbers of the shop's own are used up; give articles their maker's GTIN."
        raise Invalid(msg)
    return f"0{body}{check_digit(body)}"


def minor_units(price: Decimal, currency: str) -> int:
    """Return a price in minor units; raises `Invalid` where it has more digits than its currency."""
    digits = get_currency_precision(currency)
    minor = price.scaleb(digits)
    if minor != minor.to_integral_value():
        msg = f"{price} has more digits than {currency}, which has {digits} after the point."
        raise Invalid(msg)
    return int(minor)


def major_units(minor: int, currency: str) -> Decimal:
    """Return an amount of minor units as a price is written."""
    return Decimal(minor).scaleb(-get_currency_precision(currency))


def ancestry(category_id: str, parents: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the category and all above it, nearest first; a cycle ends where it would repeat."""
    path: list[str] = []
    at: str | None = category_id
    while at is not None and at not in path:
        path.append(at)
        at = parents.get(at)
    return tuple(path)
