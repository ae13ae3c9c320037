"""After any traffic, late, twice, in conflict or broken: counts equal a recount, and each event is out once."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from server.db import changed
from server.tags.models import Binding
from server.timeline.models import Event, EventHour, Outbox
from server.timeline.rollups import Hour, hour_of
from tests.clock import NOW, FakeClock
from tests.shopfloor import UIDS, as_device, tap

NAMES = ("Product Viewed", "Order Completed", "Own Name", "Product Added", "")


def recount(session: Session) -> Counter[Hour]:
    return Counter(hour_of(vars(event)) for event in session.scalars(select(Event)))


def counted(session: Session) -> Counter[Hour]:
    rows = session.scalars(select(EventHour))
    return Counter({(row.hour, row.store_id, row.channel, row.kind): row.events for row in rows if row.events})


def message(luck: random.Random) -> dict[str, Any]:
    """A message whose id may well have been used before, for this or something else."""
    return {
        "type": luck.choice(["track", "track", "page", "none"]),
        "event": luck.choice(NAMES),
        "messageId": f"m{luck.randrange(60)}",
        "anonymousId": luck.choice(["a", "b", None]),
        "timestamp": (NOW - timedelta(hours=luck.randrange(48))).isoformat(),
        "properties": luck.choice([{}, {"order_id": "1"}, {"price": "no"}]),
        "context": luck.choice([{}, {"store_id": "MAD"}]),
    }


@pytest.mark.parametrize("seed", range(2))
def test_counts_equal_a_recount_and_every_event_is_put_out_once(
    sources: Flask, engine: Engine, clock: FakeClock, seed: int
) -> None:
    luck = random.Random(seed)
    client = sources.test_client()
    for _ in range(40):
        clock.advance(luck.randrange(900))
        if luck.random() < 0.4:
            body = tap(luck.randrange(30), luck.choice(list(UIDS.values())), age_ms=luck.randrange(10**8))
            client.post("/api/v1/taps", json=body, headers=as_device("kiosk"))
            continue
        sent = {"batch": [message(luck) for _ in range(luck.randrange(8))], "sentAt": clock().isoformat()}
        key = luck.choice(["wk_store42", "wk_web"])
        assert client.post("/v1/batch", json=sent, headers={"X-Write-Key": key}).status_code == 200
    with Session(engine) as session:
        assert counted(session) == recount(session)
        ids = list(session.scalars(select(Event.id)))
        assert len(ids) > 20
        assert sorted(session.scalars(select(Outbox.event_id))) == sorted(ids)


def test_a_tap_put_right_after_it_was_written_is_counted_as_what_it_is(sources: Flask, engine: Engine) -> None:
    client = sources.test_client()
    client.post("/api/v1/taps", json=tap(1), headers=as_device("kiosk"))
    with Session(engine) as session, session.begin():
        session.execute(
            update(Binding).where(Binding.uid == UIDS["boot"]).values(target_kind="sign", target_id="autumn")
        )
        changed(session, "MAD")
    client.post("/api/v1/taps", json=tap(2), headers=as_device("kiosk"))
    with Session(engine) as session:
        assert counted(session) == recount(session)
        assert sorted(event.kind for event in session.scalars(select(Event))) == ["product_tapped", "sign_tapped"]
