"""Spread an amount over shares exactly: the parts sum to the whole, and none exceeds its room."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from server.promotions.rules.money import rounded
from server.promotions.rules.policy import Policy


def distribute(amount: int, weights: Sequence[int], *, room: Sequence[int], policy: Policy) -> list[int]:
    """Return a part for each weight, at most its room; what finds no room goes to those that have some.

    The parts sum to `amount`, or to the whole room of those with a weight where that is less. Weights of zero
    get nothing.
    """
    parts = [0] * len(weights)
    open_ = [i for i, weight in enumerate(weights) if weight > 0 and room[i] > 0]
    rest = min(amount, sum(room[i] for i in open_))
    while rest > 0:
        offered = _shares(rest, [weights[i] for i in open_], policy)
        taken = [min(share, room[i] - parts[i]) for i, share in zip(open_, offered, strict=True)]
        for i, part in zip(open_, taken, strict=True):
            parts[i] += part
        rest -= sum(taken)
        open_ = [i for i in open_ if parts[i] < room[i]]
    return parts


def _shares(amount: int, weights: Sequence[int], policy: Policy) -> list[int]:
    """Return shares of at least zero that sum to `amount`; the policy says who takes what rounding left."""
    weighed = [1] * len(weights) if policy.distribution == "even" else list(weights)
    total = sum(weighed)
    shares = [rounded(Decimal(amount * weight) / total, policy.share_rounding) for weight in weighed]
    missing = amount - sum(shares)
    step = 1 if missing > 0 else -1
    takers = [i for i in _order(amount, weighed, policy) if step > 0 or shares[i] > 0]
    for turn in range(abs(missing)):
        shares[takers[turn % len(takers)]] += step
    return shares


def _order(amount: int, weights: Sequence[int], policy: Policy) -> list[int]:
    places = range(len(weights))
    if policy.remainder == "last":
        return list(reversed(places))
    if policy.remainder == "largest_share":
        return sorted(places, key=lambda i: (-weights[i], i))
    if policy.remainder == "largest_remainder":
        return sorted(places, key=lambda i: (-(amount * weights[i] % sum(weights)), i))
    return list(places)
