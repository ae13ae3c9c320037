"""A card tapped while the server was away: once delivered, nothing of it stays on the kiosk's disk."""

from __future__ import annotations

import json
import random
from pathlib import Path

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.sync import Sync
from server.wire import BatchAnswer
from tests.clock import NOW, FakeClock
from tests.kiosk.stand_ins import UID, AnyServer, Reply, good, make_agent

BAND = "04DDEEFF001122"


def knows_the_band(path: str, body: bytes) -> Reply | None:
    """Answer a batch as the server does to which the band is a customer's."""
    if not path.endswith("/batch"):
        return good(path, body)
    taps = json.loads(body)["taps"]
    ids = tuple(tap["tap_id"] for tap in taps)
    cards = tuple(tap["tap_id"] for tap in taps if tap["uid"] == BAND and tap["forgets"])
    answer = BatchAnswer(accepted=ids, duplicates=(), refused=(), server_time=NOW, forget=cards)
    return 200, "application/json", answer.model_dump_json().encode()


def test_a_card_that_waited_leaves_the_kiosk_once_it_is_delivered(tmp_path: Path) -> None:
    clock = FakeClock()
    with AnyServer(knows_the_band) as server:
        agent = make_agent(tmp_path, server.address, clock)
        for uid in (UID, BAND):
            agent.listen(Arrived(TagRead(uid, "NTAG213", None, Outcome.OK)))
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert any(BAND.encode() in path.read_bytes() for path in files)
        clock.advance(10)
        Sync(agent, now=clock, chance=random.Random(1), boot_id="b").drain_all()
        assert agent.outbox.counts() == {"acked": 1}
        left = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert not any(BAND.encode() in path.read_bytes() for path in left)
