"""How soon what visits tap is in the answers of every server process, without a training."""

from __future__ import annotations

import argparse
import json
import tempfile
import time
import urllib.request
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from benches.machines import furnish, served
from shop.stock_up import demo_tags

PROCESSES = 2
VISITS = 60
PATIENCE_SECONDS = 110
EPOCH = UUID(int=6, version=4)

numbers = count(1)


def main(arguments: list[str]) -> int:
    """Print the seconds from the last tap to the first answer that shows it; exit 1 where one takes over 60."""
    parser = argparse.ArgumentParser(prog="deploy/bench fresh")
    parser.add_argument("--json", action="store_true")
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder, ExitStack() as stack:
        media = Path(folder) / "media"
        url = f"sqlite:///{Path(folder) / 'shop.sqlite'}"
        key = furnish(url, media)
        settings = {"DATABASE_URL": url, "MEDIA_DIR": str(media), "SECURE_COOKIES": "0", "HOLD_OUT": "0"}
        servers = [
            stack.enter_context(served("server.process:application", threads=8, **settings))
            for _ in range(PROCESSES)
        ]
        seconds = _measured(servers, key)
    figures = {f"process {place} seconds": round(one, 1) for place, one in enumerate(seconds, start=1)}
    print(json.dumps(figures) if chosen.json else "  ".join(f"{what} {value}" for what, value in figures.items()))
    return 0 if max(seconds) <= 60 else 1


def _measured(servers: Sequence[str], key: str) -> list[float]:
    one, other, wanted = _unlinked(servers[0], key)
    for _ in range(VISITS):
        visit = uuid4()
        _tap(servers[0], key, one, visit)
        _tap(servers[0], key, other, visit)
    began = time.monotonic()
    seconds = [float("inf")] * len(servers)
    while max(seconds) == float("inf") and time.monotonic() - began < PATIENCE_SECONDS:
        for place, server in enumerate(servers):
            if seconds[place] == float("inf") and wanted in _listed(_tap(server, key, one, uuid4())):
                seconds[place] = time.monotonic() - began
        time.sleep(0.5)
    return seconds


def _unlinked(server: str, key: str) -> tuple[str, str, str]:
    """Return the tags of two products, the second not suggested with the first, and the second's id."""
    cards = {tag.uid: _tap(server, key, tag.uid, uuid4()) for tag in demo_tags()}
    goods = {uid: card for uid, card in cards.items() if card["card"]["kind"] == "product" and card["goes_with"]}
    shown = {tile for card in goods.values() for tile in _listed(card)}
    for uid, card in goods.items():
        for other, told in goods.items():
            product = told["card"]["product_id"]
            if product in shown - _listed(card) - {card["card"]["product_id"]}:
                return uid, other, product
    msg = "every product is suggested with every other: there is nothing to measure"
    raise RuntimeError(msg)


def _listed(answer: dict[str, Any]) -> set[str]:
    return {tile["product_id"] for tile in answer["goes_with"]}


def _tap(server: str, key: str, uid: str, visit: UUID) -> dict[str, Any]:
    tap = {
        "tap_id": str(uuid4()),
        "visit_id": str(visit),
        "occurred_at": datetime.now(UTC).isoformat(),
        "epoch": str(EPOCH),
        "seq": next(numbers),
        "uid": uid,
    }
    asked = urllib.request.Request(  # noqa: S310 - our own address
        f"{server}/api/v1/taps",
        data=json.dumps(tap).encode(),
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(asked, timeout=20) as answer:  # noqa: S310 - our own address
        told: dict[str, Any] = json.load(answer)
        return told
