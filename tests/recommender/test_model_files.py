"""A model file is whole or refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.files import MAGIC, BadModelFile, open_file, pack, unpack

FILE = pack({"scores": np.arange(5.0)}, {"trained": "today"})


def test_what_went_in_comes_out() -> None:
    arrays, facts = unpack(FILE)
    assert arrays["scores"].tolist() == [0, 1, 2, 3, 4]
    assert facts["trained"] == "today"


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_one_changed_byte_is_noticed(place: int, change: int) -> None:
    broken = bytearray(FILE)
    broken[place] ^= change
    with pytest.raises(BadModelFile):
        unpack(bytes(broken))


@given(st.integers(0, len(FILE) - 1))
def test_a_cut_file_is_noticed(length: int) -> None:
    with pytest.raises(BadModelFile):
        unpack(FILE[:length])


@given(st.binary(max_size=200))
def test_a_foreign_file_is_refused(junk: bytes) -> None:
    with pytest.raises(BadModelFile):
        unpack(MAGIC + junk)


def test_a_file_is_read_where_it_lies_and_what_is_changed_in_it_stays_private(tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.write_bytes(FILE)
    (one, _), (other, _) = unpack(open_file(path)), unpack(open_file(path))
    assert one["scores"].base is not None
    one["scores"][0] = 9.0
    assert other["scores"].tolist() == [0, 1, 2, 3, 4]
    assert path.read_bytes() == FILE


def test_a_mapped_file_that_is_damaged_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model"
    path.write_bytes(FILE[:-1] + b"!")
    with pytest.raises(BadModelFile, match="damaged"):
        unpack(open_file(path))
