"""The agent is killed at each system call that matters; what it promised is on the server, as sets of ids."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kiosk.stand_ins import AnyServer

POSITIONS = {
    "fdatasync": range(1, 16),
    "pwrite64": range(2, 44, 3),
    "sendto": range(1, 15),
    "recvfrom": range(1, 15),
}
TAPS = 10


def run(server: str, folder: Path, taps: int, prefix: list[str]) -> int:
    command = [*prefix, sys.executable, "-m", "tests.kiosk.drive_agent", server, str(folder), str(taps)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, cwd=Path(__file__).parents[2])
    return done.returncode


def stored(server: AnyServer) -> set[str]:
    ids = set()
    for path, body in server.asked:
        if path == "/api/v1/taps":
            ids.add(json.loads(body)["tap_id"])
        elif path == "/api/v1/taps/batch":
            ids |= {tap["tap_id"] for tap in json.loads(body)["taps"]}
    return ids


@pytest.mark.timeout(400)
def test_every_promised_tap_arrives_however_the_agent_dies(tmp_path: Path) -> None:
    strace = shutil.which("strace")
    if strace is None:
        if os.environ.get("SHELFTALKER_TEST_ALL") == "1":
            pytest.fail("strace is not here: on Debian, `apt-get install strace` brings it.")
        pytest.skip("strace is not here: on Debian, `apt-get install strace` brings it.")
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
