"""Past visits, invented: a stated, seeded generator, so that suggestions and charts have something to say.

A visit begins with a popular product and goes on to what people look at together (`LEADS_TO`, by kind), or now and
then anywhere. Hours follow the store's own clock, busier on Saturdays and after work. None of it is real.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import insert
from sqlalchemy.orm import Session

from server.timeline import rollups
from server.timeline.models import Event, EventKind
from server.wire import uuid7
from shop.goods import Good, goods
from shop.stories import DEVICES, STORES

SEED = 7
DAYS = 42
LEADS_TO = {
    "boot": ("socks", "tin", "insole", "laces", "jacket", "poles", "boot"),
    "shoe": ("socks", "cap", "shorts", "shoe", "laces", "bottle"),
    "sandal": ("sunhat", "shorts", "towel", "sandal"),
    "socks": ("boot", "insole", "socks"),
    "jacket": ("trousers", "hat", "gloves", "shirt", "pouch", "jacket"),
    "vest": ("shirt", "hat", "jacket"),
    "shirt": ("trousers", "vest", "scarf", "socks"),
    "trousers": ("shirt", "boot", "jacket"),
    "hat": ("gloves", "scarf"),
    "gloves": ("hat", "scarf", "rope"),
    "backpack": ("pouch", "bottle", "poles", "map", "headlamp"),
    "tent": ("mat", "sleepingbag", "lamp", "pegs", "tarp", "chair"),
    "mat": ("sleepingbag", "pillow", "tent"),
    "sleepingbag": ("mat", "pillow", "lamp", "sleepingbag"),
    "stove": ("pot", "mug", "pan", "spoon", "bottle"),
    "pot": ("stove", "mug", "spoon"),
    "mug": ("pot", "spoon", "bottle", "knife"),
    "lamp": ("headlamp", "torch", "tent"),
    "headlamp": ("map", "compass", "whistle"),
    "map": ("compass", "poles", "box"),
    "poles": ("boot", "map", "backpack"),
}
BUSY = {10: 4, 11: 6, 12: 8, 13: 7, 14: 4, 15: 3, 16: 5, 17: 8, 18: 11, 19: 12, 20: 7}


def play(session: Session, *, now: datetime, visits: int = 3000) -> int:
    """Add past visits to the timeline in the caller's transaction; return how many events they have."""
    luck = random.Random(SEED)
    rows = [row for number in range(visits) for row in _visit(luck, number, now)]
    for first in range(0, len(rows), 2000):
        session.execute(insert(Event), rows[first : first + 2000])
    rollups.count(session.connection(), rows)
    return len(rows)


def _visit(luck: random.Random, number: int, now: datetime) -> Iterator[dict[str, Any]]:
    store = luck.choices(list(STORES), (6, 2, 4))[0]
    device = next(key for key, _, where, kind in DEVICES if where == store and kind == "kiosk")
    moment = _moment(luck, store, now)
    visit = UUID(int=luck.getrandbits(128), version=4)
    for step, (good, opened) in enumerate(walk(luck, store)):
        yield {
            "id": uuid7(moment, luck.randbytes(10)),
            "kind": EventKind.SUGGESTION_OPENED if opened else EventKind.PRODUCT_TAPPED,
            "channel": "kiosk",
            "store_id": store,
            "device_id": device,
            "visit_id": visit,
            "product_id": good.id,
            "gtin": None,
            "sign_id": None,
            "tag_uid": None,
            "cause_id": None,
            "occurred_at": moment,
            "received_at": moment,
            "corrected_at": moment,
            "epoch": UUID(int=SEED),
            "seq": number * 10 + step,
            "payload_hash": "",
            "properties": {"invented": True},
        }
        moment += timedelta(seconds=luck.randint(8, 70))


def walk(luck: random.Random, store: str) -> Iterator[tuple[Good, bool]]:
    """Give the goods of one visit in order, each with whether it was opened on the screen instead of tapped."""
    sold = [good for good in goods() if good.id not in STORES[store].without]
    good = luck.choices(sold, [1 / (1 + place % 17) for place in range(len(sold))])[0]
    for step in range(1 + min(7, int(luck.expovariate(0.55)))):
        yield good, step > 0 and luck.random() < 0.3
        good = _next(luck, good, sold)


def _next(luck: random.Random, good: Good, sold: list[Good]) -> Good:
    kinds = LEADS_TO.get(good.kind, ())
    near = [other for other in sold if other.kind in kinds and other.id != good.id]
    return luck.choice(near if near and luck.random() < 0.8 else sold)


def _moment(luck: random.Random, store: str, now: datetime) -> datetime:
    zone = ZoneInfo(STORES[store].zone)
    back = luck.randint(0, DAYS - 1)
    day = (now - timedelta(days=back)).astimezone(zone)
    while day.weekday() not in {4, 5} and luck.random() < 0.15:  # some of the week goes to Friday and Saturday
        day -= timedelta(days=1)
    hour = luck.choices(list(BUSY), list(BUSY.values()))[0]
    moment = day.replace(hour=hour, minute=luck.randint(0, 59), second=luck.randint(0, 59))
    return moment if moment < now - timedelta(minutes=15) else moment - timedelta(days=1)
