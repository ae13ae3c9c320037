"""Prices as files: planned ahead, never rewritten, taken back without touching what was asked."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from server.catalogue.models import Price
from tests.clock import NOW
from tests.server.catalogue.shop_files import Shop
from tests.shopfloor import BOOT_38, LAMP, SOCK

TOMORROW = NOW + timedelta(days=1)


def steps(shop: Shop, gtin: str, store: str = "MAD") -> list[tuple[datetime, int, int | None, int]]:
    rows = shop.rows(Price, gtin=gtin, store_id=store)
    return [(row["applies_from"], row["minor"], row["member_minor"], row["floor_minor"]) for row in rows]


def test_a_price_without_a_time_applies_from_now_and_once(shop: Shop) -> None:
    file = shop.table([{"store": "MAD", "gtin": SOCK, "price": "7.50", "member": "7", "currency": "EUR"}])
    told = shop.give("prices", file, "--dry-run")
    assert f"row 2: changed: {SOCK} in MAD: 9 EUR → 7.5 7 EUR" in told
    shop.give("prices", file)
    assert steps(shop, SOCK)[1:] == [(NOW, 750, 700, 0)]
    shop.clock.advance(60)
    assert "1 unchanged" in shop.give("prices", file)


def test_a_price_to_come_may_be_mended_and_taken_back(shop: Shop) -> None:
    row = {"store": "MAD", "gtin": SOCK, "price": "8", "applies_from": TOMORROW.isoformat()}
    shop.give("prices", shop.table([row]))
    shop.give("prices", shop.table([row | {"price": "8.20"}]))
    assert steps(shop, SOCK)[1:] == [(TOMORROW, 820, None, 0)]
    shop.undo(2)
    assert steps(shop, SOCK)[1:] == [(TOMORROW, 800, None, 0)]
    shop.undo(1)
    assert len(steps(shop, SOCK)) == 1


def test_what_was_asked_stays_and_the_price_before_comes_back(shop: Shop) -> None:
    shop.give("prices", shop.table([{"store": "MAD", "gtin": SOCK, "price": "1"}]))
    shop.clock.advance(60)
    shop.undo(1)
    assert steps(shop, SOCK)[1:] == [(NOW, 100, None, 0), (NOW + timedelta(seconds=60), 900, None, 0)]


def test_the_first_price_of_all_stays(shop: Shop) -> None:
    shop.give("prices", shop.table([{"store": "MAD", "gtin": LAMP, "price": "20"}]))
    assert "is the only one there ever was" in shop.undo(1)
    assert steps(shop, LAMP) == [(NOW, 2000, None, 0)]


def test_a_history_comes_in_where_there_is_none_yet_and_is_never_rewritten(shop: Shop) -> None:
    days = [NOW - timedelta(days=d) for d in (60, 30)]
    rows = [
        {"store": "MAD", "gtin": LAMP, "price": p, "applies_from": day.isoformat()}
        for p, day in zip(("20", "18"), days, strict=True)
    ]
    shop.give("prices", shop.table(rows))
    assert steps(shop, LAMP) == [(days[0], 2000, None, 0), (days[1], 1800, None, 0)]
    assert "2 unchanged" in shop.give("prices", shop.table(rows))
    for other in (rows[0] | {"price": "10"}, rows[0] | {"applies_from": (NOW - timedelta(days=40)).isoformat()}):
        assert "stays as it was asked" in shop.give("prices", shop.table([other]), "--dry-run")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"price": "7.505"}, "7.505 has more digits than EUR, which has 2 after the point."),
        ({"currency": "USD"}, "MAD sells in EUR, not in USD."),
        ({"store": "NIX"}, "there is no store 'NIX'."),
        ({"gtin": "", "sku": "nix"}, "there is no article 'nix'."),
        ({"gtin": "4006381333931"}, "there is no gtin 04006381333931."),
        ({"price": "NaN"}, "price 'NaN'"),
        ({"price": "12,50"}, "price '12,50'"),
        ({"member": "9"}, "member must not be more than price"),
        ({"floor": "9"}, "floor not more than either"),
    ],
)
def test_what_cannot_be_is_refused_in_words(shop: Shop, more: dict[str, str], words: str) -> None:
    row = {"store": "MAD", "gtin": BOOT_38, "price": "7.50"} | more
    assert words in shop.give("prices", shop.table([row]), "--dry-run")


def test_two_rows_of_one_price_must_agree(shop: Shop) -> None:
    rows = [{"store": "MAD", "gtin": BOOT_38, "price": price} for price in ("7", "7", "8")]
    told = shop.give("prices", shop.table(rows), "--dry-run")
    assert "row 4: refused: it is not what row 2 says of the same price." in told
