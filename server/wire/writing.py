"""How an amount is written: the kiosk's screen and the manager's preview write it with the same function."""

from __future__ import annotations

from decimal import Decimal

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, get_currency_precision

from server.wire.values import Money


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


def written(amount: Money, locale: str) -> str:
    """Return an amount as it is written in `locale`."""
    digits = get_currency_precision(amount.currency)
    return format_currency(Decimal(amount.minor).scaleb(-digits), amount.currency, locale=locale)
