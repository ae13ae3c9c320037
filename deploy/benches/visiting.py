"""What kiosks send of visits as the demo shop plays them, each connection of its own (used by `tap`)."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

from server.tags.models import TargetKind
from server.wire import uuid7
from shop.stock_up import demo_tags
from shop.visits import walk

EPOCH = UUID(int=5, version=4)
STORE = "MAD"
SIGNS = 0.05
"""The share of taps that are of a sign, before which a visit stops on its way."""

Request = tuple[list[str], bytes]
"""The ids of the taps in a request, and the request."""


@dataclass(frozen=True, slots=True)
class Load:
    """What is sent: whose key, over how many connections, how long; `batch` 0 for single taps.

    With a `seed` the same visits are played each time, which a server must not have seen.
    """

    key: str
    connections: int
    seconds: float
    batch: int = 0
    seed: int | None = None


def requests(load: Load, host: str) -> Iterator[Request]:
    """Give the requests of one connection, without end."""
    head = (
        f"POST /api/v1/taps{'/batch' if load.batch else ''} HTTP/1.1\r\nHost: {host}\r\n"
        f"Authorization: Bearer {load.key}\r\nContent-Type: application/json\r\nContent-Length: "
    )
    taps = _taps(random.Random(load.seed))
    while True:
        some = list(islice(taps, load.batch or 1))
        body = json.dumps({"taps": some} if load.batch else some[0])
        yield [str(tap["tap_id"]) for tap in some], f"{head}{len(body)}\r\n\r\n{body}".encode()


def _taps(luck: random.Random) -> Iterator[dict[str, object]]:
    tags = demo_tags()
    of_good = {tag.product: tag for tag in tags if tag.product}
    signs = [tag for tag in tags if tag.kind is TargetKind.SIGN]
    while True:
        visit, seq, before = UUID(int=luck.getrandbits(128), version=4), 0, ""
        for good, opened in walk(luck, STORE):
            touched: list[dict[str, object]] = []
            if luck.random() < SIGNS:
                touched.append({"uid": luck.choice(signs).uid})
            tag = of_good[good.id]
            touched.append({"picked": good.id, "cause": before} if opened else {"uid": tag.uid, "uri": tag.uri})
            for one in touched:
                now = datetime.now(UTC)
                before = str(uuid7(now, luck.randbytes(10)))
                told = {"tap_id": before, "visit_id": str(visit), "occurred_at": now.isoformat()}
                yield {**told, "epoch": str(EPOCH), "seq": seq, **one}
                seq += 1
