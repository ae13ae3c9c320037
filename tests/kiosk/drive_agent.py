"""A real agent without screen or radio, for the kill sweep: taps on its own, and writes down what it promised."""

from __future__ import annotations

import os
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.agent import Agent
from kiosk.client import Client
from kiosk.given import Surroundings
from kiosk.outbox import Outbox
from kiosk.shelf import ShelfCopy
from kiosk.sync import Sync
from tests.clock import until


def main() -> None:
    """Tap so often on the server at argv[1], from folder argv[2]; with argv[3] = 0 only deliver what waits."""
    server, folder, taps = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    given = Surroundings(lambda: datetime.now(UTC), time.perf_counter, os.urandom, timedelta(seconds=60))
    outbox = Outbox(folder / "outbox.sqlite")
    agent = Agent(outbox=outbox, shelf=ShelfCopy(folder), client=Client(server, "stk_x"), given=given)
    if taps:
        threading.Thread(target=agent.run_live, daemon=True).start()
    with (folder / "promised.txt").open("a") as promised:
        for number in range(taps):
            agent.listen(Arrived(TagRead(f"04A1B2C3D4E5{number:02X}", "NTAG213", None, Outcome.OK)))
            promised.write(f"{agent.hops()[-1].tap_id}\n")
            promised.flush()
            time.sleep(0.01)
        if taps:  # what the disk refused is in memory only until the server has it
            until(lambda: agent.keeping.unrecorded == 0)
    if not taps:
        later = Sync(agent, now=lambda: datetime.now(UTC) + timedelta(seconds=10), chance=Random(1), boot_id="b")
        later.drain_all()


if __name__ == "__main__":
    main()
