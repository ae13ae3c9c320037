"""Processor time of processes, read from /proc (used by `tap`)."""

from __future__ import annotations

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def of_family(leader: int) -> float:
    """Return the seconds that a process, its children and its group have spent so far; of process 0 none."""
    spent = 0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        if leader and leader in (int(folder.name), int(fields[1]), int(fields[2])):
            spent += int(fields[11]) + int(fields[12])
    return spent / TICKS


def postmaster(folder: Path) -> int:
    """Return the process that leads the PostgreSQL server whose data are in a folder; 0 where there is none."""
    told = folder / "postmaster.pid"
    return int(told.read_text().split()[0]) if told.exists() else 0
