"""A server process settles down: what is there by then costs the garbage collector nothing any more."""

from __future__ import annotations

import subprocess
import sys

SETTLED = """
import gc
from server.process import leave_alone_what_stays
leave_alone_what_stays()
print(gc.get_freeze_count() > 10_000, gc.get_threshold()[0])
"""


def test_the_collector_leaves_alone_what_stays_and_looks_seldom() -> None:
    told = subprocess.run([sys.executable, "-c", SETTLED], capture_output=True, text=True, check=True)
    settled, once_in = told.stdout.split()
    assert settled == "True"
    assert int(once_in) > 10_000
