"""Whose request it is: the write key, from wherever a client puts it."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime, timedelta
from typing import Any

import flask

from server.access.guard import bearer_of
from server.access.rules import key_hash
from server.errors import Forbidden, Unauthorised
from server.timeline.sources.models import Right
from server.timeline.sources.queries import source_of_key
from server.timeline.sources.rules import KnownSource
from server.web import now, open_session

REMEMBERED = timedelta(seconds=2)
"""How long a key is believed without asking the database: what a revocation takes to bite."""


def init_app(app: flask.Flask) -> None:
    """Make room for the keys that were looked up a moment ago."""
    app.extensions["write_keys"] = {}


def this_source(right: Right, body: Any = None) -> KnownSource:
    """Return the source that asks; raises `Unauthorised` for no or a wrong key, `Forbidden` for one without it.

    The key stands in Basic's user, in X-Write-Key, in a bearer, else in the body; a body may hold it masked.
    Jitsu's library wants a key and a secret with a colon between: what follows the colon says nothing here.
    """
    key = _key_of(flask.request.headers.get("Authorization", "")) or _told(body)
    key = flask.request.headers.get("X-Write-Key", "").partition(":")[0] or key
    source = _remembered(key) if key else None
    if source is None:
        msg = (
            "This needs a source's key, as Basic user, X-Write-Key or Bearer; `shelftalker sources add` makes one."
        )
        raise Unauthorised(msg)
    if right not in source.rights:
        msg = (
            f"The key of {source.id} may not {right}; `shelftalker sources add --may {right}` makes one that may."
        )
        raise Forbidden(msg)
    return source


def _key_of(authorization: str) -> str:
    scheme, _, told = authorization.partition(" ")
    if scheme.lower() != "basic":
        return bearer_of(authorization)
    try:
        return base64.b64decode(told, validate=True).decode().partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _told(body: Any) -> str:
    told = body.get("writeKey") if isinstance(body, dict) else None
    return told if isinstance(told, str) else ""


def _remembered(key: str) -> KnownSource | None:
    held: dict[str, tuple[KnownSource, datetime]] = flask.current_app.extensions["write_keys"]
    hashed, moment = key_hash(key), now()
    source, asked = held.get(hashed, (None, None))
    if asked is not None and asked <= moment < asked + REMEMBERED:
        return source
    with open_session() as session:
        source = source_of_key(session, hashed)
    if source is None:
        held.pop(hashed, None)
    else:
        held[hashed] = (source, moment)
    return source
