"""Pages of the catalogue: by key, so that the last page costs what the first one does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.models import Category, ListedPrice, Price, PriceList, Product, Stock, Variant
from server.errors import Invalid, NotFound

MOST = 200

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page: what follows `after`, `limit` rows of it."""

    after: str
    limit: int


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    """The rows of a page, and what to ask for next; None at the end."""

    rows: list[Row]
    next: str | None


def asked(after: str, limit: str) -> Asked:
    """Return which page is asked for; raises `Invalid` for a limit that is none."""
    if limit and not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= MOST):
        msg = f"limit must be a whole number from 1 to {MOST}, not {limit!r}."
        raise Invalid(msg)
    return Asked(after, int(limit or MOST))


def _page(session: Session, wanted: Select[Row], page: Asked, *, key: Callable[[Row], str]) -> Found[Row]:
    rows: list[Row] = list(session.scalars(wanted.limit(page.limit + 1)))
    more = len(rows) > page.limit
    return Found(rows[: page.limit], key(rows[page.limit - 1]) if more else None)


def categories(session: Session, page: Asked) -> Found[Category]:
    """Return a page of categories by id."""
    wanted = select(Category).where(Category.id > page.after).order_by(Category.id)
    return _page(session, wanted, page, key=lambda row: row.id)


def products(session: Session, page: Asked) -> Found[Product]:
    """Return a page of products by id."""
    wanted = select(Product).where(Product.id > page.after).order_by(Product.id)
    return _page(session, wanted, page, key=lambda row: row.id)


def variants(session: Session, page: Asked) -> Found[Variant]:
    """Return a page of variants by GTIN."""
    wanted = select(Variant).where(Variant.gtin > page.after).order_by(Variant.gtin)
    return _page(session, wanted, page, key=lambda row: row.gtin)


def stores(session: Session, page: Asked, allowed: Sequence[str]) -> Found[Store]:
    """Return a page of those stores that are allowed, by id."""
    wanted = select(Store).where(Store.id > page.after, Store.id.in_(allowed)).order_by(Store.id)
    return _page(session, wanted, page, key=lambda row: row.id)


def stock(session: Session, store_id: str, page: Asked) -> Found[Stock]:
    """Return a page of a store's stock by GTIN."""
    wanted = select(Stock).where(Stock.store_id == store_id, Stock.gtin > page.after).order_by(Stock.gtin)
    return _page(session, wanted, page, key=lambda row: row.gtin)


def prices(session: Session, store_id: str, page: Asked) -> Found[Price]:
    """Return a page of a store's prices by GTIN and time; raises `Invalid` for an `after` no page gave out."""
    wanted = select(Price).where(Price.store_id == store_id).order_by(Price.gtin, Price.applies_from)
    if page.after:
        gtin, _, written = page.after.partition("_")
        later = and_(Price.gtin == gtin, Price.applies_from > _moment(written))
        wanted = wanted.where(or_(Price.gtin > gtin, later))
    return _page(session, wanted, page, key=lambda row: f"{row.gtin}_{row.applies_from.isoformat()}")


def price_lists(session: Session, page: Asked, allowed: Sequence[str]) -> Found[PriceList]:
    """Return a page of the chain's price lists and those of allowed stores, by id."""
    ours = or_(PriceList.store_id.is_(None), PriceList.store_id.in_(allowed))
    wanted = select(PriceList).where(PriceList.id > page.after, ours).order_by(PriceList.id)
    return _page(session, wanted, page, key=lambda row: row.id)


def listed_prices(session: Session, list_id: str, page: Asked) -> Found[ListedPrice]:
    """Return a page of what a list asks, by GTIN."""
    mine = (ListedPrice.list_id == list_id, ListedPrice.gtin > page.after)
    return _page(
        session, select(ListedPrice).where(*mine).order_by(ListedPrice.gtin), page, key=lambda row: row.gtin
    )


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        msg = "after must be what `next` of the page before said."
        raise Invalid(msg) from error
    if moment.tzinfo is None:
        msg = "after must be what `next` of the page before said."
        raise Invalid(msg)
    return moment


def variants_of(session: Session, product_ids: Sequence[str]) -> dict[str, list[Variant]]:
    """Return the variants of products, in the order they are shown."""
    wanted = select(Variant).where(Variant.product_id.in_(product_ids)).order_by(Variant.position, Variant.gtin)
    found: dict[str, list[Variant]] = defaultdict(list)
    for row in session.scalars(wanted):
        found[row.product_id].append(row)
    return found


def one(session: Session, model: type[Any], key: str) -> Any:
    """Return the stored row of a key; raises `NotFound`."""
    row = session.get(model, key)
    if row is None:
        msg = f"There is no {model.__tablename__} {key}."
        raise NotFound(msg)
    return row
