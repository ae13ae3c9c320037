"""The sizes a shopper looked at in this visit, and a customer's before it, each for its own family. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from server.promotions.sizes import InSize

MOST = 4
"""Variants of a visit, and of what was before it, that are looked back on."""


class Sizes(NamedTuple):
    """What is here in the size looked at in this visit, in the customer's usual one, and in other sizes only."""

    looked_at: frozenset[str] = frozenset()
    usual: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()


NO_SIZES = Sizes()


def sizes_of(visit: Sequence[str], before: Sequence[str], in_size_of: Callable[[str], InSize]) -> Sizes:
    """Return what is here in which size; variants by GTIN or SKU, the newest first.

    Of a family the newest size of this visit counts, else the newest before it.
    """
    known: set[str] = set()
    looked_at, others = _gathered(dict.fromkeys(visit), in_size_of, known)
    usual, others_before = _gathered(dict.fromkeys(before), in_size_of, known)
    return Sizes(looked_at, usual, others | others_before)


def _gathered(
    codes: Iterable[str], in_size_of: Callable[[str], InSize], known: set[str]
) -> tuple[frozenset[str], frozenset[str]]:
    here: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    for code in list(codes)[:MOST]:
        found = in_size_of(code)
        if found.family not in known:
            known.add(found.family)
            here, others = here | found.here, others | found.others
    return here, others
