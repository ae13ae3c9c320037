"""From an address to its elements, by GS1 Digital Link URI Syntax 1.4: strict, or `NotDigitalLink`."""

from __future__ import annotations

import re
from urllib.parse import unquote

from server.tags.gs1.errors import NotDigitalLink
from server.tags.gs1.link import STRICT, DigitalLink, Element, Permits
from server.tags.gs1.table import ALPHAS, KEYS, QUALIFIERS, identifier, legal_path

LONGEST = 2048

_PCHAR = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})"
_ADDRESS = re.compile(
    r"((?i:https?)://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9\-.]+)(?::[0-9]*)?)"
    rf"((?:/{_PCHAR}*)+)(?:\?((?:{_PCHAR}|[/?])*))?(?:#(?:{_PCHAR}|[/?])*)?"
)
"""An address as RFC 3986 writes it; of hosts only names and numbers, with no log-in before them."""

_SHORT_GTINS = {8, 12, 13}


def parse(uri: str, permits: Permits = STRICT) -> DigitalLink:
    """Return what `uri` says; raises `NotDigitalLink`, and nothing else whatever the text."""
    match = _ADDRESS.fullmatch(uri) if len(uri) <= LONGEST else None
    if match is None:
        msg = "is longer than 2,048 characters" if len(uri) > LONGEST else "is no web address"
        raise NotDigitalLink(msg)
    origin, host, written, query = match.groups()
    segments = written[1:].split("/")
    start = _key_at(segments, permits)
    path = _path(segments[start:], permits)
    attributes = _query(query, path, permits) if query else ()
    stem = "/".join([origin, *segments[:start]])
    return DigitalLink(stem, host.lower(), path, attributes)


def _key_at(segments: list[str], permits: Permits) -> int:
    for place in range(len(segments) - 2, -1, -2):
        if _named(segments[place], permits) in KEYS:
            return place
    msg = "names nothing by a GS1 key in its path"
    raise NotDigitalLink(msg)


def _named(segment: str, permits: Permits) -> str:
    return ALPHAS.get(segment, segment) if permits.convenience_alphas else segment


def _path(segments: list[str], permits: Permits) -> tuple[Element, ...]:
    ais = tuple(_named(segment, permits) for segment in segments[::2])
    if not legal_path(ais):
        msg = f"has ({')('.join(ais)}) in its path: they may not follow each other so"
        raise NotDigitalLink(msg)
    return tuple(_element(ai, unquote(value), permits) for ai, value in zip(ais, segments[1::2], strict=True))


def _element(ai: str, value: str, permits: Permits) -> Element:
    if ai == "01" and permits.zero_suppressed_gtin and len(value) in _SHORT_GTINS:
        value = value.zfill(14)
    known = identifier(ai, permit_unknown=permits.unknown_ais)
    fault = known.format.fault(value) if known else "is no application identifier"
    if fault:
        msg = f"({ai}) {fault}"
        raise NotDigitalLink(msg)
    return ai, value


def _query(query: str, path: tuple[Element, ...], permits: Permits) -> tuple[Element, ...]:
    found: dict[str, str] = {}
    for part in re.split("[&;]", query):
        key, _, value = part.partition("=")
        ai = _named(key, permits)
        if not ai.isdigit():
            continue
        if ai in found or ai == path[0][0]:
            msg = f"({ai}) stands in it twice"
            raise NotDigitalLink(msg)
        known = identifier(ai, permit_unknown=permits.unknown_ais)
        if known is None or not known.attribute or ai in QUALIFIERS[path[0][0]]:
            msg = f"({ai}) may not stand in the query of ({path[0][0]})"
            raise NotDigitalLink(msg)
        _, found[ai] = _element(ai, unquote(value.replace("+", " ")), permits)
    return tuple(found.items())
