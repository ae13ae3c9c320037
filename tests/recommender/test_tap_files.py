"""Files of taps as shops have them: every usual way to write a moment, an id and a column's end."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from recommender.tap_files import BadTapFile, read_sessions

FIRST = 1_600_149_450
MOMENTS: dict[str, tuple[Any, Any]] = {
    "seconds": (FIRST, FIRST + 10),
    "milliseconds": (FIRST * 1_000, (FIRST + 10) * 1_000),
    "nanoseconds": (FIRST * 10**9, (FIRST + 10) * 10**9),
    "seconds as text": (str(FIRST), f"{FIRST + 10}.0"),
    "with a zone": ("2020-09-15T05:57:30Z", "2020-09-15T08:57:40+03:00"),
    "parts of a second": ("2020-09-15T05:57:30.000000Z", "2020-09-15T05:57:40.000000Z"),
    "without a zone": ("2020-09-15 05:57:30", "2020-09-15 05:57:40"),
}


def table(moments: tuple[Any, Any]) -> pa.Table:
    return pa.table({"session_id": ["v", "v"], "item_id": ["b", "a"], "timestamp": moments})


@pytest.mark.parametrize("moments", MOMENTS.values(), ids=MOMENTS)
@pytest.mark.parametrize("name", ["taps.csv", "taps.parquet", "taps.pq"])
def test_a_moment_is_read_however_it_is_written(tmp_path: Path, name: str, moments: tuple[Any, Any]) -> None:
    path = tmp_path / name
    if name.endswith("csv"):
        rows = [f"v,{item},{moment}" for item, moment in zip("ba", moments, strict=True)]
        path.write_text("\n".join(("session_id,item_id,timestamp", *rows)), encoding="utf-8")
    else:
        parquet.write_table(table(moments), path)
    (read,) = read_sessions(path)
    assert [read.ids[item] for item in read.items] == ["b", "a"]
    assert read.ended.tolist() == [FIRST + 10]


def test_days_are_read_as_their_midnight(tmp_path: Path) -> None:
    (tmp_path / "days.csv").write_text("session_id,item_id,timestamp\n1,7,2020-09-15\n", encoding="utf-8")
    assert read_sessions(tmp_path / "days.csv")[0].ended.tolist() == [1_600_128_000]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_and_packed_files_are_read(tmp_path: Path, separator: str) -> None:
    text = separator.join(("session_id", "item_id", "timestamp")) + f"\n1{separator}7{separator}{FIRST}\n"
    (tmp_path / "taps.csv.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "taps.tsv").write_text(text, encoding="utf-8")
    for read in read_sessions(tmp_path / "taps.csv.gz", tmp_path / "taps.tsv"):
        assert (read.ids, read.items.tolist()) == (("7",), [0])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "Empty CSV file"),
        (b"session_id,item_id,timestamp\n1,7,yesterday\n", "neither a number nor a date"),
        (b"session_id,item_id,timestamp\n1,caf\xe9,5\n", "UTF8"),
        (b"session,item\n1,7\n", "it needs session_id, item_id, timestamp"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, text: bytes, told: str) -> None:
    (tmp_path / "bad.csv").write_bytes(text)
    with pytest.raises(BadTapFile, match=told):
        read_sessions(tmp_path / "bad.csv")


def test_rows_without_a_moment_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text(f"session_id,item_id,timestamp\n1,7,{FIRST}\n1,8,nan\n1,,{FIRST}\n", encoding="utf-8")
    assert [read.ids for read in read_sessions(path)] == [("7",)]
