"""Tag laid down to product painted in Chromium: p50 and p95, with each hop's share."""

from __future__ import annotations

import argparse
import json
import os
import shutil
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from playwright.sync_api import sync_playwright
from waitress.server import create_server

from benches.machines import furnish, served
from hardware.choose import open_reader
from hardware.supervisor import Supervisor
from hardware.virtual import VirtualField
from kiosk.agent import Agent
from kiosk.client import Client
from kiosk.given import Hops, Surroundings
from kiosk.outbox import Outbox
from kiosk.shelf import ShelfCopy
from kiosk.sync import Sync
from kiosk.web import create_app
from shop.open_shop import Ports
from shop.stock_up import demo_tags
from shop.table import virtual


def main(arguments: list[str]) -> int:
    """Print p50 and p95 in milliseconds of the whole way and of each hop."""
    parser = argparse.ArgumentParser(prog="deploy/bench screen")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--taps", type=int, default=100)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder:
        laid = _run(Path(folder), chosen.taps)
    figures = {name: _both([hop[name] for hop in laid]) for name in laid[0]}
    if chosen.json:
        print(json.dumps({"taps": len(laid), **figures}))
    else:
        print(f"{len(laid)} taps, milliseconds     p50      p95")
        for name, (middle, high) in figures.items():
            print(f"  {name:32}{middle:7.1f}  {high:7.1f}")
    return 0


def _both(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]


def _run(folder: Path, taps: int) -> list[dict[str, float]]:
    url = f"sqlite:///{folder / 'shop.sqlite'}"
    key = furnish(url, folder / "media")
    settings = {"DATABASE_URL": url, "MEDIA_DIR": str(folder / "media"), "SECURE_COOKIES": "0"}
    with served("server.process:application", threads=16, **settings) as server, VirtualField() as field:
        port = Ports.free().kiosk
        agent = _agent(folder / "kiosk", server, key)
        Sync(agent, now=_now, chance=Random(1), boot_id="bench").fetch_shelf()
        reader = open_reader(field.reader, clock=time.perf_counter, wait=time.sleep)
        supervisor = Supervisor(reader, agent.listen, print, clock=time.perf_counter)
        page = create_server(
            create_app(agent, port=port, secret=os.urandom(8).hex()), host="127.0.0.1", port=port, threads=12
        )
        threading.Thread(target=page.run, daemon=True).start()
        threading.Thread(target=agent.run_live, daemon=True).start()
        supervisor.start()
        try:
            return _watch(agent, field, port, taps)
        finally:
            supervisor.stop()
            agent.stop()


def _now() -> datetime:
    return datetime.now(UTC)


def _agent(folder: Path, server: str, key: str) -> Agent:
    given = Surroundings(_now, time.perf_counter, os.urandom, timedelta(seconds=300))
    return Agent(
        outbox=Outbox(folder / "outbox.sqlite"), shelf=ShelfCopy(folder), client=Client(server, key), given=given
    )


def _watch(agent: Agent, field: VirtualField, port: int, taps: int) -> list[dict[str, float]]:
    tags = demo_tags()
    chromium = os.environ.get("SHELFTALKER_CHROMIUM") or shutil.which("chromium")
    laid = []
    with sync_playwright() as playwright:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu", *root])
        view = browser.new_page(viewport={"width": 1280, "height": 800})
        view.goto(f"http://127.0.0.1:{port}/")
        view.wait_for_selector(".attract")
        for number in range(taps + 5):
            view.wait_for_timeout(700)  # an empty reader that has settled, as a shopper finds it
            began = time.perf_counter()
            field.lay(virtual(tags[number % len(tags)]))
            hop = _painted(agent, number + 1, view)
            if number >= 5:  # the first ones warm up
                laid.append(_shares(hop, began))
            field.take()
        browser.close()
    return laid


def _painted(agent: Agent, count: int, view: object) -> Hops:
    for _ in range(500):
        if len(agent.hops()) == count and agent.hops()[-1].painted:
            return agent.hops()[-1]
        view.wait_for_timeout(10)  # type: ignore[attr-defined]  # Playwright must go on listening
    msg = "a tap was not painted within five seconds"
    raise RuntimeError(msg)


def _shares(hop: Hops, began: float) -> dict[str, float]:
    return {
        "laid down to painted": (hop.painted - began) * 1000,
        "laid down to noticed and read": (hop.arrived - began) * 1000,
        "  of it reading the tag": hop.read_ms,
        "read to kept on disk": (hop.kept - hop.arrived) * 1000,
        "kept to told to the page": (hop.shown - hop.kept) * 1000,
        "told to painted and reported": (hop.painted - hop.shown) * 1000,
        "server's answer after reading": (hop.answered - hop.arrived) * 1000 if hop.answered else 0.0,
    }
