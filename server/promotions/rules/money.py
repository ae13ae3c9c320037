"""Money in whole minor units: the roundings a policy may name, and a currency's exponent."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Annotated, Literal

from babel.numbers import get_currency_precision
from pydantic import Field

Rounding = Literal["half_up", "half_even", "half_down", "down", "up"]
Amounts = dict[Annotated[str, Field(pattern=r"^[A-Z]{3}$")], Annotated[int, Field(ge=0)]]
"""Minor units by currency: an amount in another currency is not there, it is not zero."""

MODES = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "half_down": ROUND_HALF_DOWN,
    "down": ROUND_DOWN,
    "up": ROUND_UP,
}


def rounded(amount: Decimal, mode: Rounding) -> int:
    """Return `amount` (minor units) as a whole number of them."""
    return int(amount.quantize(Decimal(1), rounding=MODES[mode]))


def exponent(currency: str) -> int:
    """Return how many digits a currency's minor unit has: JPY 0, EUR 2, KWD 3 (ISO 4217)."""
    return int(get_currency_precision(currency))
