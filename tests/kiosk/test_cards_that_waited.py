"""A card tapped while the server was away: once delivered, nothing of it stays on the kiosk's disk."""

from __future__ import annotations

import json
import random
import threading
from pathlib import Path

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.screen import Showing
from kiosk.sync import Sync
from server.wire import BatchAnswer, TapAnswer, UnknownCard
from tests.clock import NOW, FakeClock, until
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


def forgets_the_band(path: str, body: bytes) -> Reply | None:
    """Answer a tap as the server does to which the band was a customer's who is erased."""
    if path != "/api/v1/taps" or BAND.encode() not in body:
        return good(path, body)
    tap = json.loads(body)
    card, told = UnknownCard(), {"tap_id": tap["tap_id"], "stored": "accepted", "server_time": NOW}
    answer = TapAnswer.model_validate({**told, "card": card, "forget": tap["forgets"]})
    return 200, "application/json", answer.model_dump_json().encode()


def test_a_card_of_somebody_erased_leaves_no_trace_and_the_screen_tells_no_untruth(tmp_path: Path) -> None:
    with AnyServer(forgets_the_band) as server:
        agent = make_agent(tmp_path, server.address, FakeClock())
        threading.Thread(target=agent.run_live, daemon=True).start()
        agent.listen(Arrived(TagRead(BAND, "NTAG213", None, Outcome.OK)))
        until(lambda: agent.outbox.counts() == {})
        view = agent.state().view
        assert isinstance(view, Showing)
        assert view.forgotten
        agent.stop()
        left = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert not any(BAND.encode() in path.read_bytes() for path in left)
