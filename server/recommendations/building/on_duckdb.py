"""The one door to DuckDB: the plan run inside this process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from shutil import disk_usage
from tempfile import TemporaryDirectory, gettempdir

import duckdb
import numpy as np

from server.errors import ServerError
from server.recommendations.building.index import Index, gathered
from server.recommendations.building.plan import NEWEST, RESULTS, VIEWS

Look = tuple[str, str, float]
"""The visit, the product looked at, and the moment in seconds."""

AT_ONCE = 50_000
"""Looks carried over at a time."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a build may take: of memory, beyond which it works on disk, and of the disk's free bytes."""

    memory: str = "50%"
    of_disk: float = 0.5


HALF = Room()
"""Shoppers are answered, and taps stored, beside it."""


class NoRoom(ServerError):
    """Raised when a build would take more memory and disk than it may."""


def index_of(looks: Iterable[Look], products: Sequence[str], *, newest: int = NEWEST, room: Room = HALF) -> Index:
    """Return the index of looks in any order; only `products` count. Raises `NoRoom`."""
    with _opened(products, room) as database:
        database.execute("CREATE TABLE look (visit VARCHAR, product VARCHAR, seconds DOUBLE)")
        rows = iter(looks)
        while some := list(islice(rows, AT_ONCE)):
            visits, seen, seconds = (np.array(column) for column in zip(*some, strict=True))
            database.register("carried", {"visit": visits, "product": seen, "seconds": seconds})
            database.execute("INSERT INTO look SELECT visit, product, seconds FROM carried")
        return _planned(database, products, newest)


def index_of_files(files: Path, products: Sequence[str], *, newest: int = NEWEST) -> Index:
    """Return the index of the Parquet files of a folder, whose columns are those of the plan's `look`."""
    with _opened(products) as database:
        database.read_parquet(str(files / "*.parquet")).create_view("look")
        return _planned(database, products, newest)


def gathered_files(folder: Path, products: Sequence[str]) -> Index:
    """Return the index another engine has left in a folder, a folder of Parquet files for each view."""
    with _opened(()) as database:
        for name in RESULTS:
            database.read_parquet(str(folder / name / "*.parquet")).create_view(name)
        return _taken_out(database, products)


@contextmanager
def _opened(products: Sequence[str], room: Room = HALF) -> Iterator[duckdb.DuckDBPyConnection]:
    with TemporaryDirectory(prefix="shelftalker-build-") as folder, _told_as_ours(), duckdb.connect() as database:
        database.execute(f"SET memory_limit = '{room.memory}'")
        database.execute(f"SET temp_directory = '{folder}'")
        database.execute(f"SET max_temp_directory_size = '{int(disk_usage(folder).free * room.of_disk)}B'")
        database.execute("CREATE TABLE item (product VARCHAR, number INTEGER)")
        if products:
            numbered = {"product": np.array(products), "number": np.arange(len(products), dtype=np.int32)}
            database.register("numbered", numbered)
            database.execute("INSERT INTO item SELECT product, number FROM numbered")
        yield database


@contextmanager
def _told_as_ours() -> Iterator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        msg = (
            f"The visits do not fit into the memory and disk that training may use here ({gettempdir()} has half "
            "of what is free). Point TMPDIR at a larger disk, or train on a larger machine; what serves goes on."
        )
        raise NoRoom(msg) from error


def _planned(database: duckdb.DuckDBPyConnection, products: Sequence[str], newest: int) -> Index:
    for name, query in VIEWS.items():
        database.execute(f"CREATE TEMP TABLE {name} AS {query.format(newest=newest)}")
    return _taken_out(database, products)


def _taken_out(database: duckdb.DuckDBPyConnection, products: Sequence[str]) -> Index:
    return gathered({name: database.execute(query).fetchnumpy() for name, query in RESULTS.items()}, products)
