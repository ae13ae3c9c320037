"""How each form of facts file is run: a case in, what we say and what was expected out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from server.promotions.prior_price import percent_off, prior_price
from server.promotions.window import whole_day
from tests.facts import gs1_forms, sun_forms
from tests.facts.prices import card_promotion, list_promotion, lowest_prior

Case = dict[str, Any]
Verdict = tuple[Any, Any]
"""What was expected, and what we got."""


def store_window(case: Case) -> Verdict:
    """A promotion of one local day: its interval in UTC."""
    day = date.fromisoformat(case["promotion"].split()[-1])
    start, end = whole_day(day, ZoneInfo(case["store_timezone"]))
    expected = (case["active_from_utc"], case["active_until_utc_exclusive"], case["hours"])
    return expected, (start.isoformat(), end.isoformat(), (end - start) / timedelta(hours=1))


def prior_price_law(case: Case) -> Verdict:
    """A price history by day: the prior price, whether a reduction may be announced, and its percentage."""
    steps = [(_day(day), int(Decimal(price) * 100)) for day, price in case["history"]]
    began = _day(case["reduction_from"])
    prior = prior_price(steps, began, timedelta(days=case["window_days"]))
    now = [minor for at, minor in steps if at <= _day(case["today"])][-1]
    percent = percent_off(prior, now) if prior is not None else None
    expected = case["expect"]
    wanted = (_minor(expected["prior_price"]), expected["announce"], _decimal(expected["percent"]))
    return wanted, (prior, percent is not None, percent)


def _day(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=UTC)


def _minor(written: str | None) -> int | None:
    return None if written is None else int(Decimal(written) * 100)


def _decimal(written: Any) -> Decimal | None:
    return None if written is None else Decimal(str(written))


FORMS: dict[str, Callable[[Case], Verdict | None]] = {
    "store-window": store_window,
    "prior-price": prior_price_law,
    "card-promotion": card_promotion,
    "list-promotion": list_promotion,
    "lowest-prior": lowest_prior,
    "digital-link-parse": gs1_forms.digital_link_parse,
    "digital-link-build": gs1_forms.digital_link_build,
    "digital-link-sequence": gs1_forms.digital_link_sequence,
    "sun": sun_forms.sun,
}
"""A form's judge gives None for an entry that only points to where more cases are."""
