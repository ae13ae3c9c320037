"""Elements as text: `(01)09506000134352(10)AB` for people, `^010950600013435210AB` for machines (`^` is FNC1)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from server.tags.gs1.errors import NotDigitalLink
from server.tags.gs1.link import STRICT, Element, Permits
from server.tags.gs1.table import LENGTHS, identifier

_BRACKETED = re.compile(r"\(([0-9]{2,4})\)((?:[^(\\]|\\\()+)")


def element_string(elements: Iterable[Element]) -> str:
    """Return the elements as a barcode carries them: FNC1 first, and behind every open value but the last."""
    text = ""
    for ai, value in elements:
        known = identifier(ai)
        text += ai + value + ("" if known and known.closed else "^")
    return "^" + text.removesuffix("^")


def read_element_string(text: str, permits: Permits = STRICT) -> tuple[Element, ...]:
    """Return the elements of a barcode's text; raises `NotDigitalLink` where it is none."""
    found: list[Element] = []
    rest = text.removeprefix("^")
    while rest and text.startswith("^"):
        ai = rest[: LENGTHS.get(rest[:2], 0)]
        known = identifier(ai, permit_unknown=permits.unknown_ais)
        if known is None:
            break
        rest = rest[len(ai) :]
        value = rest[: known.format.longest] if known.closed else rest.partition("^")[0]
        rest = rest[len(value) :].removeprefix("^")
        found.append((ai, value))
    if rest or not found:
        msg = f"is no element string from {rest[:8]!r} on"
        raise NotDigitalLink(msg)
    return tuple(found)


def read_bracketed(text: str) -> tuple[Element, ...]:
    """Return the elements of `(01)…(10)…`; a bracket that opens inside a value is written `\\(`."""
    found, end = [], 0
    for match in _BRACKETED.finditer(text):
        if match.start() != end:
            break
        found.append((match[1], match[2].replace("\\(", "(")))
        end = match.end()
    if end != len(text) or not found:
        msg = f"is not written as (01)…(10)… from {text[end : end + 8]!r} on"
        raise NotDigitalLink(msg)
    return tuple(found)
