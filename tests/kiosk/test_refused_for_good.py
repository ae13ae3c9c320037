"""A waiting tap the server will never take, in a batch refused as a whole, is put aside; the others arrive."""

from __future__ import annotations

import json
import random
from pathlib import Path

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.sync import Sync
from tests.clock import FakeClock
from tests.kiosk.stand_ins import UID, AnyServer, Reply, good, make_agent

BAD = "04DDEEFF001122"
PROBLEM = json.dumps({"detail": "Do not send it again."}).encode()


def refuses_bad(path: str, body: bytes) -> Reply | None:
    """Answer as the server does to a batch in which the database refuses one tap."""
    bad = path.endswith("/batch") and BAD.encode() in body
    return (422, "application/problem+json", PROBLEM) if bad else good(path, body)


def test_only_what_is_refused_for_good_is_put_aside(tmp_path: Path) -> None:
    clock = FakeClock()
    with AnyServer(refuses_bad) as server:
        agent = make_agent(tmp_path, server.address, clock)
        for uid in (UID, BAD, "04A1B2C3D4E502"):
            agent.listen(Arrived(TagRead(uid, "NTAG213", None, Outcome.OK)))
        clock.advance(10)
        Sync(agent, now=clock, chance=random.Random(1), boot_id="b").drain_all()
        assert agent.outbox.counts() == {"acked": 2, "refused": 1}
