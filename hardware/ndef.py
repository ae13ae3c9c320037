"""NDEF decoded by hand: any bytes become an outcome and the first URI exactly as written, never an exception."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ndef as ndeflib

from hardware.tag import Outcome

LARGEST_MESSAGE = 8192
MOST_RECORDS = 32

PREFIXES = (
    "", "http://www.", "https://www.", "http://", "https://", "tel:", "mailto:", "ftp://anonymous:anonymous@",
    "ftp://ftp.", "ftps://", "sftp://", "smb://", "nfs://", "ftp://", "dav://", "news:", "telnet://", "imap:",
    "rtsp://", "urn:", "pop:", "sip:", "sips:", "tftp:", "btspp://", "btl2cap://", "btgoep://", "tcpobex://",
    "irdaobex://", "file://", "urn:epc:id:", "urn:epc:tag:", "urn:epc:pat:", "urn:epc:raw:", "urn:epc:",
    "urn:nfc:",
)  # fmt: skip
"""NFC Forum URI Record Type Definition 1.0, table 3."""


class Malformed(ValueError):
    """Raised inside this file where bytes are no NDEF message."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it stands in the message."""

    tnf: int
    type: bytes
    payload: bytes


def encode_uri(uri: str) -> bytes:
    """Return an NDEF message of one URI record."""
    return b"".join(ndeflib.message_encoder([ndeflib.UriRecord(uri)]))


def decode(message: bytes) -> tuple[Outcome, str | None]:
    """Return what a message comes to, and its first URI if it has one."""
    if not message:
        return Outcome.EMPTY, None
    try:
        records = list(_records(message))
        uris = [_uri(record.payload) for record in records if record.tnf == 1 and record.type == b"U"]
    except Malformed:
        return Outcome.MALFORMED, None
    if all(record.tnf == 0 for record in records):
        return Outcome.EMPTY, None
    return Outcome.OK, uris[0] if uris else None


def _records(message: bytes) -> Iterator[Record]:
    if len(message) > LARGEST_MESSAGE:
        msg = "longer than 8 KiB"
        raise Malformed(msg)
    at, count = 0, 0
    while at < len(message):
        header, count = message[at], count + 1
        if count > MOST_RECORDS or bool(header & 0x80) != (count == 1) or header & 0x20:
            msg = "too many records, or flags that contradict themselves"
            raise Malformed(msg)
        record, at = _record(message, at, header)
        yield record
        if header & 0x40:
            return
    msg = "no record says it is the last"
    raise Malformed(msg)


def _record(message: bytes, at: int, header: int) -> tuple[Record, int]:
    type_length = _slice(message, at + 1, 1)[0]
    at += 2
    width = 1 if header & 0x10 else 4
    payload_length = int.from_bytes(_slice(message, at, width), "big")
    at += width
    id_length = _slice(message, at, 1)[0] if header & 0x08 else 0
    at += 1 if header & 0x08 else 0
    kind = _slice(message, at, type_length)
    payload = _slice(message, at + type_length + id_length, payload_length)
    return Record(header & 0x07, kind, payload), at + type_length + id_length + payload_length


def _slice(message: bytes, at: int, length: int) -> bytes:
    if at + length > len(message):
        msg = "a length points past the end"
        raise Malformed(msg)
    return message[at : at + length]


def _uri(payload: bytes) -> str:
    if not payload or payload[0] >= len(PREFIXES):
        msg = "a URI record without a known prefix"
        raise Malformed(msg)
    try:
        return PREFIXES[payload[0]] + payload[1:].decode("utf-8")
    except UnicodeDecodeError as error:
        msg = "a URI that is not UTF-8"
        raise Malformed(msg) from error
