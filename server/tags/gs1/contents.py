"""What the component of a value may hold beyond its characters: check digits, dates, codes.

Source: GS1 General Specifications 25, sections 3 and 7. Each rule says yes or no, and has words for its no.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass

from server.catalogue.rules import check_digit
from server.tags.gs1.codes import COUNTRIES, COUNTRIES_BY_LETTERS, CURRENCIES
from server.tags.gs1.coupons import is_coupon, is_offer

_EIGHTY_TWO = "!\"%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_THIRTY_TWO = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PRIMES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83)
_ENTRY = {character: number for number, character in enumerate(_EIGHTY_TWO)}


@dataclass(frozen=True, slots=True)
class Rule:
    """A test of one component, and what it demands, in words that follow the AI."""

    holds: Callable[[str], bool]
    demand: str


def check_pair(characters: str) -> str:
    """Return the two check characters of a model number (General Specifications, 7.9.5: modulo 1021, 32)."""
    weighted = zip(_PRIMES, reversed(characters), strict=False)
    total = sum(prime * _ENTRY[character] for prime, character in weighted) % 1021
    return _THIRTY_TWO[total >> 5] + _THIRTY_TWO[total & 31]


def _pair(value: str) -> bool:
    return len(value) > 2 and value[-2:] == check_pair(value[:-2])


def _day(year: int, month: int, day: int) -> bool:
    return 1 <= month <= 12 and day <= monthrange(year, month)[1]


def _date(value: str, *, least: int) -> bool:
    """YYMMDD; every fourth year of two digits is a leap year, 2000 too."""
    day = int(value[4:])
    return day >= least and _day(2000 + int(value[:2]), int(value[2:4]), day)


def _long_date(value: str) -> bool:
    year, day = int(value[:4]), int(value[6:])
    return year > 0 and day > 0 and _day(year, int(value[4:6]), day)


def _iban(value: str) -> bool:
    if not re.fullmatch(r"[A-Z]{2}[0-9]{2}[0-9A-Z]+", value) or value[:2] not in COUNTRIES_BY_LETTERS:
        return False
    digits = "".join(str(int(character, 36)) for character in value[4:] + value[:4])
    return int(digits) % 97 == 1


RULES = {
    "check": Rule(lambda v: check_digit(v[:-1]) == int(v[-1]), "has a wrong check digit"),
    "pair": Rule(_pair, "has wrong check characters"),
    "company": Rule(lambda v: len(v) > 3 and v[:4].isdigit(), "must begin with a company's four digits or more"),
    "company1": Rule(lambda v: v[1:5].isdigit(), "must hold a company's digits from the second on"),
    "letter": Rule(lambda v: not v.isdigit(), "must hold more than digits"),
    "date": Rule(lambda v: _date(v, least=1), "is no date (YYMMDD)"),
    "date0": Rule(lambda v: _date(v, least=0), "is no date (YYMMDD; 00 for no day)"),
    "day": Rule(_long_date, "is no date (YYYYMMDD)"),
    "hour": Rule(lambda v: v < "24", "is no hour"),
    "minute": Rule(lambda v: v[:2] < "24" and v[2:] < "60", "is no time of day (HHMM)"),
    "sixty": Rule(lambda v: v < "60", "is no minute or second"),
    "currency": Rule(CURRENCIES.__contains__, "is no currency (ISO 4217, in digits)"),
    "country": Rule(COUNTRIES.__contains__, "is no country (ISO 3166, in digits)"),
    "country999": Rule(lambda v: v == "999" or v in COUNTRIES, "is no country (ISO 3166, in digits), nor 999"),
    "country2": Rule(COUNTRIES_BY_LETTERS.__contains__, "is no country (ISO 3166, two letters)"),
    "escapes": Rule(lambda v: not re.search(r"%(?![0-9A-Fa-f]{2})", v), "holds a % without two hex digits"),
    "latitude": Rule(lambda v: v <= "1800000000", "is no latitude"),
    "longitude": Rule(lambda v: v <= "3600000000", "is no longitude"),
    "yesno": Rule(lambda v: v in "01", "must be 0 or 1"),
    "minus": Rule(lambda v: v == "-", "may end with a minus sign only"),
    "importer": Rule(lambda v: bool(re.fullmatch(r"[-0-9A-Z_a-z]", v)), "is no importer's index"),
    "medium": Rule(lambda v: "01" <= v <= "10" or v >= "80", "is no kind of medium"),
    "sex": Rule(lambda v: v in "0129", "is no code of ISO 5218"),
    "place": Rule(lambda v: bool(re.fullmatch(r"[1-9]/[1-9]", v)) and v[0] <= v[2], "is no place in a sequence"),
    "piece": Rule(lambda v: "00" < v[:2] <= v[2:], "is no piece of a total"),
    "some": Rule(lambda v: bool(v.strip("0")), "must not be zero"),
    "zero": Rule(lambda v: v == "0", "must begin with 0"),
    "unpadded": Rule(lambda v: v == "0" or v[0] != "0", "must not begin with 0"),
    "winding": Rule(lambda v: v in "019", "is no direction of winding"),
    "iban": Rule(_iban, "is no account number (IBAN)"),
    "coupon": Rule(lambda v: is_coupon(v, lambda date: _date(date, least=1)), "is no coupon's number"),
    "offer": Rule(is_offer, "is no number of a coupon in an offer file"),
    "base64": Rule(lambda v: "=" not in v.rstrip("=") and len(v) - len(v.rstrip("=")) < 3, "is no base64"),
}
