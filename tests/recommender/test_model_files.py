"""A model file is whole or refused with a sentence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.files import MAGIC, BadModelFile, pack, unpack

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
