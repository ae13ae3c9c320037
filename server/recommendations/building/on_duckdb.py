"""The one door to DuckDB: the plan run inside this process, in slices where it would not fit into memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np

from server.recommendations.building import slices
from server.recommendations.building.index import Gathering, Index
from server.recommendations.building.plan import ALL, ENDS, KEPT, NEWEST, RESULTS, SPAN, VIEWS
from server.recommendations.building.room import HALF, NoRoom, Room, Scratch

Look = tuple[str, str, float]
"""The visit, the product looked at, and the moment in seconds."""

AT_ONCE = 50_000
"""Looks carried over at a time."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """A database in memory, its folder for what has no place there, and the looks it may sort at once."""

    database: duckdb.DuckDBPyConnection
    scratch: Scratch
    most: int

    def put_aside(self, query: str, name: str) -> None:
        self.database.execute(f"COPY ({query}) TO '{self.scratch.folder / name}.parquet' (COMPRESSION zstd)")
        self.database.execute(f"SET max_temp_directory_size = '{self.scratch.left()}B'")

    def number(self, query: str) -> int:
        ((number,),) = self.database.execute(query).fetchall()
        return int(number)


def index_of(looks: Iterable[Look], products: Sequence[str], *, newest: int = NEWEST, room: Room = HALF) -> Index:
    """Return the index of looks in any order; only `products` count. Raises `NoRoom`."""
    with _opened(products, room) as opened:
        _carry_over(opened, looks)
        return _planned(opened, products, newest)


def index_of_files(files: Path, products: Sequence[str], *, newest: int = NEWEST, room: Room = HALF) -> Index:
    """Return the index of the Parquet files of a folder, whose columns are those of the plan's `look`.

    Raises `NoRoom`.
    """
    with _opened(products, room) as opened:
        opened.database.read_parquet(str(files / "*.parquet")).create_view("look")
        return _planned(opened, products, newest)


def gathered_files(folder: Path, products: Sequence[str], *, newest: int = NEWEST) -> Index:
    """Return the index another engine has left in a folder: a folder for each slice, in it one for each view."""
    gathering = Gathering(products, newest)
    for part in sorted(folder.glob("slice-*")):
        with duckdb.connect() as database:
            for name in RESULTS:
                database.read_parquet(str(part / name / "*.parquet")).create_view(name)
            _take_out(database, gathering)
    return gathering.index()


@contextmanager
def _opened(products: Sequence[str], room: Room) -> Iterator[_Opened]:
    with TemporaryDirectory(prefix="shelftalker-build-") as folder, _told_as_ours(), duckdb.connect() as database:
        scratch = Scratch.within(Path(folder), room)
        database.execute(f"SET memory_limit = '{room.memory}'")
        database.execute(f"SET temp_directory = '{folder}'")
        database.execute(f"SET max_temp_directory_size = '{scratch.left()}B'")
        database.execute("CREATE TABLE item (product VARCHAR, number INTEGER)")
        if products:
            numbered = {"product": np.array(products), "number": np.arange(len(products), dtype=np.int32)}
            database.register("numbered", numbered)
            database.execute("INSERT INTO item SELECT product, number FROM numbered")
        opened = _Opened(database, scratch, room.at_once)
        memory = opened.number("SELECT parse_formatted_bytes(current_setting('memory_limit'))")
        yield replace(opened, most=room.at_once or slices.at_once(memory))


@contextmanager
def _told_as_ours() -> Iterator[None]:
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise NoRoom from error


def _carry_over(opened: _Opened, looks: Iterable[Look]) -> None:
    """Make `look` of rows: a table, and files too where there are many."""
    database = opened.database
    database.execute("CREATE TABLE carried_over (visit VARCHAR, product VARCHAR, seconds DOUBLE)")
    rows, files, held = iter(looks), 0, 0
    while some := list(islice(rows, AT_ONCE)):
        if held >= opened.most:
            opened.put_aside("FROM carried_over", f"look-{files:05}")
            database.execute("TRUNCATE carried_over")
            files, held = files + 1, 0
        visits, seen, seconds = (np.array(column) for column in zip(*some, strict=True))
        database.register("carried", {"visit": visits, "product": seen, "seconds": seconds})
        database.execute("INSERT INTO carried_over SELECT visit, product, seconds FROM carried")
        held += len(some)
    in_files = f" UNION ALL FROM '{opened.scratch.folder}/look-*.parquet'" if files else ""
    database.execute(f"CREATE VIEW look AS FROM carried_over{in_files}")


def _planned(opened: _Opened, products: Sequence[str], newest: int) -> Index:
    database = opened.database
    _keep(opened, slices.visits(opened.number("SELECT count(*) FROM look"), opened.most, hashed="hash"))
    gathering = Gathering(products, newest)
    for ends in slices.ends(database.execute(ENDS.format(span=SPAN)).fetchnumpy(), opened.most):
        for name, query in VIEWS.items():
            made = query.format(ends=ends, newest=newest)
            database.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {made}")
        _take_out(database, gathering)
    return gathering.index()


def _keep(opened: _Opened, visits: Sequence[str]) -> None:
    """Make `kept`: a table in one go, files of slices by the end of visits where it is cut."""
    if visits == (ALL,):
        opened.database.execute(f"CREATE TEMP TABLE kept AS {KEPT.format(visits=ALL)}")
        return
    for number, some in enumerate(visits):
        opened.put_aside(f"{KEPT.format(visits=some)} ORDER BY ended", f"kept-{number:05}")
    opened.database.execute(f"CREATE VIEW kept AS FROM '{opened.scratch.folder}/kept-*.parquet'")


def _take_out(database: duckdb.DuckDBPyConnection, gathering: Gathering) -> None:
    gathering.take({name: database.execute(query).fetchnumpy() for name, query in RESULTS.items()})
