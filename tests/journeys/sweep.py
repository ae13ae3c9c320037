"""What the sweeps share: a real agent under strace, and what reached the server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.kiosk.stand_ins import AnyServer


def strace_or_skip() -> str:
    """Return the path of strace."""
    found = shutil.which("strace")
    if found is None:
        sentence = "strace is not here: on Debian, `apt-get install strace` brings it."
        if os.environ.get("SHELFTALKER_TEST_ALL") == "1":
            pytest.fail(sentence)
        pytest.skip(sentence)
    return found


def run(server: str, folder: Path, taps: int, prefix: list[str]) -> int:
    """Run an agent that taps so often and return its exit code; with 0 taps it only delivers what waits."""
    command = [*prefix, sys.executable, "-m", "tests.kiosk.drive_agent", server, str(folder), str(taps)]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False, cwd=Path(__file__).parents[2])
    return done.returncode


def stored(server: AnyServer) -> set[str]:
    """Return the ids of the taps the server was sent."""
    ids = set()
    for path, body in server.asked:
        if path == "/api/v1/taps":
            ids.add(json.loads(body)["tap_id"])
        elif path == "/api/v1/taps/batch":
            ids |= {tap["tap_id"] for tap in json.loads(body)["taps"]}
    return ids
