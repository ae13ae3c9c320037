"""A made-up chain with its kiosks, its tags and its past, of any size (used by `growth`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from benches.pricing.chain import NOW, chain
from benches.timelines.reading import grow
from server.access.models import Kiosk
from server.tags.models import Binding, Tag, TagState, TargetKind

ASSORTMENT = 250
"""Products that the store sells whose taps are measured, however many the chain has."""
AT_ONCE = 50_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is of what grows."""

    variants: int
    promotions: int
    stores: int
    kiosks: int
    tags: int
    events: int


def grown(path: Path, size: Size) -> None:
    """Make a chain of that size in a file, whose store s0 has the same products and tags at any size."""
    with chain(
        path,
        variants=size.variants,
        promotions=size.promotions,
        stores=size.stores,
        assortment=ASSORTMENT,
    ) as session:
        _put_kiosks(session, size)
        _put_tags(session, size)
        session.commit()
        grow(session.get_bind().engine, size.events)


def uid(number: int) -> str:
    """Return the UID of a tag; the first `ASSORTMENT` tags stand in s0, one at each of its products."""
    return f"04{number:012X}"


def _put_kiosks(session: Session, size: Size) -> None:
    rows = [
        {
            "id": f"k{n}",
            "store_id": f"s{n % size.stores}",
            "name": f"k{n}",
            "key_hash": f"{n:064}",
            "created_at": NOW,
        }
        for n in range(size.kiosks)
    ]
    session.execute(insert(Kiosk), rows)


def _put_tags(session: Session, size: Size) -> None:
    for first in range(0, size.tags, AT_ONCE):
        some = range(first, min(size.tags, first + AT_ONCE))
        stores = [(n, "s0" if n < ASSORTMENT else f"s{1 + n % (size.stores - 1)}") for n in some]
        session.execute(insert(Tag), [_tag(n, store) for n, store in stores])
        session.execute(insert(Binding), [_binding(n, store, size) for n, store in stores])


def _tag(number: int, store: str) -> dict[str, object]:
    return {"uid": uid(number), "store_id": store, "state": TagState.ACTIVE, "enrolled_at": NOW}


def _binding(number: int, store: str, size: Size) -> dict[str, object]:
    product = number % (size.variants // 4)
    return {
        "store_id": store,
        "uid": uid(number),
        "target_kind": TargetKind.PRODUCT,
        "target_id": f"p{product}",
        "bound_from": NOW,
    }
