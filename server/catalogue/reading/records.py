"""What the API says of products, variants, categories, stores, stock and prices."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from server.access.models import Store
from server.catalogue.details import Details
from server.catalogue.hours import OpeningHours
from server.catalogue.models import Category, ListedPrice, Price, PriceList, Product, Stock, Variant
from server.wire import Fact, Frozen, Gtin, Moment, Money, Picture, Text


class CategoryRecord(Frozen):
    """A category and the one above it."""

    id: str
    parent_id: str | None
    name: Text


class VariantRecord(Frozen):
    """A variant: what it differs by, and its numbers."""

    gtin: Gtin
    product_id: str
    sku: str
    size: str | None
    colour: Text | None
    colour_code: str | None
    axes: tuple[Fact, ...]
    content: Decimal | None
    content_unit: str | None


class ProductRecord(Frozen):
    """A product as the chain knows it, with its variants in order."""

    id: str
    category_id: str
    brand: str
    name: Text
    summary: Text
    pictures: tuple[Picture, ...]
    facts: tuple[Fact, ...]
    details: Details
    notice: Text | None
    withdrawn_at: Moment | None
    discountable: bool
    variants: tuple[VariantRecord, ...]


class StoreRecord(Frozen):
    """A store: where it stands, when it is open, the clock and money it lives by."""

    id: str
    name: str
    time_zone: str
    currency: str
    locale: str
    place: Text | None
    region: str | None
    latitude: float | None
    longitude: float | None
    hours: OpeningHours | None
    open_now: bool | None


class StockRecord(Frozen):
    """How many of a variant stand in the store, and when they were counted."""

    gtin: Gtin
    count: int
    counted_at: Moment


class PriceRecord(Frozen):
    """What a variant costs in the store from a moment on, before any promotion."""

    gtin: Gtin
    applies_from: Moment
    price: Money
    member: Money | None
    floor: Money


class PriceListRecord(Frozen):
    """A price list: whose it is (the chain's without a store), and its window in each store's local time."""

    id: str
    name: Text
    store_id: str | None
    currency: str
    starts: datetime
    ends: datetime | None


class ListedPriceRecord(Frozen):
    """What a list asks for a variant while it is in force, before any promotion."""

    gtin: Gtin
    price: Money
    member: Money | None
    floor: Money


class Page(Frozen):
    """Up to `limit` records in order; ask again with `after` what `next` says, until it is None."""

    next: str | None


class CategoryPage(Page):
    """Categories by id."""

    categories: tuple[CategoryRecord, ...]


class ProductPage(Page):
    """Products by id."""

    products: tuple[ProductRecord, ...]


class VariantPage(Page):
    """Variants by GTIN."""

    variants: tuple[VariantRecord, ...]


class StorePage(Page):
    """Stores by id: those the asker may see."""

    stores: tuple[StoreRecord, ...]


class StockPage(Page):
    """The stock of a store by GTIN."""

    stock: tuple[StockRecord, ...]


class PricePage(Page):
    """The prices of a store by GTIN and time: all that ever were, and those to come."""

    prices: tuple[PriceRecord, ...]


class PriceListPage(Page):
    """Price lists by id: the chain's, and those of stores the asker may see."""

    price_lists: tuple[PriceListRecord, ...]


class ListedPricePage(Page):
    """What a list asks, by GTIN."""

    prices: tuple[ListedPriceRecord, ...]


def _told(model: type[Frozen], row: Any, **more: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in model.model_fields if name not in more} | more


def category(row: Category) -> CategoryRecord:
    """Return the record of a stored category."""
    return CategoryRecord.model_validate(_told(CategoryRecord, row))


def variant(row: Variant) -> VariantRecord:
    """Return the record of a stored variant."""
    return VariantRecord.model_validate(_told(VariantRecord, row))


def product(row: Product, variants: Iterable[Variant]) -> ProductRecord:
    """Return the record of a stored product."""
    return ProductRecord.model_validate(
        _told(ProductRecord, row, variants=tuple(variant(one) for one in variants))
    )


def store(row: Store, open_now: bool | None) -> StoreRecord:
    """Return the record of a stored store."""
    return StoreRecord.model_validate(_told(StoreRecord, row, open_now=open_now))


def stock(row: Stock) -> StockRecord:
    """Return the record of a stored count."""
    return StockRecord.model_validate(_told(StockRecord, row))


def price(row: Price, currency: str) -> PriceRecord:
    """Return the record of a stored price."""
    return PriceRecord(gtin=row.gtin, applies_from=row.applies_from, **_amounts(row, currency))


def price_list(row: PriceList) -> PriceListRecord:
    """Return the record of a stored price list."""
    return PriceListRecord.model_validate(_told(PriceListRecord, row))


def listed_price(row: ListedPrice, currency: str) -> ListedPriceRecord:
    """Return the record of what a list asks for a variant."""
    return ListedPriceRecord(gtin=row.gtin, **_amounts(row, currency))


def _amounts(row: Price | ListedPrice, currency: str) -> dict[str, Any]:
    def money(minor: int) -> Money:
        return Money(minor=minor, currency=currency)

    member = None if row.member_minor is None else money(row.member_minor)
    return {"price": money(row.minor), "member": member, "floor": money(row.floor_minor)}
