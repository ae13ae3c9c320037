"""Taps every demo tag once through radio, nfcpy, agent, server and back, and says what it saw."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from hardware.virtual import VirtualTag
from server.db import open_engine
from server.tags.alarms.models import TagAlarm
from server.tags.models import Tag
from server.timeline.models import Event
from shop.open_shop import OpenShop
from shop.stock_up import DemoTag, demo_tags
from shop.table import virtual
from shop.wallet import Odd, wallet

PATIENCE = 10.0
AWHILE = 1.2
"""Seconds until the same tag, lost again, is news again."""


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
    return [words for odd in wallet().values() if (words := _odd_one(shop, odd))]


def _odd_one(shop: OpenShop, odd: Odd) -> str:
    before, number, name = _events(shop, None), _told(shop)["number"], odd.name["en"]
    for _ in range(odd.times):
        odd.lay(shop.fields["kiosk"])
        shown = _until(
            lambda: _told(shop)["number"] > number and _screen(shop)[0] == odd.shows,
            AWHILE if odd.times > 1 else PATIENCE,
        )
    stored = _until(lambda: len(_events(shop, None) - before) == odd.events)
    _take(shop)
    time.sleep(0.3)  # an event too many would come late
    fresh = _events(shop, None) - before
    if not shown or not stored or len(fresh) != odd.events:
        seen = _screen(shop)[0]
        return f"{name}: shown {seen!r} instead of {odd.shows!r}, {len(fresh)} events instead of {odd.events}"
    if trouble := _trust(shop, odd):
        return f"{name}: {trouble}"
    print(f"ok      {name}: {odd.shows}")
    return ""


def _trust(shop: OpenShop, odd: Odd) -> str:
    """Return what is wrong with what the server thinks of a tag; alarms are raised a little after the answer."""
    uid = odd.tags[0].uid.hex().upper()
    if odd.verified and not _until(lambda: _counter(shop, uid) > 0):
        return "its signature was not found good"
    if odd.alarm and not _until(lambda: _alarms(shop, uid) == {odd.alarm}):
        return f"alarms {sorted(_alarms(shop, uid))} instead of {odd.alarm!r}"
    if not odd.alarm and _alarms(shop, uid):
        return f"alarms {sorted(_alarms(shop, uid))} where there should be none"
    return ""


def _counter(shop: OpenShop, uid: str) -> int:
    return max(_column(shop, select(Tag.counter).where(Tag.uid == uid)), default=0)


def _alarms(shop: OpenShop, uid: str) -> set[str]:
    return {str(kind) for kind in _column(shop, select(TagAlarm.kind).where(TagAlarm.uid == uid))}


def _column(shop: OpenShop, wanted: Select[tuple[Any]]) -> list[Any]:
    engine = open_engine(shop.database)
    with Session(engine) as session:
        found = list(session.scalars(wanted))
    engine.dispose()
    return found


def _lay(shop: OpenShop, tag: VirtualTag) -> None:
    shop.fields["kiosk"].lay(tag)


def _take(shop: OpenShop) -> None:
    shop.fields["kiosk"].take()
    time.sleep(0.12)  # the reader must see the empty field twice


def _until(true: Callable[[], bool], patience: float = PATIENCE) -> bool:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        if true():
            return True
        time.sleep(0.02)
    return False


def _screen(shop: OpenShop) -> tuple[str, bool]:
    """Return what the kiosk shows, and whether it is the server's own answer."""
    told = _told(shop)
    return told["subject"], told["live"]


def _told(shop: OpenShop) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{shop.ports.kiosk}/healthz", timeout=5) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


def _events(shop: OpenShop, uid: str | None) -> set[tuple[str, str | None]]:
    engine = open_engine(shop.database)
    wanted = select(Event.id, Event.product_id, Event.sign_id).where(Event.device_id == "kiosk-madrid")
    wanted = wanted.where(Event.tag_uid == uid) if uid else wanted.where(Event.tag_uid.is_not(None))
    with Session(engine) as session:
        found = {(str(key), product or sign) for key, product, sign in session.execute(wanted)}
    engine.dispose()
    return found
