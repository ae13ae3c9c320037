"""Of a family the newest size counts, this visit's before a customer's."""

from __future__ import annotations

from server.promotions.sizes import NO_SIZE, InSize
from server.taps.sizes import sizes_of


def in_size(family: str, here: str, others: str = "") -> InSize:
    return InSize(family, frozenset(here.split()), frozenset(others.split()))


def test_the_newest_size_of_each_family_counts_and_this_visits_before_the_customers() -> None:
    known = {
        "boot 38": in_size("shoes", "clog", "pump"),
        "boot 42": in_size("shoes", "pump", "clog"),
        "coat M": in_size("coats", "parka", "cape"),
        "mug": NO_SIZE,
    }
    told = sizes_of(["mug", "boot 38", "boot 42"], ["boot 42", "coat M"], known.__getitem__)
    assert told.looked_at == {"clog"}
    assert told.usual == {"parka"}
    assert told.others == {"pump", "cape"}
