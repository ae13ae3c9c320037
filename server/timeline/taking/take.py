"""Messages taken: each becomes an event, is known already, or is kept as failed; all of it before the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Engine

from server.errors import BadRequest
from server.timeline.group_commit import Writer
from server.timeline.recording import Entry, Receipt, Stored
from server.timeline.refused_entries import Refused
from server.timeline.rules import keys
from server.timeline.rules.messages import Message, Sending
from server.timeline.rules.misfit import Misfit
from server.timeline.taking.queries import keep_failed
from server.web import told_as_ours

Read = Callable[[Message, Sending, int], dict[str, Any]]
"""What makes a message the row of an event; raises `Misfit`."""

LARGEST_EVENT = 32 * 2**10
"""Bytes of one message; Segment's own limit."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of the messages of a request."""

    accepted: int
    duplicates: int
    rejected: tuple[dict[str, Any], ...]
    """Place and code of each that did not fit; it is kept as failed."""


def take(
    messages: Sequence[object], sending: Sending, read: Read, *, writer: Writer, engine: Engine, strict: bool
) -> Taken:
    """Store the messages and return what became of each.

    Raises `BadRequest` under `strict` where one does not fit, before anything is stored, and `Unavailable` where
    they could not be stored: then the client sends them again, and what is stored by then is known.
    """
    entries: list[tuple[int, Entry]] = []
    failed: list[tuple[int, Misfit, Message]] = []
    for index, message in enumerate(messages):
        try:
            entries.append((index, _entry(message, sending, read=read, index=index)))
        except Misfit as misfit:
            failed.append((index, misfit, message if isinstance(message, dict) else {"message": message}))
    if strict and failed:
        msg = f"Message {failed[0][0]}: {failed[0][1]}"
        raise BadRequest(msg)
    receipts, refused = _written(writer, entries) if entries else ([], [])
    failed += [(index, misfit, messages[index]) for index, misfit in refused]  # type: ignore[misc]  # it was an object
    if failed:
        with told_as_ours(), writer.turn(), engine.begin() as connection:
            keep_failed(connection, [_failed_row(one, sending) for one in failed])
    accepted = sum(receipt.stored is Stored.ACCEPTED for receipt in receipts)
    rejected = tuple({"index": index, "code": why.code, "message": str(why)} for index, why, _ in failed)
    return Taken(accepted, len(receipts) - accepted, rejected)


def _written(
    writer: Writer, entries: Sequence[tuple[int, Entry]]
) -> tuple[list[Receipt], list[tuple[int, Misfit]]]:
    """Return the receipts, and the places of what the database refuses for what it says: that alone is failed."""
    try:
        return writer.write([entry for _, entry in entries]), []
    except Refused as why:
        if len(entries) == 1:
            return [], [(entries[0][0], Misfit("refused", str(why)))]
    half = len(entries) // 2
    (some, bad), (others, worse) = _written(writer, entries[:half]), _written(writer, entries[half:])
    return [*some, *others], [*bad, *worse]


def _entry(message: object, sending: Sending, *, read: Read, index: int) -> Entry:
    if not isinstance(message, dict):
        msg = "A message is a JSON object."
        raise Misfit("type", msg)
    row = read(message, sending, index)
    payload = to_json(message)
    if len(payload) > LARGEST_EVENT:
        msg = f"A message has at most {LARGEST_EVENT} bytes; this one has {len(payload)}."
        raise Misfit("too-large", msg)
    return Entry(row, payload)


def _failed_row(failed: tuple[int, Misfit, Message], sending: Sending) -> dict[str, Any]:
    index, misfit, message = failed
    told = message.get("messageId", message.get("id"))
    hashed = keys.payload_hash(message)
    message_id = told if isinstance(told, str) and told else f"{hashed[:32]}-{index}"
    return {
        "id": keys.message_key(sending.source.id, "failed", message_id, hashed),
        "source_id": sending.source.id,
        "message_id": message_id[:100],
        "received_at": sending.received_at,
        "code": misfit.code,
        "reason": str(misfit)[:2000],
        "message": message,
        "sending": {"sent_at": sending.sent_at, "resent": sending.resent},
        "repaired_at": None,
    }
