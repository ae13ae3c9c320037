"""One building of the index in a process of its own, so that its memory can be told (used by `train`)."""

from __future__ import annotations

import hashlib
import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from server.recommendations.building.index import Index
from server.recommendations.building.on_duckdb import gathered_files, index_of_files
from server.recommendations.building.room import Room

LOOKED_AT_DISK = 0.5
"""Seconds between two looks at what lies on disk."""


def main(engine: str, looks: Path, count: int, memory: str) -> None:
    """Print as JSON how long it took, time, peak memory and disk of the programs at work, and the index's hash."""
    products = [f"product {number}" for number in range(count)]
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder, _watched(Path(folder)) as lay:
        tempfile.tempdir = folder
        started = time.perf_counter()
        if engine == "duckdb":
            index, spark = index_of_files(looks, products, room=Room(memory)), _NONE
        else:
            index, spark = _on_spark(looks, products, Path(folder))
        seconds = time.perf_counter() - started
    own = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "seconds": round(seconds, 1),
        "of processors": round(own.ru_utime + own.ru_stime + spark.seconds, 1),
        "peak MB": round((own.ru_maxrss + spark.peak) / 1024),
        "disk MB": round(max(lay) / 2**20),
    }
    print(json.dumps(figures | {"looks": len(index.sessions.items), "index": _hash(index)}))


@dataclass(frozen=True)
class _Used:
    """Seconds of processor time, and peak memory in KiB."""

    seconds: float
    peak: int

    @classmethod
    def by(cls, pid: int) -> _Used:
        """Return what a program that still runs has used."""
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        ticks = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[11:13]
        peak = int(status.partition("VmHWM:")[2].split()[0])
        return cls(sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), peak)


_NONE = _Used(0.0, 0)


@contextmanager
def _watched(folder: Path) -> Iterator[list[int]]:
    """Give how many bytes lay in a folder, at one moment after another."""
    lay, over = [0], Event()

    def watch() -> None:
        while not over.wait(LOOKED_AT_DISK):
            lay.append(sum(_bytes(one) for one in folder.rglob("*")))

    watcher = Thread(target=watch)
    watcher.start()
    try:
        yield lay
    finally:
        over.set()
        watcher.join()


def _bytes(one: Path) -> int:
    try:
        return one.stat().st_blocks * 512
    except OSError:
        return 0


def _on_spark(looks: Path, products: list[str], folder: Path) -> tuple[Index, _Used]:
    """Return the index, and what Spark's own program used."""
    from server.recommendations.building.on_spark import alone, build  # noqa: PLC0415 - Spark is an extra

    spark = alone(folder)
    build(spark, str(looks), products, folder=folder)
    used = _Used.by(spark.sparkContext._gateway.proc.pid)
    spark.stop()
    return gathered_files(folder, products), used


def _hash(index: Index) -> str:
    arrays = (index.sessions.items, index.sessions.starts, index.sessions.ended, index.recent, index.first)
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()[:12]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
