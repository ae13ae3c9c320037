"""What stands in a coupon's number: fields whose lengths the number tells itself. Pure.

Source: the North American Coupon Application Guideline Using GS1 DataBar Expanded (8110); GS1 General
Specifications 25, section 3, on 8112.
"""

from __future__ import annotations

from collections.abc import Callable

PREFIX, SERIAL, RETAILER, NO_PREFIX = 6, 6, 6, "9"
"""Digits that stand there whatever a length says, and the length that says: no company's prefix follows."""
FAMILY, OFFER, DATE = 3, 6, 6
NEEDS, RULES, SAVES, APPLIES = "012349", "0123", "01256", "012"
"""Codes of a purchase requirement, of how several add up, of what is saved, and of which item it is saved on."""

Day = Callable[[str], bool]


class NoCoupon(ValueError):
    """Raised inside this file where a field is missing or holds what it may not."""


class Fields:
    """Takes one field after another off a coupon's digits; every method raises `NoCoupon`."""

    def __init__(self, digits: str) -> None:
        if not (digits.isascii() and digits.isdecimal()):
            raise NoCoupon
        self._left = digits

    @property
    def next(self) -> str:
        """Return the next digit without taking it; '' at the end."""
        return self._left[:1]

    def take(self, count: int) -> str:
        """Return that many digits."""
        taken, self._left = self._left[:count], self._left[count:]
        if len(taken) < count:
            raise NoCoupon
        return taken

    def one_of(self, allowed: str) -> str:
        """Return a digit that must be among these."""
        digit = self.take(1)
        if digit not in allowed:
            raise NoCoupon
        return digit

    def sized(self, allowed: str, *, beside: int = 0) -> str:
        """Return a field after the digit that tells its length, beside which so many more digits stand."""
        return self.take(beside + int(self.one_of(allowed)))


def is_coupon(value: str, is_day: Day) -> bool:
    """Return whether a value is a North American coupon's number (8110); `is_day` judges dates of YYMMDD."""
    try:
        fields = Fields(value)
        fields.sized("0123456", beside=PREFIX)
        fields.take(OFFER)
        fields.sized("12345")
        _requirement(fields)
        _options(fields, is_day)
    except NoCoupon:
        return False
    return not fields.next


def is_offer(value: str) -> bool:
    """Return whether a value is a coupon's number in a positive offer file (8112)."""
    try:
        fields = Fields(value)
        fields.one_of("01")
        fields.sized("0123456", beside=PREFIX)
        fields.take(OFFER)
        fields.sized("0123456789", beside=SERIAL)
    except NoCoupon:
        return False
    return not fields.next


def _requirement(fields: Fields) -> None:
    fields.sized("12345")
    fields.one_of(NEEDS)
    fields.take(FAMILY)


def _another(fields: Fields) -> None:
    _requirement(fields)
    if fields.next == NO_PREFIX:
        fields.take(1)
    else:
        fields.sized("0123456", beside=PREFIX)


def _options(fields: Fields, is_day: Day) -> None:
    """Take the fields that may follow, each after its own digit and in the order of those."""
    dates = {}
    for kind in "1234569":
        if fields.next != kind:
            continue
        fields.take(1)
        if kind == "1":
            fields.one_of(RULES)
        if kind in "12":
            _another(fields)
        elif kind in "34":
            dates[kind] = _date(fields, is_day)
        elif kind == "5":
            fields.sized("0123456789", beside=SERIAL)
        elif kind == "6":
            fields.sized("1234567", beside=RETAILER)
        else:
            _several(fields)
    if dates.get("4", "") > dates.get("3", "999999"):
        raise NoCoupon


def _date(fields: Fields, is_day: Day) -> str:
    date = fields.take(DATE)
    if not is_day(date):
        raise NoCoupon
    return date


def _several(fields: Fields) -> None:
    fields.one_of(SAVES)
    fields.one_of(APPLIES)
    fields.take(1)
    fields.one_of("01")
