"""What a signing tag mirrors into its address: who it is, how often it was read, its code over that."""

from __future__ import annotations

import re
from dataclasses import dataclass

from server.tags.sun.sessions import AES_PICC, LRP_PICC

_PARAMETER = re.compile(r"[?&]([a-z_]{1,12})=([0-9A-Fa-fx]+)(?=[&#]|$)")
_ROLES = {
    **dict.fromkeys(("picc_data", "picc", "p", "e", "m"), "identity"),
    **{"uid": "uid", "u": "uid", "ctr": "counter", "n": "counter", "enc": "secret"},
    **dict.fromkeys(("cmac", "mac", "c"), "code"),
}
"""The names that NXP's notes and the tools in use give to what is mirrored."""

_CODE = 16
_HEX = re.compile(r"[0-9A-Fa-f]*")
_TOGETHER = re.compile(r"([0-9A-Fa-f]+)x([0-9A-Fa-f]{16})")

Place = tuple[str, int]
"""A mirrored value, and where in the address it starts."""


@dataclass(frozen=True, slots=True)
class SunMessage:
    """One message (Secure Unique NFC): `identity` encrypted, or `uid` and `counter` for all to read.

    `inputs` are the texts its `code` may stand for: where the signed part begins is set when a tag is written and
    not told, so it is looked for where it may be: at the code's own start (it signs the session alone), at each
    mirrored value's, at the query's, the path's and the host's.
    """

    identity: bytes
    uid: bytes
    counter: int
    secret: bytes
    code: bytes
    inputs: tuple[bytes, ...]


def is_signed(uri: str | None) -> bool:
    """Return whether an address carries what a signing tag mirrors."""
    return uri is not None and "=" in uri and read_message(uri) is not None


def read_message(uri: str) -> SunMessage | None:
    """Return the message an address carries; None for one that carries none."""
    places = _mirrored(uri)
    values = {role: text for role, (text, _) in places.items()}
    if not _fit_together(values):
        return None
    end = places["code"][1]
    starts = sorted({start for start in _starts(uri, places) if start <= end}, reverse=True)
    return SunMessage(
        identity=bytes.fromhex(values.get("identity", "")),
        uid=bytes.fromhex(values.get("uid", "")),
        counter=int(values.get("counter", "0"), 16),
        secret=bytes.fromhex(values.get("secret", "")),
        code=bytes.fromhex(values["code"]),
        inputs=tuple(uri[start:end].encode() for start in starts),
    )


def _starts(uri: str, places: dict[str, Place]) -> set[int]:
    host = uri.find("://") + 3
    parts = {host, uri.find("/", host) + 1, uri.find("?") + 1}
    return parts | {start for _, start in places.values()}


def _mirrored(uri: str) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for match in _PARAMETER.finditer(uri):
        role = _ROLES.get(match[1])
        if role:
            places[role] = (match[2], match.start(2))
    if "identity" in places and "code" not in places:
        places |= _apart(*places["identity"])
    return places


def _fit_together(values: dict[str, str]) -> bool:
    lengths = {role: len(text) for role, text in values.items()}
    if lengths.get("code") != _CODE or lengths.get("secret", 0) % 32:
        return False
    if "identity" in lengths:
        told = lengths["identity"] in {2 * AES_PICC, 2 * LRP_PICC}
    else:
        told = (lengths.get("uid"), lengths.get("counter")) == (14, 6)
    return told and all(_HEX.fullmatch(text) for text in values.values())


def _apart(text: str, start: int) -> dict[str, Place]:
    """Take one value apart that holds all: identity `x` code, or identity, secret and code without a mark."""
    marked = _TOGETHER.fullmatch(text)
    if marked:
        return {"identity": (marked[1], start), "code": (marked[2], start + marked.start(2))}
    first = 2 * (LRP_PICC if len(text) % 32 == 0 else AES_PICC)
    last = len(text) - _CODE
    if last < first:
        return {}
    parts = {"identity": (text[:first], start), "code": (text[last:], start + last)}
    return parts | ({"secret": (text[first:last], start + first)} if last > first else {})
