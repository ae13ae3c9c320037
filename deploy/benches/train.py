"""The index of suggestions built by one plan on DuckDB and Spark: time, memory, disk, and whether both agree."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from server.recommendations.building.room import HALF

PRODUCTS = 100_000
A_VISIT = 4
"""Looks of a visit on average."""

LOOKS = """
SELECT 'visit ' || CAST(hash(i) % {visits} AS VARCHAR) AS visit,
       'product ' || CAST(CAST(floor({products} * pow(hash(i + {looks}) / 18446744073709551616.0, 3)) AS INTEGER)
           AS VARCHAR) AS product,
       CAST(hash(i + 2 * {looks}) % 15552000 AS DOUBLE) AS seconds
FROM range({looks}) AS counted(i)
"""
"""Made by hashing, so that every run has the same looks; a few products draw most of them, over 180 days."""


def main(arguments: list[str]) -> int:
    """Print seconds, peak memory and peak disk for each engine and size; exit 1 where the engines differ."""
    parser = argparse.ArgumentParser(prog="deploy/bench train")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--events", type=float, nargs="+", default=[1e6], help="sizes, for example 1e6 1e7 1e8")
    parser.add_argument("--without-spark", action="store_true")
    parser.add_argument("--memory", default=HALF.memory, help="what a build may take, for example 2GB")
    chosen = parser.parse_args(arguments)
    figures: dict[str, dict[str, float | str]] = {}
    with tempfile.TemporaryDirectory(prefix="shelftalker-") as folder:
        for size in map(int, chosen.events):
            looks = Path(folder) / str(size)
            _make(size, looks)
            for engine in ("duckdb",) if chosen.without_spark else ("duckdb", "spark"):
                figures[f"{engine} {size:,}"] = _run(engine, looks, chosen.memory)
    if chosen.json:
        print(json.dumps(figures))
    else:
        for name, figure in figures.items():
            print(f"{name:22}" + "  ".join(f"{what} {value}" for what, value in figure.items()))
    built: dict[str, set[str]] = {}
    for name, figure in figures.items():
        built.setdefault(name.split()[1], set()).add(str(figure["index"]))
    return 0 if all(len(one) == 1 for one in built.values()) else 1


def _make(looks: int, folder: Path) -> None:
    folder.mkdir()
    query = LOOKS.format(looks=looks, visits=looks // A_VISIT, products=PRODUCTS)
    with duckdb.connect() as database:
        database.sql(query).write_parquet(str(folder / "looks.parquet"))


def _run(engine: str, looks: Path, memory: str) -> dict[str, float | str]:
    child = [sys.executable, "-m", "benches.train_child", engine, str(looks), str(PRODUCTS), memory]
    done = subprocess.run(child, capture_output=True, text=True, check=False)
    if done.returncode:
        return {
            "index": "none",
            "failed": next((line for line in done.stderr.splitlines() if "Error" in line), done.stderr[-400:]),
        }
    figure: dict[str, float | str] = json.loads(done.stdout)
    return figure
