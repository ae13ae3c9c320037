"""CloudEvents 1.0 (binary, structured, batched) as messages that become events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from server.timeline.rules import keys
from server.timeline.rules.messages import LONGEST_MESSAGE_ID, Message, Sending, event_row
from server.timeline.rules.misfit import Misfit

NEEDED = ("id", "source", "type")
VISITOR = ("anonymousid", "visitid", "partitionkey")
"""Extension attributes that may say whose visit it was, the surest first."""

OWN = frozenset({*NEEDED, *VISITOR, "specversion", "data", "time", "userid", "sequence", "datacontenttype"})


def from_headers(headers: Mapping[str, str], body: object) -> Message:
    """Return the event of a request in binary mode: attributes in `ce-…` headers, data in the body."""
    told = {
        name.lower()[3:]: unquote(value).replace("\0", "")  # a database may not hold it
        for name, value in headers.items()
        if name.lower().startswith("ce-")
    }
    return {**told, "data": body}


def cloud_event_row(event: Message, sending: Sending) -> dict[str, Any]:
    """Return the row of `Event` a CloudEvent is; raises `Misfit` for one that lacks what it must have.

    Its id is unique within its `source` attribute, the writer's own word, and within the key's source.
    """
    for name in NEEDED:
        if not isinstance(event.get(name), str) or not event[name] or len(event[name]) > 1000:
            msg = f"A CloudEvent needs `{name}`, a text."
            raise Misfit("cloudevent", msg)
    if len(event["id"]) > LONGEST_MESSAGE_ID:
        msg = f"The id of a CloudEvent has at most {LONGEST_MESSAGE_ID} characters here."
        raise Misfit("message-id", msg)
    row = event_row(_message(event), sending)
    row["id"] = cloud_event_key(event, sending)
    row["payload_hash"] = keys.payload_hash(
        {"type": event["type"], "data": event.get("data"), "time": event.get("time")}
    )
    row["seq"] = _sequence(event)
    row["context"] = {"cloudevent": {k: v for k, v in event.items() if k not in OWN or k in {"source", "type"}}}
    return row


def cloud_event_key(event: Message, sending: Sending) -> Any:
    """Return the id of the event: the hash of its source and id."""
    return keys.message_key(sending.source.id, str(event.get("source")), str(event.get("id")))


def _message(event: Message) -> Message:
    data = event.get("data")
    return {
        "type": "track",
        "event": event["type"],
        "messageId": event["id"],
        "timestamp": event.get("time"),
        "userId": event.get("userid"),
        "anonymousId": next((event[name] for name in VISITOR if event.get(name)), None),
        "properties": data if isinstance(data, dict) else {"data": data} if data is not None else {},
    }


def _sequence(event: Message) -> int:
    told = str(event.get("sequence", ""))
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 16 else 0
