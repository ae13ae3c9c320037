"""The agent is killed at each system call that matters; what it promised is on the server, as sets of ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.sweep import run, stored, strace_or_skip
from tests.kiosk.stand_ins import AnyServer

POSITIONS = {
    "fdatasync": range(1, 16),
    "pwrite64": range(2, 44, 3),
    "sendto": range(1, 15),
    "recvfrom": range(1, 15),
}
TAPS = 10


@pytest.mark.timeout(400)
def test_every_promised_tap_arrives_however_the_agent_dies(tmp_path: Path) -> None:
    strace = strace_or_skip()
    kills = 0
    promised_by_all: set[str] = set()
    with AnyServer() as server:
        for call, positions in POSITIONS.items():
            for position in positions:
                folder = tmp_path / f"{call}-{position}"
                folder.mkdir()
                inject = f"inject={call}:signal=KILL:when={position}"
                code = run(
                    server.address,
                    folder,
                    TAPS,
                    [strace, "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject],
                )
                kills += code != 0
                assert run(server.address, folder, 0, []) == 0
                promised = (
                    set((folder / "promised.txt").read_text().split())
                    if (folder / "promised.txt").exists()
                    else set()
                )
                assert promised <= stored(server), f"{call} {position}: {promised - stored(server)}"
                promised_by_all |= promised
    assert kills >= 40, f"only {kills} kills happened: the sweep proves too little"
    assert promised_by_all, "nothing was promised: the sweep proves nothing"
