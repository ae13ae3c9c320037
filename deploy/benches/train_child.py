"""One building of the index in a process of its own, so that its memory can be told (used by `train`)."""

from __future__ import annotations

import hashlib
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from server.recommendations.building.index import Index
from server.recommendations.building.on_duckdb import gathered_files, index_of_files


def main(engine: str, looks: Path, count: int) -> None:
    """Print as JSON how long it took, the peak memory of the programs at work, and the index's hash."""
    products = [f"product {number}" for number in range(count)]
    started = time.perf_counter()
    index, spark = (index_of_files(looks, products), 0) if engine == "duckdb" else _on_spark(looks, products)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + spark
    figures = {"seconds": round(seconds, 1), "peak MB": round(peak / 1024), "looks": len(index.sessions.items)}
    print(json.dumps(figures | {"index": _hash(index)}))


def _on_spark(looks: Path, products: list[str]) -> tuple[Index, int]:
    """Return the index, and the peak memory of Spark's own program in KiB."""
    from server.recommendations.building.on_spark import alone, build  # noqa: PLC0415 - Spark is an extra

    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder:
        spark = alone(Path(folder))
        build(spark, str(looks), products, folder=Path(folder))
        status = Path(f"/proc/{spark.sparkContext._gateway.proc.pid}/status").read_text("ascii")
        spark.stop()
        return gathered_files(Path(folder), products), int(status.partition("VmHWM:")[2].split()[0])


def _hash(index: Index) -> str:
    arrays = (index.sessions.items, index.sessions.starts, index.sessions.ended, index.recent, index.first)
    return hashlib.sha256(b"".join(array.tobytes() for array in arrays)).hexdigest()[:12]


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
