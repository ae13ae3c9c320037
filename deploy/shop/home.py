"""The list the demo's customer made at home in the web shop, told as its client would tell it."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic_core import to_json
from sqlalchemy.orm import Session

from server.timeline.models import EventKind
from server.timeline.recording import Entry, record_events
from server.timeline.rules.messages import Sending, event_row
from server.timeline.rules.vocabulary import called
from server.timeline.sources.rules import KnownSource
from shop.goods import goods

CUSTOMER = "demo-1"
WISHED = ("boot-sierra", "sandal-arroyo", "shoe-cumbre")
WEB_SHOP = KnownSource("demo-web-shop", "web", None, frozenset())


def make_list(session: Session, now: datetime) -> None:
    """Let the customer have wished for a few things last night, in a size each; twice is harmless."""
    evening = (now - timedelta(days=1)).replace(hour=20, minute=0, second=0, microsecond=0)
    for number, good in enumerate(one for one in goods() if one.id in WISHED):
        piece = good.pieces[len(good.pieces) // 2]
        message = {
            "type": "track",
            "event": called(EventKind.PRODUCT_ADDED_TO_WISHLIST),
            "messageId": f"wish-{number}",
            "userId": CUSTOMER,
            "timestamp": (evening + timedelta(minutes=number)).isoformat(),
            "properties": {"product_id": good.id, "sku": piece.gtin},
        }
        row = event_row(message, Sending(WEB_SHOP, now))
        record_events(session.connection(), [Entry(row, to_json(message))])
