"""What the chain sells, and what each store has of it, where, and for how much."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, ForeignKey, Index, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document, Gtin, Json, Key, StoreKey, Words


class Category(Base):
    """A node of the category tree."""

    __tablename__ = "category"
    id: Mapped[Key] = mapped_column(primary_key=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("category.id"), index=True)
    name: Mapped[Words]


class Product(Base):
    """A product as the chain knows it.

    `pictures` is a list of `{"name", "alt": {language: words}}`, `facts` of `{"label", "value"}` (both
    words per language). `notice` stands first on the card; `withdrawn_at` takes it off suggestions and signs.
    """

    __tablename__ = "product"
    id: Mapped[Key] = mapped_column(primary_key=True)
    category_id: Mapped[str] = mapped_column(ForeignKey("category.id"), index=True)
    brand: Mapped[str] = mapped_column(String(100))
    name: Mapped[Words]
    summary: Mapped[Words]
    pictures: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    facts: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    notice: Mapped[Words | None]
    withdrawn_at: Mapped[datetime | None]
    discountable: Mapped[bool] = mapped_column(default=True)
    """False where no promotion may take its price down: books, infant formula, tobacco."""
    details: Mapped[Document] = mapped_column(default=dict)
    """Materials, care, origin, food, links: a document of `catalogue.details.Details`."""


class Variant(Base):
    """One size and colour of a product, or what else it differs by, with its own GTIN."""

    __tablename__ = "variant"
    gtin: Mapped[Gtin] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"), index=True)
    sku: Mapped[str] = mapped_column(String(64), unique=True)
    size: Mapped[str | None] = mapped_column(String(20))
    colour: Mapped[Words | None]
    colour_code: Mapped[str | None] = mapped_column(String(7))
    axes: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    """Further axes it differs by (length, fit…): `{"label", "value"}`, both words per language."""
    position: Mapped[int] = mapped_column(default=0)
    content: Mapped[Decimal | None] = mapped_column(Numeric(12, 3))
    """How much is in it, in `content_unit` (g, kg, ml, cl, l, m, m2, piece): the unit price comes from it."""
    content_unit: Mapped[str | None] = mapped_column(String(8))


class Price(Base):
    """The price of a variant in a store from a moment on, until the next row. Rows are only ever added.

    `member_minor` is what members pay; no promotion takes the price below `floor_minor`.
    """

    __tablename__ = "price"
    store_id: Mapped[StoreKey] = mapped_column(primary_key=True)
    gtin: Mapped[str] = mapped_column(ForeignKey("variant.gtin"), primary_key=True)
    applies_from: Mapped[datetime] = mapped_column(primary_key=True)
    minor: Mapped[int] = mapped_column(BigInteger)
    member_minor: Mapped[int | None] = mapped_column(BigInteger)
    floor_minor: Mapped[int] = mapped_column(BigInteger, default=0)


class PriceList(Base):
    """Prices that hold for a time: of one store, or of the whole chain (no store), in one currency.

    `starts` and `ends` are in each store's local time, without a zone on purpose: `[starts, ends)`. A list and its
    prices are fixed from when it starts, so that what was asked is never rewritten; only its end may be moved.
    """

    __tablename__ = "price_list"
    id: Mapped[Key] = mapped_column(primary_key=True)
    name: Mapped[Words]
    store_id: Mapped[str | None] = mapped_column(ForeignKey("store.id"), index=True)
    currency: Mapped[str] = mapped_column(String(3))
    starts: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    ends: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))


class ListedPrice(Base):
    """The price of a variant on a list; `member_minor` and `floor_minor` as for `Price`."""

    __tablename__ = "listed_price"
    list_id: Mapped[str] = mapped_column(ForeignKey("price_list.id"), primary_key=True)
    gtin: Mapped[str] = mapped_column(ForeignKey("variant.gtin"), primary_key=True)
    minor: Mapped[int] = mapped_column(BigInteger)
    member_minor: Mapped[int | None] = mapped_column(BigInteger)
    floor_minor: Mapped[int] = mapped_column(BigInteger, default=0)


class Stock(Base):
    """How many of a variant stand in a store, and when they were counted."""

    __tablename__ = "stock"
    store_id: Mapped[StoreKey] = mapped_column(primary_key=True)
    gtin: Mapped[str] = mapped_column(ForeignKey("variant.gtin"), primary_key=True)
    count: Mapped[int]
    counted_at: Mapped[datetime]


class ShelfPlace(Base):
    """Where a product stands in a store."""

    __tablename__ = "shelf_place"
    store_id: Mapped[StoreKey] = mapped_column(primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"), primary_key=True)
    zone: Mapped[Words]
    fixture: Mapped[Words | None]
    shelf: Mapped[int | None]


class Sign(Base):
    """A sign that stands for a collection or campaign."""

    __tablename__ = "sign"
    id: Mapped[Key] = mapped_column(primary_key=True)
    title: Mapped[Words]
    body: Mapped[Words]
    picture: Mapped[dict[str, Any] | None] = mapped_column(Json)


class SignProduct(Base):
    """A product a sign shows, in order."""

    __tablename__ = "sign_product"
    __table_args__ = (Index("ix_sign_product_sign_id_position", "sign_id", "position"),)
    sign_id: Mapped[str] = mapped_column(ForeignKey("sign.id"), primary_key=True)
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"), primary_key=True)
    position: Mapped[int]
