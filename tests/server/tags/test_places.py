"""Where a tag was, and whether anybody could have carried it from there: pure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from server.tags.alarms.rules import NEWS, Noticed, Sighted, is_news, too_fast
from server.wire import Tap
from tests.clock import NOW
from tests.shopfloor import tap


def noticed(age_ms: int = 0) -> Noticed:
    return Noticed(Tap.model_validate(tap(1, "04AABBCC", age_ms=age_ms)), "04AABBCC", "MAD", "door", NOW)


@pytest.mark.parametrize(
    ("kiosk", "store", "seconds", "told"),
    [
        ("door", "MAD", 0, []),
        ("hall", "MAD", 0.9, ["MAD"]),
        ("hall", "MAD", -0.9, ["MAD"]),
        ("hall", "MAD", 1, []),
        ("hall", "LON", 599, ["MAD", "LON"]),
        ("hall", "LON", 600, []),
    ],
)
def test_nobody_is_that_fast(kiosk: str, store: str, seconds: float, told: list[str]) -> None:
    other = Sighted(kiosk, store, NOW - timedelta(seconds=seconds))
    assert [finding.store_id for finding in too_fast(noticed(), [other])] == told
    assert too_fast(noticed(age_ms=61_000), [other]) == []


def test_a_place_is_news_where_it_is_new_or_long_ago() -> None:
    here, elsewhere = Sighted("door", "MAD", NOW), Sighted("hall", "MAD", NOW)
    assert is_news(noticed(), [])
    assert is_news(noticed(), [elsewhere])
    assert not is_news(noticed(), [elsewhere, here])
    assert is_news(noticed(), [Sighted("door", "MAD", NOW - NEWS)])
    assert not is_news(noticed(age_ms=61_000), [])
