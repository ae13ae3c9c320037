"""A kiosk's tap: how soon it is on the timeline and the stream, and the next answer knows of it."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from benches.machines import furnish, served
from benches.timelines.messages import NUMBERS, Asker, Figures, percentiles
from benches.timelines.serving import stream
from shop.stock_up import demo_tags

TAPS = 100
EPOCH = UUID(int=7, version=4)


def tapped(name: str, url: str, folder: Path) -> Figures:
    """Return how long after a tap was sent it was to be seen in each place; the database gets the demo shop."""
    media = folder / f"{name}-media"
    key = furnish(url, media)
    settings = {"DATABASE_URL": url, "MEDIA_DIR": str(media), "SECURE_COOKIES": "0", "HOLD_OUT": "0"}
    with served("server.process:application", threads=32, **settings) as address:
        kiosk = _Kiosk(Asker(address, {"Authorization": f"Bearer {key}"}))
        return {
            f"{name} tap on the timeline": percentiles(_on_timeline(kiosk, Asker(address))),
            f"{name} tap on the stream": percentiles(_on_stream(kiosk, address)),
            f"{name} tap in the next answer": percentiles(_in_next_answer(kiosk)),
        }


class _Kiosk:
    """A kiosk, which knows which tag is which product."""

    def __init__(self, ask: Asker) -> None:
        self._ask = ask
        cards = {tag.uid: self.tap(tag.uid, uuid4())["card"] for tag in demo_tags()}
        self.tags = {card["product_id"]: uid for uid, card in cards.items() if card["kind"] == "product"}

    def tap(self, uid: str, visit: UUID, tap_id: UUID | None = None) -> Any:
        tap = {"tap_id": str(tap_id or uuid4()), "visit_id": str(visit), "epoch": str(EPOCH), "seq": next(NUMBERS)}
        return self._ask("POST", "/api/v1/taps", {**tap, "occurred_at": datetime.now(UTC).isoformat(), "uid": uid})


def _on_timeline(kiosk: _Kiosk, ask: Asker) -> list[float]:
    waits = []
    for uid in islice(cycle(kiosk.tags.values()), TAPS):
        visit, began = uuid4(), time.perf_counter()
        kiosk.tap(uid, visit)
        while not ask("GET", f"/api/v1/timeline/visits/{visit}")["events"]:
            pass
        waits.append(time.perf_counter() - began)
    return waits


def _on_stream(kiosk: _Kiosk, address: str) -> list[float]:
    waits = []
    with stream(address) as seen:
        for uid in islice(cycle(kiosk.tags.values()), TAPS):
            tap_id = uuid4()
            came = seen[str(tap_id)] = threading.Event()
            began = time.perf_counter()
            kiosk.tap(uid, uuid4(), tap_id)
            if not came.wait(10):
                msg = "A tap did not come on the stream within ten seconds."
                raise SystemExit(msg)
            waits.append(time.perf_counter() - began)
    return waits


def _in_next_answer(kiosk: _Kiosk) -> list[float]:
    """Tap what goes with a product, then the product: what was tapped before is not suggested any more."""
    waits = []
    for uid in islice(cycle(kiosk.tags.values()), TAPS):
        tiles = [tile["product_id"] for tile in kiosk.tap(uid, uuid4())["goes_with"]]
        shown = next((product for product in tiles if product in kiosk.tags), None)
        if shown is None:
            continue
        visit, began = uuid4(), time.perf_counter()
        kiosk.tap(kiosk.tags[shown], visit)
        while shown in {tile["product_id"] for tile in kiosk.tap(uid, visit)["goes_with"]}:
            pass
        waits.append(time.perf_counter() - began)
    return waits
