"""GTINs and the category tree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.catalogue.rules import ancestry, check_digit, gtin14
from server.errors import Invalid


@given(st.integers(0, 10**13 - 1))
def test_check_digits_are_their_own_proof(number: int) -> None:
    body = f"{number:013d}"
    whole = f"{body}{check_digit(body)}"
    assert gtin14(whole) == whole
    wrong = f"{body}{(check_digit(body) + 1) % 10}"
    with pytest.raises(Invalid, match="last digit should be"):
        gtin14(wrong)


@pytest.mark.parametrize("written", ["96385074", "614141000036", "9506000134352", "09506000134352"])
def test_every_length_of_gtin_becomes_fourteen_digits(written: str) -> None:
    assert gtin14(written) == written.zfill(14)


@pytest.mark.parametrize("written", ["", "9506000134", "٩٦٣٨٥٠٧٤", "96385075"])
def test_what_is_no_gtin_is_refused(written: str) -> None:
    with pytest.raises(Invalid):
        gtin14(written)


def test_the_way_up_the_tree_ends_even_in_a_circle() -> None:
    assert ancestry("a", {"a": "b", "b": "c", "c": None}) == ("a", "b", "c")
    assert ancestry("a", {"a": "b", "b": "a"}) == ("a", "b")
