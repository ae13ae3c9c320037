"""Promotions as they are stored: as they are now, every version they had, and the policies that combine them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document, Key, StoreKey, Words


class Promotion(Base):
    """A promotion. Its window is in each store's local time: `starts` and `ends` have no zone on purpose.

    `rule` says kind, amounts, scope and stores (see `promotions.rules.rule.Rule`); it is checked when saved
    and again when read, and a bad one is skipped with an alarm, never shown.
    """

    __tablename__ = "promotion"
    id: Mapped[Key] = mapped_column(primary_key=True)
    headline: Mapped[Words]
    condition: Mapped[Words | None]
    rule: Mapped[Document]
    starts: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    ends: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    priority: Mapped[int] = mapped_column(default=0)
    exclusive: Mapped[bool] = mapped_column(default=False)
    paused: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str | None] = mapped_column(String(64))


class PromotionVersion(Base):
    """What a promotion was in `[recorded_at, replaced_at)`: what was asked then is worked out with it.

    A pause ends a version without a new one. Rows are only ever added, and ended once.
    """

    __tablename__ = "promotion_version"
    __table_args__ = (Index("ix_promotion_version_replaced_at", "replaced_at"),)
    promotion_id: Mapped[str] = mapped_column(ForeignKey("promotion.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    headline: Mapped[Words]
    condition: Mapped[Words | None]
    rule: Mapped[Document]
    starts: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    ends: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))
    priority: Mapped[int]
    exclusive: Mapped[bool]
    recorded_at: Mapped[datetime]
    replaced_at: Mapped[datetime | None]


class PricingPolicy(Base):
    """How the chain (scope `chain`), or its stores in a country (its ISO 3166 code), combine and announce.

    `policy` and `prior` are documents of `rules.policy.Policy` and `prior_price.PriorPolicy`.
    """

    __tablename__ = "pricing_policy"
    scope: Mapped[Key] = mapped_column(primary_key=True)
    policy: Mapped[Document]
    prior: Mapped[Document]


class PromotionUse(Base):
    """One use of a limited promotion: reserved while the shopper decides, committed when it is given.

    What is reserved and not committed by `expires_at` is free again.
    """

    __tablename__ = "promotion_use"
    __table_args__ = (Index("ix_promotion_use_promotion_id_day", "promotion_id", "day"),)
    id: Mapped[Key] = mapped_column(primary_key=True)
    promotion_id: Mapped[str] = mapped_column(ForeignKey("promotion.id"))
    store_id: Mapped[StoreKey]
    day: Mapped[date] = mapped_column(Date)
    visit_id: Mapped[UUID | None]
    """The visit of the customer it was given to; whose visit that is, the links of people say."""
    minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    expires_at: Mapped[datetime]
    committed_at: Mapped[datetime | None]


class HeldList(Base):
    """A list something was to be held for: what is on it, as a hash, and when it was given for good."""

    __tablename__ = "held_list"
    list_id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[StoreKey]
    goods: Mapped[str] = mapped_column(String(32))
    held_at: Mapped[datetime]
    given_at: Mapped[datetime | None]


class PriceDocument(Base):
    """Something prices were made from, under the hash of what it says: kept once, never changed."""

    __tablename__ = "price_document"
    hash: Mapped[str] = mapped_column(String(32), primary_key=True)
    body: Mapped[Document]
    kept_at: Mapped[datetime | None]
    """When it was last put on a kiosk's shelf, to the week: a kiosk may tell of it long after."""


class PriceEvidence(Base):
    """A price that was shown: where, of what, from when until when, and the documents it was made from."""

    __tablename__ = "price_evidence"
    store_id: Mapped[StoreKey] = mapped_column(primary_key=True)
    gtin: Mapped[str] = mapped_column(String(14), primary_key=True)
    true_from: Mapped[datetime] = mapped_column(primary_key=True)
    decision: Mapped[str] = mapped_column(String(32), primary_key=True)
    true_until: Mapped[datetime]
    first_shown: Mapped[datetime]
    shown: Mapped[Document]
    catalogue: Mapped[str] = mapped_column(String(32))
    prices: Mapped[str] = mapped_column(String(32))
    promotions: Mapped[str] = mapped_column(String(32))
    rules: Mapped[str] = mapped_column(String(32))


class ShownCopy(Base):
    """A price a kiosk showed of its own copy, told with its tap; `place` is 0 on the card, from 1 on its tiles."""

    __tablename__ = "shown_copy"
    __table_args__ = (Index("ix_shown_copy_store_id_product_id_shown_at", "store_id", "product_id", "shown_at"),)
    tap_id: Mapped[UUID] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    store_id: Mapped[StoreKey]
    device_id: Mapped[Key]
    product_id: Mapped[Key]
    shown_at: Mapped[datetime]
    """As best we know, whatever the kiosk's clock said."""
    received_at: Mapped[datetime]
    told: Mapped[Document]
    """What the kiosk says: the price, its interval, its clock, and the copy it is of."""
    catalogue: Mapped[str | None] = mapped_column(String(32))
    prices: Mapped[str | None] = mapped_column(String(32))
    promotions: Mapped[str | None] = mapped_column(String(32))
    rules: Mapped[str | None] = mapped_column(String(32))


class ShownTotal(Base):
    """What a list came to as it was shown, once for each thing it came to, with all it was worked out from."""

    __tablename__ = "shown_total"
    __table_args__ = (Index("ix_shown_total_store_id_first_shown", "store_id", "first_shown"),)
    list_id: Mapped[UUID] = mapped_column(primary_key=True)
    decision: Mapped[str] = mapped_column(String(32), primary_key=True)
    store_id: Mapped[StoreKey]
    device_id: Mapped[Key]
    first_shown: Mapped[datetime]
    shown: Mapped[Document]
    made_from: Mapped[Document]
