"""The plan gives the sessions the recommender would gather itself, and the same index on either engine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import gettempdir

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.sessions import Sessions
from server.recommendations.building.index import Index
from server.recommendations.building.on_duckdb import Look, gathered_files, index_of, index_of_files
from server.recommendations.building.room import NoRoom, Room

PRODUCTS = ("boots", "socks", "tent", "mat", "never looked at")
QUICKLY = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
"""For a Java that lives half a minute: it compiles all it runs once, not again and better."""

looks = st.lists(
    st.tuples(
        st.sampled_from(["v1", "v2", "v3", "v4"]),
        st.sampled_from([*PRODUCTS[:4], "gone"]),
        st.integers(0, 9).map(float),
    ),
    max_size=30,
)


def alike(one: Index, other: Index) -> bool:
    """Return whether two indexes hold the same."""
    return same_sessions(one.sessions, other.sessions) and all(
        np.array_equal(a, b) for a, b in ((one.recent, other.recent), (one.first, other.first))
    )


def same_sessions(one: Sessions, other: Sessions) -> bool:
    """Return whether both hold the same sessions in the same order."""
    arrays = ((one.items, other.items), (one.starts, other.starts), (one.ended, other.ended))
    return one.ids == other.ids and all(np.array_equal(a, b) for a, b in arrays)


@settings(max_examples=40, deadline=None)
@given(looks)
def test_sessions_are_those_the_recommender_gathers(given: list[Look]) -> None:
    assert same_sessions(index_of(given, PRODUCTS).sessions, Sessions.from_taps(given, PRODUCTS))


@settings(max_examples=40, deadline=None)
@given(looks, st.integers(1, 4))
def test_an_item_has_its_newest_sessions_newest_first(given: list[Look], newest: int) -> None:
    index = index_of(given, PRODUCTS, newest=newest)
    for item in range(len(PRODUCTS)):
        having = [number for number, items in enumerate(index.sessions) if item in items]
        assert index.recent[index.first[item] : index.first[item + 1]].tolist() == having[::-1][:newest]


@settings(max_examples=15, deadline=None)
@given(looks, st.integers(1, 4), st.integers(1, 9))
def test_slices_give_what_one_go_gives(given: list[Look], newest: int, at_once: int) -> None:
    spread = [(visit, product, seconds * 40) for visit, product, seconds in given]
    sliced = index_of(spread, PRODUCTS, newest=newest, room=Room(at_once=at_once))
    assert alike(sliced, index_of(spread, PRODUCTS, newest=newest))


def test_a_build_that_has_no_room_says_so_and_leaves_nothing_behind(tmp_path: Path) -> None:
    before = set(Path(gettempdir()).glob("shelftalker-build-*"))
    with pytest.raises(NoRoom, match="Point TMPDIR at a larger disk"):
        index_of(made(120_000), PRODUCTS, room=Room(memory="12MB", of_disk=0.0))
    assert set(Path(gettempdir()).glob("shelftalker-build-*")) <= before


def test_more_than_is_carried_over_or_sorted_at_once() -> None:
    many = made(120_000)
    sliced = index_of(many, PRODUCTS, room=Room(at_once=60_000))
    assert same_sessions(sliced.sessions, Sessions.from_taps(many, PRODUCTS))


def test_files_give_what_rows_give(tmp_path: Path) -> None:
    many = made(2000)
    in_files(many, tmp_path)
    assert alike(index_of_files(tmp_path, PRODUCTS), index_of(many, PRODUCTS))


@pytest.mark.timeout(400)  # Spark's own start takes most of a minute on a busy machine
def test_spark_gives_the_same_index(tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="Spark is not installed: deploy/prepare tests brings it")
    from server.recommendations.building.on_spark import alone, build  # noqa: PLC0415 - Spark is an extra

    many = made(2000)
    in_files(many, tmp_path / "looks")
    spark = alone(tmp_path, java=QUICKLY)
    try:
        for name, most in (("whole", 2000), ("sliced", 900)):
            build(spark, str(tmp_path / "looks"), PRODUCTS, folder=tmp_path / name, newest=7, most=most)
    finally:
        spark.stop()
    assert len(list((tmp_path / "sliced").glob("slice-*"))) > 1
    whole = index_of(many, PRODUCTS, newest=7)
    for name in ("whole", "sliced"):
        assert alike(gathered_files(tmp_path / name, PRODUCTS, newest=7), whole)


def made(count: int) -> list[Look]:
    """Return looks in no order, with ties in time and products that are no more."""
    luck = random.Random(5)
    visits = [f"visit {number}" for number in range(count // 4)]
    return [
        (luck.choice(visits), luck.choice([*PRODUCTS[:4], "gone"]), float(luck.randrange(count)))
        for _ in range(count)
    ]


def in_files(many: Sequence[Look], folder: Path) -> None:
    """Write looks as two Parquet files."""
    folder.mkdir(exist_ok=True)
    with duckdb.connect() as database:
        for number, some in enumerate((many[::2], many[1::2])):
            visit, product, seconds = (np.array(column) for column in zip(*some, strict=True))
            database.register("look", {"visit": visit, "product": product, "seconds": seconds})
            database.table("look").write_parquet(str(folder / f"{number}.parquet"))
