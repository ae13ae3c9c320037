"""systemd hears that the agent is ready and alive, and hears nothing that keeps a hanging agent running."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardware.reader import Arrived
from hardware.tag import Outcome, TagRead
from kiosk.notify import Notifier, Watch, page_answers
from tests.clock import FakeClock, until
from tests.kiosk.stand_ins import UID, AnyServer, Reply, good, make_agent
from tests.ports import free_port


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    """The socket systemd listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(30)
        yield listening


def heard(systemd: socket.socket) -> list[str]:
    return systemd.recv(4096).decode().split("\n")


def test_the_watchdog_is_fed_only_while_every_part_moves(systemd: socket.socket) -> None:
    moves = {"the page": True, "the live answers": True}
    parts = {name: (lambda name=name: moves[name]) for name in moves}
    watch = Watch(Notifier(systemd.getsockname()), parts, lambda: "Ready for taps.")
    assert watch.look() == []
    assert heard(systemd) == ["READY=1", "WATCHDOG=1", "STATUS=Ready for taps."]
    moves["the page"] = False
    assert watch.look() == ["the page"]
    assert heard(systemd) == ["STATUS=Stands still: the page."]
    moves["the page"] = True
    watch.look()
    assert heard(systemd) == ["WATCHDOG=1", "STATUS=Ready for taps."]


def test_nobody_listening_is_no_reason_to_stop(tmp_path: Path) -> None:
    Notifier("").tell("READY=1")
    Notifier(str(tmp_path / "nobody")).tell("READY=1")


def test_a_page_that_accepts_but_never_answers_stands_still() -> None:
    with socket.socket() as hanging:
        hanging.bind(("127.0.0.1", 0))
        hanging.listen()
        assert not page_answers(hanging.getsockname()[1])


def test_an_answer_that_never_ends_stands_still(tmp_path: Path) -> None:
    go_on = threading.Event()

    def endless(path: str, body: bytes) -> Reply | None:
        go_on.wait(10)
        return good(path, body)

    with AnyServer(endless) as server:
        agent = make_agent(tmp_path, server.address, FakeClock())
        assert not agent.live_moving(), "nobody runs it yet"
        threading.Thread(target=agent.run_live, daemon=True).start()
        agent.listen(Arrived(TagRead(UID, "NTAG213", None, Outcome.OK)))
        until(lambda: not agent.live_moving())  # each look at the agent's counter is a second
        go_on.set()
        until(agent.live_moving)
        agent.stop()


def test_the_real_agent_says_ready_and_feeds_the_watchdog(tmp_path: Path, systemd: socket.socket) -> None:
    with AnyServer() as server:
        settings = {
            "SHELFTALKER_SERVER": server.address,
            "SHELFTALKER_KEY": "stk_x",
            "SHELFTALKER_READER": "scripted",
            "SHELFTALKER_STATE": str(tmp_path / "state"),
            "SHELFTALKER_PORT": str(free_port()),
            "NOTIFY_SOCKET": systemd.getsockname(),
            "WATCHDOG_USEC": "3000000",
        }
        agent = subprocess.Popen([sys.executable, "-m", "kiosk"], env=os.environ | settings)
        try:
            first, second = heard(systemd), heard(systemd)
        finally:
            agent.terminate()
            agent.wait(15)
    assert first[0] == "READY=1"
    assert second[:2] == ["WATCHDOG=1", "STATUS=Ready for taps."]
