"""A body is looked through for what no database keeps: the quick look finds what one plain pattern finds."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from server.timeline.taking.bodies import is_suspect

PLAIN = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])|\d{18}|NaN|Infinity|[eE]\+?\d{3}")
PIECES = st.sampled_from(
    [b"\\u0000", b"\\ud83d", b"\\uDCff", b"\\u00e9", b"\\u", b"NaN", b"Na", b"-Infinity", b"e", b"E", b"+", b"-"]
    + [str(digit).encode() for digit in range(10)]
    + [b"12345678", b"123456789", b"1e309", b"2E+100", b"1e-400", b" ", b'"', b","]
)


@given(st.lists(PIECES | st.binary(max_size=4), max_size=30).map(b"".join))
@example(b"9" * 18)
@example(b"9" * 17)
@example(b"1E+999")
@example(b"e12")
def test_the_quick_look_finds_what_the_plain_pattern_finds(raw: bytes) -> None:
    assert is_suspect(raw) is bool(PLAIN.search(raw))
