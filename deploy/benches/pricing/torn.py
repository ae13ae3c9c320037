"""Edits and taps in turn: whether any answer mixes two states of the shop, or is older than what was committed."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine, create_engine, delete, text, update
from sqlalchemy.orm import Session

from server.access.models import Store
from server.access.rules import Device
from server.catalogue.models import Price
from server.db import open_engine
from server.migrations import upgrade
from server.promotions.cards import product_cards, tiles
from server.promotions.models import Promotion, PromotionVersion
from server.promotions.saving import save
from server.taps.answering import TapDesk
from server.taps.taking import take_one
from server.taps.ways import InThread, finished
from tests.clock import NOW, FakeClock
from tests.postgres import NoPostgres, cluster
from tests.shopfloor import BOOT_38, BOOT_39, SOCK, UIDS, furnish, open_app, tap

KIOSK = Device("kiosk", "MAD", "kiosk", "kiosk")
TAPS_AN_EDIT = 20

Seen = Counter[tuple[int, str]]
"""How often each content was answered, by the revision its card names."""


@dataclass(frozen=True, slots=True)
class Board:
    """What editor and tappers tell each other, over processes: taps answered, and the newest revision."""

    answered: Any
    committed: Any
    told: Any
    """What each that taps has to tell in the end."""


def both(taps: int) -> dict[str, dict[str, int]]:
    """Sweep on SQLite and PostgreSQL, two processes of four threads each; return what was found by engine."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder:
        url = f"sqlite:///{Path(folder) / 'shop.sqlite'}"
        upgrade(url)
        found["sqlite"] = sweep(url, taps)
        try:
            with cluster(Path(folder) / "postgres") as running:
                engine = create_engine(running.url("postgres"), isolation_level="AUTOCOMMIT")
                with engine.connect() as connection:
                    connection.execute(text("CREATE DATABASE shop"))
                engine.dispose()
                upgrade(running.url("shop"))
                found["postgres"] = sweep(running.url("shop"), taps)
        except NoPostgres as missing:
            print(missing)
    return found


def sweep(url: str, taps: int, *, processes: int = 2, threads: int = 4) -> dict[str, int]:
    """Tap so often in an up-to-date, empty database while prices and promotions change; count what is wrong.

    `torn`: answers that are none of the states that were committed. `stale`: answers older than an edit that
    was committed before the tap was sent. No `processes` means a thread of this one.
    """
    engine = open_engine(url)
    with Session(engine) as session:
        furnish(session)
    states = dict([_edit(engine, 0)])
    several = multiprocessing.get_context("spawn")
    board = Board(several.Value("q", 0), several.Value("q", max(states)), several.Queue())
    start = several.Process if processes else threading.Thread
    share = taps // max(1, processes)
    tapping = [start(target=tap_many, args=(url, share, threads, board)) for _ in range(max(1, processes))]
    for one in tapping:
        one.start()
    states |= _edit_along(engine, lambda: any(one.is_alive() for one in tapping), board)
    told = [board.told.get() for _ in tapping]
    for one in tapping:
        one.join()
    engine.dispose()
    seen = sum((answers for answers, _ in told), Seen())
    torn = sum(count for (revision, content), count in seen.items() if states.get(revision) != content)
    return {
        "answers": sum(seen.values()),
        "edits": len(states),
        "states seen": len({revision for revision, _ in seen}),
        "torn": torn,
        "stale": sum(stale for _, stale in told),
    }


def _edit_along(engine: Engine, tapping: Callable[[], bool], board: Board) -> dict[int, str]:
    """Change the shop each time so many taps were answered, while there are taps."""
    states: dict[int, str] = {}
    number, due, pause = 0, TAPS_AN_EDIT, threading.Event()
    while board.told.empty() and tapping():
        if board.answered.value < due:
            pause.wait(0.001)
            continue
        number, due = number + 1, due + TAPS_AN_EDIT
        revision, content = _edit(engine, number)
        board.committed.value = revision
        states[revision] = content
    return states


def _edit(engine: Engine, number: int) -> tuple[int, str]:
    """Put the shop into state `number` in one transaction; return its revision and what a tap must be answered."""
    rule = {"kind": "percent", "percent": 10 + number % 50, "everything": True}
    with Session(engine) as session, session.begin():
        for gtin, minor in ((BOOT_38, 10_000 + number), (BOOT_39, 20_000 + number), (SOCK, 30_000 + number)):
            session.execute(update(Price).where(Price.gtin == gtin).values(minor=minor))
        save(session, Promotion(id="offer", headline={"en": f"state {number}"}, rule=rule), now=NOW)
        session.execute(delete(PromotionVersion).where(PromotionVersion.replaced_at.is_not(None)))
    with Session(engine) as session:  # nobody else edits: what is read now is this state
        store = session.get_one(Store, "MAD")
        card = product_cards(session, store, [("boot", None)], now=NOW)["product:boot"]
        tile = tiles(session, store, ["sock"], now=NOW)["sock"]
    said = json.loads(card.model_dump_json())
    if f"state {number}" not in str(said["offers"]):
        msg = f"State {number} is not on its own card: the sweep is wrong, not the shop."
        raise AssertionError(msg)
    return card.revision, _content(said, [json.loads(tile.model_dump_json())])


def _content(card: dict[str, Any], goes_with: list[dict[str, Any]]) -> str:
    """Return what an answer says of the shop, as a hash; why a tile stands there is not of the shop."""
    shown = [{k: v for k, v in one.items() if k not in ("reason", "reason_kind")} for one in goes_with]
    return hashlib.sha256(json.dumps([card, shown], sort_keys=True).encode()).hexdigest()


def tap_many(url: str, taps: int, threads: int, board: Board) -> None:
    """Tap the boot so often over the real desk; tell what was answered, and how much of it was stale."""
    app = open_app(url, FakeClock())
    with ThreadPoolExecutor(threads) as pool:
        told = list(pool.map(lambda _: _tap(app.extensions["tap_desk"], taps // threads, board), range(threads)))
    app.extensions["house"].engine.dispose()
    board.told.put((sum((seen for seen, _ in told), Seen()), sum(stale for _, stale in told)))


def _tap(desk: TapDesk, taps: int, board: Board) -> tuple[Seen, int]:
    seen, stale = Seen(), 0
    for number in range(taps):
        newest = board.committed.value
        body = tap(number, UIDS["boot"]) | {"tap_id": str(uuid4()), "visit_id": str(uuid4())}
        answer = json.loads(finished(take_one(InThread(desk), KIOSK, json.dumps(body).encode())))
        with board.answered.get_lock():
            board.answered.value += 1
        revision = answer["card"]["revision"]
        seen[revision, _content(answer["card"], answer["goes_with"])] += 1
        stale += revision < newest
    return seen, stale
