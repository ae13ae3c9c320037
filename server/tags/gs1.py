"""GS1 Digital Link: what a web address says of a product. Pure, strict, and it never opens the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from server.catalogue.rules import check_digit

LONGEST = 2048
QUALIFIERS = {"01": ("22", "10", "21")}
"""The order of qualifiers after a GTIN (GS1 Digital Link URI Syntax 1.6, section 4.9); 235 may stand for them."""

_CHARACTERS = re.compile(r"^[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]{1,90}$")
_LENGTHS = {"22": 20, "10": 20, "21": 20, "235": 28}


class NotDigitalLink(ValueError):
    """Raised when an address is no GS1 Digital Link of a GTIN; the message says why."""


@dataclass(frozen=True, slots=True)
class DigitalLink:
    """What the address says: GTIN-14, the qualifiers by application identifier, the other AIs of its query."""

    host: str
    gtin: str
    qualifiers: dict[str, str]
    attributes: dict[str, str]


def parse(uri: str) -> DigitalLink:
    """Return what `uri` says; raises `NotDigitalLink`."""
    if len(uri) > LONGEST:
        msg = "longer than 2,048 characters"
        raise NotDigitalLink(msg)
    try:
        parts = urlsplit(uri)
        host = parts.hostname or ""
    except ValueError as error:
        msg = "not a web address"
        raise NotDigitalLink(msg) from error
    if parts.scheme not in {"http", "https"} or not host:
        msg = "not a web address"
        raise NotDigitalLink(msg)
    gtin, qualifiers = _path(parts.path.rstrip("/").split("/"))
    return DigitalLink(host, gtin, qualifiers, _query(parts.query))


def _path(segments: list[str]) -> tuple[str, dict[str, str]]:
    for place in range(len(segments) - 2, -1, -1):
        if segments[place] == "01" and (len(segments) - place) % 2 == 0:
            pairs = [(segments[i], unquote(segments[i + 1])) for i in range(place, len(segments), 2)]
            return _gtin(pairs[0][1]), _qualifiers(pairs[1:])
    msg = "no GTIN (/01/…) in its path"
    raise NotDigitalLink(msg)


def _gtin(written: str) -> str:
    if not re.fullmatch(r"[0-9]{14}", written):
        msg = f"{written!r} is not a GTIN of 14 digits"
        raise NotDigitalLink(msg)
    if check_digit(written[:-1]) != int(written[-1]):
        msg = f"the check digit of {written} is wrong"
        raise NotDigitalLink(msg)
    return written


def _qualifiers(pairs: list[tuple[str, str]]) -> dict[str, str]:
    order = QUALIFIERS["01"] if [ai for ai, _ in pairs] != ["235"] else ("235",)
    last = -1
    for ai, value in pairs:
        if ai not in order or order.index(ai) <= last:
            msg = f"({ai}) does not stand where it may"
            raise NotDigitalLink(msg)
        last = order.index(ai)
        if not _CHARACTERS.match(value) or len(value) > _LENGTHS[ai]:
            msg = f"({ai}) holds what it may not"
            raise NotDigitalLink(msg)
    return dict(pairs)


def _query(query: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in re.split(r"[&;]", query) if query else []:
        key, _, value = part.partition("=")
        if not key.isdigit():
            continue
        if not 2 <= len(key) <= 4 or key in found or key in _LENGTHS or key == "01" or not value:
            msg = f"({key}) may not stand in the query"
            raise NotDigitalLink(msg)
        found[key] = unquote(value.replace("+", " "))
    return found
