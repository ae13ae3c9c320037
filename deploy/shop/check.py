"""Taps every demo tag once through radio, nfcpy, agent, server and back, and says what it saw."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable

from sqlalchemy import select
from sqlalchemy.orm import Session

from hardware.virtual import VirtualTag
from server.db import open_engine
from server.timeline.models import Event
from shop.open_shop import OpenShop
from shop.stock_up import DemoTag, demo_tags
from shop.table import FOREIGN, virtual, wallet

PATIENCE = 10.0


def check(shop: OpenShop) -> int:
    """Return 0 where every tag did what it means, 1 otherwise; prints a line a tag."""
    failures = [words for tag in demo_tags() if (words := _tap_one(shop, tag))]
    failures += _odd_ones(shop)
    for words in failures:
        print(f"FAILED  {words}")
    print(f"{len(demo_tags()) + len(wallet()) - len(failures)} passed, {len(failures)} failed")
    return 1 if failures else 0


def _tap_one(shop: OpenShop, tag: DemoTag) -> str:
    before = _events(shop, tag.uid)
    _lay(shop, virtual(tag))
    subject = tag.product or tag.target
    shown = _until(lambda: _screen(shop) == (subject, True))
    stored = _until(lambda: _events(shop, tag.uid) - before != set())
    _take(shop)
    meant = {one[1] for one in _events(shop, tag.uid) - before}
    name = f"{tag.uid} {tag.chip} {tag.target}"
    if not shown or not stored or meant != {subject} or len(_events(shop, tag.uid) - before) != 1:
        return f"{name}: shown {_screen(shop)}, stored {sorted(meant)}"
    print(f"ok      {name}")
    return ""


def _odd_ones(shop: OpenShop) -> list[str]:
    failures = []
    for key, (name, odd) in wallet().items():
        before = _events(shop, None)
        _lay(shop, odd)
        time.sleep(0.8)
        fresh = _events(shop, None) - before
        _take(shop)
        expected = 0 if key in FOREIGN else 1
        if len(fresh) != expected:
            failures.append(f"{key} ({name['en']}): {len(fresh)} events instead of {expected}")
        else:
            print(f"ok      {name['en']}: {_screen(shop)[0] or 'a notice'}")
    return failures


def _lay(shop: OpenShop, tag: VirtualTag) -> None:
    shop.fields["kiosk"].lay(tag)


def _take(shop: OpenShop) -> None:
    shop.fields["kiosk"].take()
    time.sleep(0.12)  # the reader must see the empty field twice


def _until(true: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def _screen(shop: OpenShop) -> tuple[str, bool]:
    """Return what the kiosk shows, and whether it is the server's own answer."""
    with urllib.request.urlopen(f"http://127.0.0.1:{shop.ports.kiosk}/healthz", timeout=5) as answer:
        told = json.load(answer)
    return told.get("subject", ""), bool(told.get("live"))


def _events(shop: OpenShop, uid: str | None) -> set[tuple[str, str | None]]:
    engine = open_engine(shop.database)
    wanted = select(Event.id, Event.product_id, Event.sign_id).where(Event.device_id == "kiosk-madrid")
    wanted = wanted.where(Event.tag_uid == uid) if uid else wanted.where(Event.tag_uid.is_not(None))
    with Session(engine) as session:
        found = {(str(key), product or sign) for key, product, sign in session.execute(wanted)}
    engine.dispose()
    return found
