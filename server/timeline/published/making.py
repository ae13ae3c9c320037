"""JSON Schemas (draft 2020-12) made of the very types events are told with. Pure."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from pydantic import create_model

from server.timeline.models import EventKind
from server.timeline.own_properties import OWN_SCHEMAS
from server.timeline.reading.told import TimelineEvent
from server.timeline.rules.schemas import SCHEMAS, VERSION, Properties
from server.timeline.rules.vocabulary import called
from server.wire import PURPOSES
from server.wire.values import Frozen

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class Erased(Frozen):
    """All that is left of the properties once the person was erased: nothing."""


_AGREED: dict[str, Any] = {**dict.fromkeys(PURPOSES, (bool, ...)), "v": (str | None, None)}

Consent = create_model(
    "Consent",
    __base__=Frozen,
    __doc__="What had been agreed to, by purpose, and the version of the words where somebody was asked.",
    **_AGREED,
)


@cache
def schema_of(kind: EventKind) -> dict[str, Any]:
    """Return the schema of an event of a kind, as it is told outside; another maker's properties may hold more."""
    own = OWN_SCHEMAS.get(kind)
    properties: Any = own | Erased if own else SCHEMAS.get(kind, Properties)
    event: Any = str if kind is EventKind.CUSTOM else Literal[called(kind)]
    consent: Any = Consent | None if own else dict[str, Any] | None
    fields: dict[str, Any] = {
        "kind": (Literal[kind.value], ...),
        "event": (event, ...),
        "version": (Literal[VERSION], ...),
        "properties": (properties, ...),
        "consent": (consent, ...),
    }
    name = "".join(word.title() for word in kind.split("_"))
    made = create_model(name, __base__=TimelineEvent, __doc__=f"{called(kind)}, version {VERSION}.", **fields)
    return {"$schema": DIALECT, "$id": address_of(kind), **made.model_json_schema()}


def address_of(kind: EventKind) -> str:
    """Return the name of a kind's schema, the same in every shop."""
    return f"urn:shelftalker:schema:{kind}:{VERSION}"
