"""Cells that no spreadsheet runs, and columns whose dots are a document's levels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.catalogue.files.cells import flat, nested, plain, tame

RUN = set("=+-@\t\r＝＋－＠")
cells = st.text(st.sampled_from([*RUN, " ", "'", '"', "\ufeff", "\u00a0", "\n", "a", "1"]), max_size=8) | st.text()


@given(cells)
def test_no_cell_goes_out_live_and_each_comes_back_as_it_was(cell: str) -> None:
    out = tame(cell)
    assert out == cell or out.startswith("'")
    assert cell.lstrip(" \u00a0\ufeff\u200b\n'\"")[:1] not in RUN or out.startswith("'")
    assert out[:1] not in RUN
    assert plain(out) == cell


@pytest.mark.parametrize("cell", ["=1+1", " =HYPERLINK(1)", "\ufeff@x", "'-2", "＝1", "\t=1", '"=1'])
def test_what_a_spreadsheet_would_run_gets_a_quote(cell: str) -> None:
    assert tame(cell) == f"'{cell}"


names = st.text(st.sampled_from("abc"), min_size=1, max_size=3)
words = st.text(st.sampled_from("xyz 1"), min_size=1, max_size=4)
documents = st.dictionaries(
    names,
    st.recursive(
        words,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3) | st.dictionaries(names, inner, min_size=1, max_size=3)
        ),
    ),
    max_size=4,
)


@given(documents)
def test_a_document_survives_its_columns(document: dict[str, object]) -> None:
    assert nested(flat(document)) == document


def test_the_tenth_follows_the_ninth() -> None:
    assert nested({f"a.{n}": str(n) for n in (10, 2, 9)}) == {"a": ["2", "9", "10"]}


def test_a_value_has_no_levels_below_it() -> None:
    with pytest.raises(ValueError, match="stands below name"):
        nested({"name": "Boot", "name.en": "Boot"})
