"""From elements to an address: the canonical one, or one on a house of its own."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote

from server.tags.gs1.errors import NotDigitalLink
from server.tags.gs1.link import STRICT, Element, Permits
from server.tags.gs1.reading import parse
from server.tags.gs1.table import KEYS, QUALIFIERS, Identifier, identifier

CANONICAL = "https://id.gs1.org"


def build(elements: Iterable[Element], stem: str = CANONICAL, permits: Permits = STRICT) -> str:
    """Return the address of the elements below `stem`; raises `NotDigitalLink`.

    The first key among them names the thing; what qualifies it follows in the path, the rest in the query:
    values of a set length first, else as given. The same element given twice is written once.
    """
    values = _once(elements)
    key = next((ai for ai in values if ai in KEYS), None)
    if key is None:
        msg = "has no GS1 key among its elements"
        raise NotDigitalLink(msg)
    path = (key, *_qualifiers(key, values))
    query = [_attribute(ai, permits) for ai in values if ai not in path]
    query.sort(key=lambda known: not known.closed)
    uri = stem.rstrip("/") + "".join(f"/{ai}/{quote(values[ai], safe='')}" for ai in path)
    if query:
        uri += "?" + "&".join(f"{known.ai}={quote(values[known.ai], safe='')}" for known in query)
    parse(uri, permits)
    return uri


def _once(elements: Iterable[Element]) -> dict[str, str]:
    values: dict[str, str] = {}
    for ai, value in elements:
        if values.setdefault(ai, value) != value:
            msg = f"({ai}) has two values: {values[ai]!r} and {value!r}"
            raise NotDigitalLink(msg)
    return values


def _qualifiers(key: str, values: dict[str, str]) -> tuple[str, ...]:
    """Return the qualifiers given, in the order of the first sequence that holds any."""
    given = (tuple(ai for ai in sequence if ai in values) for sequence in KEYS[key])
    chosen = next(filter(None, given), ())
    left = {ai for ai in QUALIFIERS[key] if ai in values} - set(chosen)
    if left:
        msg = f"({')('.join(sorted(left))}) and ({')('.join(chosen)}) may not stand together"
        raise NotDigitalLink(msg)
    return chosen


def _attribute(ai: str, permits: Permits) -> Identifier:
    known = identifier(ai, permit_unknown=permits.unknown_ais)
    if known is None or not known.attribute:
        msg = f"({ai}) may not stand in an address"
        raise NotDigitalLink(msg)
    return known
