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
from uuid import UUID

from playwright.sync_api import Page, sync_playwright
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

SETTLED, SHORTLY = 0.7, 0.1
"""Seconds between a tag taken away and the next laid down: a reader at rest, and a queue of shoppers."""
GOALS = {"laid down to painted": (60.0, 150.0), "  of it reading the tag": (5.0, 5.0)}


def main(arguments: list[str]) -> int:
    """Print p50 and p95 in milliseconds of the whole way and of each hop, after a long pause and a short one."""
    parser = argparse.ArgumentParser(prog="deploy/bench screen", description=__doc__)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--taps", type=int, default=100)
    chosen = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder:
        laid = _run(Path(folder), chosen.taps)
    figures = {
        pause: {name: _both([hop[name] for hop in hops]) for name in hops[0]} for pause, hops in laid.items()
    }
    if chosen.json:
        print(json.dumps({"taps": chosen.taps, **{f"pause {pause} s": told for pause, told in figures.items()}}))
        return 0
    for pause, told in figures.items():
        print(f"{chosen.taps} taps, {pause} s apart, milliseconds   p50      p95     goal")
        for name, (middle, high) in told.items():
            goal = "/".join(f"{one:.0f}" for one in GOALS.get(name, ()))
            print(f"  {name:36}{middle:7.1f}  {high:7.1f}  {goal:>7}")
    return 0


def _both(values: list[float]) -> tuple[float, float]:
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]


def _run(folder: Path, taps: int) -> dict[float, list[dict[str, float]]]:
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


def _watch(agent: Agent, field: VirtualField, port: int, taps: int) -> dict[float, list[dict[str, float]]]:
    chromium = os.environ.get("SHELFTALKER_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=chromium, args=["--disable-gpu", *root])
        view = browser.new_page(viewport={"width": 1280, "height": 800})
        view.goto(f"http://127.0.0.1:{port}/")
        view.wait_for_selector(".attract")
        _lay(agent, field, view, taps=5, pause=SETTLED)  # the first ones warm up
        laid = {pause: _lay(agent, field, view, taps=taps, pause=pause) for pause in (SETTLED, SHORTLY)}
        browser.close()
    return laid


def _lay(agent: Agent, field: VirtualField, view: Page, *, taps: int, pause: float) -> list[dict[str, float]]:
    tags, shares = demo_tags(), []
    for number in range(taps):
        view.wait_for_timeout(pause * 1000)
        before = {hop.tap_id for hop in agent.hops()}
        began = time.perf_counter()
        field.lay(virtual(tags[number % len(tags)]))
        shares.append(_shares(_done(agent, before, view), began))
        field.take()
    return shares


def _done(agent: Agent, before: set[UUID], view: Page) -> Hops:
    for _ in range(500):
        new = [hop for hop in agent.hops() if hop.tap_id not in before]
        if new and new[0].painted and new[0].answered:
            return new[0]
        view.wait_for_timeout(10)  # Playwright must go on listening
    msg = "a tap was not painted and answered within five seconds"
    raise RuntimeError(msg)


def _shares(hop: Hops, began: float) -> dict[str, float]:
    return {
        "laid down to painted": (hop.painted - began) * 1000,
        "  of it waiting to be noticed": (hop.arrived - began) * 1000 - hop.read_ms,
        "  of it reading the tag": hop.read_ms,
        "  of it keeping it on disk": (hop.kept - hop.arrived) * 1000,
        "  of it telling the page": (hop.shown - hop.kept) * 1000,
        "  of it painting and saying so": (hop.painted - hop.shown) * 1000,
        "server's answer, after reading": (hop.answered - hop.arrived) * 1000,
    }
