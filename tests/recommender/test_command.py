"""`python -m recommender` on files a person might have."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
from click.testing import CliRunner
from pyarrow import csv, parquet

from recommender.__main__ import main

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "sessions"
DAY = 86_400


def rows(first: int, count: int) -> pa.Table:
    taps = [
        (f"v{n}", item, n * DAY + step) for n in range(first, first + count) for step, item in enumerate("abc")
    ]
    visits, items, seconds = zip(*taps, strict=True)
    return pa.table({"session_id": visits, "item_id": items, "timestamp": pa.array(seconds, pa.float64())})


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """A training file as Parquet with moments, a test file as CSV with seconds; the same three items in each."""
    train = rows(0, 30)
    moments = pa.compute.cast(pa.compute.multiply(train["timestamp"], 1e6).cast(pa.int64()), pa.timestamp("us"))
    parquet.write_table(train.set_column(2, "timestamp", moments), tmp_path / "train.parquet")
    csv.write_csv(rows(30, 5), tmp_path / "test.csv")
    return str(tmp_path / "train.parquet"), str(tmp_path / "test.csv")


@pytest.mark.parametrize("model", ["blend", "popularity", "item_to_item", "session_knn", "in_session"])
def test_every_model_is_measured(files: tuple[str, str], model: str) -> None:
    ran = CliRunner().invoke(main, ["evaluate", *files, "--model", model, "--novel", "--json"])
    assert ran.exit_code == 0, ran.output
    told = json.loads(ran.stdout)
    assert {"hit_rate@20", "hit_rate@20_se", "mrr@20", "mrr@20_se", "fit_seconds", "mean_us", "p99_us"} <= set(
        told
    )
    assert told["n"] == 10
    if model in ("blend", "item_to_item", "session_knn"):
        assert told["mrr@20"] == 1.0


def test_a_longer_beginning_leaves_fewer_questions(files: tuple[str, str]) -> None:
    ran = CliRunner().invoke(main, ["evaluate", *files, "--model", "popularity", "--min-prefix", "2", "--json"])
    assert json.loads(ran.stdout)["n"] == 5


@pytest.mark.parametrize("command", ["evaluate", "compare"])
def test_a_test_file_that_asks_nothing_is_refused_with_a_sentence(files: tuple[str, str], command: str) -> None:
    ran = CliRunner().invoke(main, [command, *files, "--min-prefix", "3", "--novel"])
    assert ran.exit_code == 1
    assert "asks nothing: none of its sessions goes on after 3 item(s) with one that is new to it." in ran.output


def test_two_models_are_compared_position_by_position(files: tuple[str, str]) -> None:
    ran = CliRunner().invoke(
        main, ["compare", *files, "--model", "item_to_item", "--with", "popularity", "--json"]
    )
    assert json.loads(ran.stdout)["hit_rate"]["difference"] >= 0


@pytest.mark.parametrize("name", ["absent.parquet", "broken.csv", "other.csv"])
def test_a_file_that_is_not_one_of_taps_is_named(files: tuple[str, str], tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.csv").write_bytes(b"\x00\xff" * 30)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    ran = CliRunner().invoke(main, ["evaluate", files[0], str(tmp_path / name)])
    assert ran.exit_code == 1
    assert name in ran.stderr
    assert "Traceback" not in ran.output


def test_the_small_example_is_answered_better_than_its_makers_did() -> None:
    """Serenade's own README reports HR@20 .6402 and MRR@20 .3277 on these rows."""
    folder = SHARED / "serenade_toy"
    if not folder.exists():
        pytest.skip("the session files are not beside this checkout")
    ran = CliRunner().invoke(
        main, ["evaluate", str(folder / "train.parquet"), str(folder / "test.parquet"), "--json"]
    )
    told = json.loads(ran.stdout)
    assert told["n"] == 931
    assert told["hit_rate@20"] - 2 * told["hit_rate@20_se"] > 0.6402
    assert told["mrr@20"] - 2 * told["mrr@20_se"] > 0.3277
