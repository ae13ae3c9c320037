"""The facts files beside the repository, where they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.facts.__main__ import main, run

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data"
FILES = (
    "prices/store_windows.json",
    "prices/prior_price_law.json",
    "prices/card_promotions.json",
    "prices/list_promotions.json",
    "prices/lowest_prior.json",
    "gs1/parse.json",
    "gs1/build.json",
    "gs1/sequences.json",
    "sun/vectors.json",
)


@pytest.mark.parametrize("name", FILES)
def test_the_facts_hold(name: str) -> None:
    if not (FOLDER / name).exists():
        pytest.skip(f"the facts file {name} is not beside this checkout")
    passed, failures = run(FOLDER / name)
    assert failures == []
    assert passed


@pytest.mark.parametrize("held", ["", "[]", '{"cases": []}', '{"form": "sun"}'])
def test_a_file_without_facts_is_told_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], held: str
) -> None:
    path = tmp_path / "other.json"
    path.write_text(held)
    assert main([str(path)]) == 2
    assert str(path) in capsys.readouterr().err
    assert main([str(tmp_path / "missing.json")]) == 2
