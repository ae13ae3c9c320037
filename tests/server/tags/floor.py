"""A shop with one kiosk, whose tags may be suspect, seen from outside."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.tags.alarms.models import TagAlarm
from server.tags.models import Tag
from server.wire import TapAnswer
from tests.clock import NOW, FakeClock
from tests.shopfloor import BOOT_38, SOCK, as_device, tap

BOOT = f"https://id.example/01/{BOOT_38}"
OTHER = f"https://anybody.example/01/{SOCK}"
SIGNING = "04AABBCCDDEE80"
STRANGER = "04FFFFFFFFFF01"
ORIGINAL = ("04E10CDA993C80", "8B76052EE42F5567BEB53238B3E3F9950707C0DCC956B5C5EFCFDB709B2D82B3")


class Floor:
    """A shop with one kiosk, seen from outside."""

    def __init__(self, app: Flask, engine: Engine, clock: FakeClock) -> None:
        self.app, self.engine, self.clock = app, engine, clock
        self.client = app.test_client()
        self._number = 0

    def tap(self, uid: str, *, kiosk: str = "kiosk", number: int | None = None, **more: object) -> TapAnswer:
        """Tap, and look at what the watch made of it; the answer must be one."""
        self._number += 1
        body = tap(number or self._number, uid, at=self.clock(), **more)
        response = self.client.post("/api/v1/taps", json=body, headers=as_device(kiosk))
        assert response.status_code == 200, response.get_data(as_text=True)
        self.app.extensions["tap_desk"].watch.settle()
        return TapAnswer.model_validate_json(response.data)

    def alarms(self, store: str = "MAD") -> dict[tuple[str, str], TagAlarm]:
        """Return the open alarms by tag and kind."""
        with Session(self.engine) as session:
            rows = session.scalars(select(TagAlarm).where(TagAlarm.store_id == store, TagAlarm.seen_at.is_(None)))
            return {(row.uid, row.kind): row for row in rows}

    def counter(self, uid: str) -> int:
        """Return the highest counter a tag showed."""
        with Session(self.engine) as session:
            row = session.get(Tag, uid)
            assert row
            return row.counter

    def enrol(self, uid: str, **more: object) -> None:
        """Enrol a tag."""
        with Session(self.engine) as session, session.begin():
            session.add(Tag(uid=uid, store_id="MAD", enrolled_at=NOW, **more))
