"""What a kiosk lists from its own copy: right at its moment, and told with the tap where no answer replaced it."""

from __future__ import annotations

import json
import random
import threading
from datetime import timedelta
from pathlib import Path

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.screen import Showing
from kiosk.sync import Sync
from server.wire import ListsFrom, Tile
from tests.clock import NOW, FakeClock, until
from tests.kiosk.stand_ins import UID, AnyServer, make_agent, shelf


def tile(product: str, reason: str) -> Tile:
    return Tile(product_id=product, name={"en": product}, picture=None, price=None, reason_kind=reason)


LATER = ListsFrom(
    starts=NOW + timedelta(hours=1), goes_with={"boot": (tile("scarf", "pinned"),)}, models={"boot": 5}
)
LISTS = {
    "goes_with": {"boot": (tile("sock", "alike"), tile("cap", "popular_here"))},
    "models": {"boot": 5},
    "later": (LATER,),
}
READ = Arrived(TagRead(UID, "NTAG213", None, Outcome.OK))


def test_lists_shown_while_the_server_was_away_are_told_with_their_taps(tmp_path: Path) -> None:
    clock = FakeClock()
    with AnyServer() as server:
        agent = make_agent(tmp_path, server.address, clock)
        agent.shelf.take(shelf(**LISTS))
        agent.listen(READ)
        clock.advance(3600)
        agent.listen(READ)
        view = agent.state().view
        assert isinstance(view, Showing)
        assert [one.product_id for one in view.goes_with] == ["scarf"]
        clock.advance(10)
        Sync(agent, now=clock, chance=random.Random(1), boot_id="b").drain_all()
    ((_, body),) = [asked for asked in server.asked if asked[0] == "/api/v1/taps/batch"]
    assert [one["listed"] for one in json.loads(body)["taps"]] == [
        {
            "model": 5,
            "tiles": [
                {"product_id": "sock", "reason": "alike"},
                {"product_id": "cap", "reason": "popular_here"},
            ],
        },
        {"model": 5, "tiles": [{"product_id": "scarf", "reason": "pinned"}]},
    ]


def test_a_tap_that_is_answered_tells_of_no_list(tmp_path: Path) -> None:
    clock = FakeClock()
    with AnyServer() as server:
        agent = make_agent(tmp_path, server.address, clock)
        agent.shelf.take(shelf(**LISTS))
        threading.Thread(target=agent.run_live, daemon=True).start()
        agent.listen(READ)
        until(lambda: agent.outbox.counts() == {"acked": 1})
        agent.stop()
    assert [json.loads(body)["listed"] for path, body in server.asked if path == "/api/v1/taps"] == [None]
