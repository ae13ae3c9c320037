"""Money, times and stock as a shopper reads them."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_precision

from server.wire import Money, VariantLine


def locale_for(language: str, store_locale: str) -> str:
    """Return the store's locale spoken in `language`: English in a Spanish store is `en_ES`, if that is known."""
    if store_locale.startswith(language):
        return store_locale
    spoken = f"{language}_{store_locale.partition('_')[2]}"
    try:
        Locale.parse(spoken)
    except (UnknownLocaleError, ValueError):
        return language
    return spoken


def money(amount: Money, locale: str) -> str:
    """Return an amount as it is written in `locale`."""
    digits = get_currency_precision(amount.currency)
    return format_currency(Decimal(amount.minor).scaleb(-digits), amount.currency, locale=locale)


def clock(moment: datetime, zone: str, locale: str) -> str:
    """Return the store's local time of day."""
    return format_time(moment, "short", tzinfo=ZoneInfo(zone), locale=locale)


def day(moment: datetime, zone: str, locale: str) -> str:
    """Return the store's local day, in words."""
    local = moment.astimezone(ZoneInfo(zone))
    return format_date(local.date(), "d MMMM", locale=locale)


def last_day(end: datetime, zone: str, locale: str) -> str:
    """Return the last day of a window that ends at `end`; with the time where it ends within a day."""
    local = end.astimezone(ZoneInfo(zone))
    if (local.hour, local.minute) == (0, 0):
        return format_date(local.date() - timedelta(days=1), "d MMMM", locale=locale)
    return f"{day(end, zone, locale)}, {clock(end, zone, locale)}"


def distance(metres: int, locale: str) -> str:
    """Return how far something is in kilometres, to a tenth where it is near."""
    kilometres = metres / 1000
    rounded = round(kilometres, 1 if kilometres < 10 else None)
    return f"{format_decimal(rounded, locale=locale, group_separator=False)} km"


def by_colour(variants: tuple[VariantLine, ...]) -> list[tuple[VariantLine, list[VariantLine]]]:
    """Return the variants gathered by colour: one that stands for the colour, and its sizes in order."""
    gathered: dict[str, list[VariantLine]] = {}
    for variant in variants:
        gathered.setdefault(variant.colour_code or "", []).append(variant)
    return [(sizes[0], sizes) for sizes in gathered.values()]
