"""A message of the Segment family (Segment, RudderStack, Jitsu) as the row of an event.

Twilio's "Spec" and RudderStack's "Event Spec" say what a message holds; what each library sends was recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from server.timeline.models import EventKind
from server.timeline.recording import NOTHING_MORE
from server.timeline.rules import keys, schemas, vocabulary
from server.timeline.rules.misfit import Misfit
from server.timeline.rules.moments import estimate, read_moment
from server.timeline.sources.models import Right
from server.timeline.sources.rules import KnownSource

Message = dict[str, Any]

LONGEST_MESSAGE_ID = 100
LONGEST_ID = 200
NOWHERE = UUID(int=0)
"""The epoch of events that no device of ours numbered."""

SENT_LONG_AGO = frozenset({"analytics-node"})
"""Libraries, by the name they give of themselves, that keep the first sending's `sentAt` when they send again."""

IN_COLUMNS = frozenset(
    {
        *("type", "event", "messageId", "userId", "anonymousId", "properties", "traits", "previousId", "groupId"),
        *("timestamp", "originalTimestamp", *keys.TRANSPORT),
    }
)


@dataclass(frozen=True, slots=True)
class Sending:
    """What stands around the messages of one request."""

    source: KnownSource
    received_at: datetime
    sent_at: object = None
    """What the request says of when it was sent, as it says it."""
    resent: bool = False
    """Whether the client says that it tries again: then `sent_at` tells nothing about its clock."""


def event_row(message: Message, sending: Sending, *, index: int = 0) -> dict[str, Any]:
    """Return the row of `Event` a message is, the `index`-th of its request; raises `Misfit` for none."""
    source, context = sending.source, _document(message, "context")
    kind, name = _kind(message)
    properties = _properties(message, kind, context)
    schemas.check(kind, properties)
    message_id = message_id_of(message, index)
    anonymous_id = _id(message, "anonymousId")
    occurred = read_moment(message.get("timestamp"), "timestamp") or read_moment(
        message.get("originalTimestamp"), "originalTimestamp"
    )
    sent = read_moment(sending.sent_at or message.get("sentAt"), "sentAt")
    library = context.get("library")
    stale = sending.resent or (isinstance(library, dict) and library.get("name") in SENT_LONG_AGO)
    return {
        **NOTHING_MORE,
        "id": keys.message_key(source.id, message_id),
        "kind": kind,
        "name": name,
        "version": schemas.VERSION,
        "channel": source.channel,
        "source_id": source.id,
        "message_id": message_id,
        "store_id": store_of(source, context),
        "device_id": None,
        "visit_id": keys.visit_key(source.id, anonymous_id),
        "anonymous_id": anonymous_id,
        "user_id": _id(message, "userId"),
        "product_id": _product(properties),
        "cause_id": _cause(properties),
        "occurred_at": occurred or sending.received_at,
        "sent_at": sent,
        "received_at": sending.received_at,
        "corrected_at": estimate(occurred, sent, sending.received_at, sent_anew=not stale),
        "epoch": NOWHERE,
        "payload_hash": keys.payload_hash(message),
        "properties": properties,
        "context": {key: value for key, value in message.items() if key not in IN_COLUMNS},
        "consent": context.get("consent") if isinstance(context.get("consent"), dict) else None,
    }


def message_id_of(message: Message, index: int) -> str:
    """Return a message's id: its own, else one made of what it says and its place; raises `Misfit` for no text."""
    told = message.get("messageId")
    if told is None or told == "":
        return f"{keys.payload_hash(message)[:32]}-{index}"
    if not isinstance(told, (str, int)) or len(str(told)) > LONGEST_MESSAGE_ID:
        msg = f"messageId is a text of at most {LONGEST_MESSAGE_ID} characters."
        raise Misfit("message-id", msg)
    return str(told)


def store_of(source: KnownSource, context: Message) -> str | None:
    """Return the store it happened in: the source's own, else the one it names where it is believed."""
    told = context.get("store_id")
    believed = Right.VOUCH in source.rights and isinstance(told, str) and 0 < len(told) <= 64
    return source.store_id or (told if believed else None)


def _kind(message: Message) -> tuple[EventKind, str | None]:
    call = message.get("type")
    if call == "track":
        event = message.get("event")
        if not isinstance(event, str) or not event.strip():
            msg = "A track call needs `event`, the name of what happened."
            raise Misfit("event", msg)
        kind = vocabulary.kind_of(event.strip())
        return kind, event.strip()[:LONGEST_ID] if kind is EventKind.CUSTOM else None
    if not isinstance(call, str) or call not in vocabulary.CALLS:
        msg = f"type is one of track, {', '.join(vocabulary.CALLS)}."
        raise Misfit("type", msg)
    name = message.get("name")
    return vocabulary.CALLS[call], name[:LONGEST_ID] if isinstance(name, str) and name else None


def _properties(message: Message, kind: EventKind, context: Message) -> Message:
    told = _document(message, "properties")
    traits = _document(message, "traits")
    if kind is EventKind.IDENTIFIED:
        return {**told, **_document(context, "traits"), **traits}
    if kind is EventKind.GROUP_JOINED:
        return {**told, **traits, "group_id": _id(message, "groupId")}
    if kind is EventKind.ALIAS_TOLD:
        return {**told, "previous_id": _id(message, "previousId")}
    return told


def _document(message: Message, field: str) -> Message:
    told = message.get(field)
    if told is None or told == "":
        return {}
    if not isinstance(told, dict):
        msg = f"{field} is an object of names and values."
        raise Misfit("schema", msg)
    return told


def _id(message: Message, field: str) -> str | None:
    told = message.get(field)
    if told is None or told == "":
        return None
    if isinstance(told, bool) or not isinstance(told, (str, int)) or len(str(told)) > LONGEST_ID:
        msg = f"{field} is a text of at most {LONGEST_ID} characters."
        raise Misfit("schema", msg)
    return str(told)


def _product(properties: Message) -> str | None:
    told = properties.get("product_id")
    return told if isinstance(told, str) and 0 < len(told) <= 64 else None


def _cause(properties: Message) -> UUID | None:
    told = properties.get("caused_by")
    try:
        return UUID(told) if isinstance(told, str) else None
    except ValueError:
        return None
