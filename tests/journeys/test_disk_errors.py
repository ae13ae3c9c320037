"""The n-th write or fsync of the agent's disk fails: it goes on, and what it promised is on the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.sweep import run, stored, strace_or_skip
from tests.kiosk.stand_ins import AnyServer

TAPS = 10
FAULTS = [
    *(("fdatasync", "EIO", when) for when in ("4", "11", "13", "16", "11+")),
    *(("pwrite64", "EIO", when) for when in ("40", "48", "56")),
    ("pwrite64", "ENOSPC", "44+"),
]
"""System call, error, and which of a thread's calls fails; `+` for that one and all after it."""


@pytest.mark.timeout(300)
def test_every_promised_tap_arrives_though_the_disk_fails(tmp_path: Path) -> None:
    strace = strace_or_skip()
    outlived = 0
    with AnyServer() as server:
        for call, error, when in FAULTS:
            folder = tmp_path / f"{call}-{when}"
            folder.mkdir()
            inject = f"inject={call}:error={error}:when={when}"
            trace = [strace, "-f", "-qq", "-o", str(folder / "trace"), "-e", f"trace={call}", "-e", inject]
            code = run(server.address, folder, TAPS, trace)
            assert "(INJECTED)" in (folder / "trace").read_text(), f"{call} {when}: the fault never fired"
            promised = written(folder)
            assert len(promised) == (0 if code else TAPS), f"{call} {when}: it died of it half-way"
            outlived += code == 0
            assert run(server.address, folder, 0, []) == 0
            assert promised <= stored(server), f"{call} {when}: {promised - stored(server)}"
    assert outlived >= 7, "most faults kept the agent from starting: the sweep proves too little"


def written(folder: Path) -> set[str]:
    """Return the ids the agent promised."""
    promised = folder / "promised.txt"
    return set(promised.read_text().split()) if promised.exists() else set()
