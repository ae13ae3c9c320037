"""Everything that happened, once each, in one table all channels share."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, Integer, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from server.db import Base, Document, Key, Uid


class EventKind(StrEnum):
    """The closed vocabulary of events: first the house's own, then Segment's e-commerce v2 and its calls.

    `timeline.vocabulary` says what each is called outside.
    """

    PRODUCT_TAPPED = "product_tapped"
    SIGN_TAPPED = "sign_tapped"
    UNKNOWN_TAG_TAPPED = "unknown_tag_tapped"
    SUGGESTION_OPENED = "suggestion_opened"
    SUGGESTIONS_SHOWN = "suggestions_shown"
    STAFF_CALLED = "staff_called"
    VISIT_ENDED = "visit_ended"
    CARD_TAPPED = "card_tapped"
    CUSTOMER_INTRODUCED = "customer_introduced"
    CONSENT_CHOSEN = "consent_chosen"
    STORY_SHARED = "story_shared"

    PRODUCTS_SEARCHED = "products_searched"
    PRODUCT_LIST_VIEWED = "product_list_viewed"
    PRODUCT_LIST_FILTERED = "product_list_filtered"
    PROMOTION_VIEWED = "promotion_viewed"
    PROMOTION_CLICKED = "promotion_clicked"
    PRODUCT_CLICKED = "product_clicked"
    PRODUCT_VIEWED = "product_viewed"
    PRODUCT_ADDED = "product_added"
    PRODUCT_REMOVED = "product_removed"
    CART_VIEWED = "cart_viewed"
    CHECKOUT_STARTED = "checkout_started"
    CHECKOUT_STEP_VIEWED = "checkout_step_viewed"
    CHECKOUT_STEP_COMPLETED = "checkout_step_completed"
    PAYMENT_INFO_ENTERED = "payment_info_entered"
    ORDER_UPDATED = "order_updated"
    ORDER_COMPLETED = "order_completed"
    ORDER_REFUNDED = "order_refunded"
    ORDER_CANCELLED = "order_cancelled"
    COUPON_ENTERED = "coupon_entered"
    COUPON_APPLIED = "coupon_applied"
    COUPON_DENIED = "coupon_denied"
    COUPON_REMOVED = "coupon_removed"
    PRODUCT_ADDED_TO_WISHLIST = "product_added_to_wishlist"
    PRODUCT_REMOVED_FROM_WISHLIST = "product_removed_from_wishlist"
    WISHLIST_PRODUCT_ADDED_TO_CART = "wishlist_product_added_to_cart"
    PRODUCT_SHARED = "product_shared"
    CART_SHARED = "cart_shared"
    PRODUCT_REVIEWED = "product_reviewed"

    IDENTIFIED = "identified"
    PAGE_VIEWED = "page_viewed"
    SCREEN_VIEWED = "screen_viewed"
    GROUP_JOINED = "group_joined"
    ALIAS_TOLD = "alias_told"
    CUSTOM = "custom"
    """Whatever else a channel tells of: its `name` says what it is called there."""


LATEST = 20
"""Products of a visit that an answer looks back on: what was seen before weighs next to nothing in it."""

OF_VARIANT = "\x1f"
"""Stands between a product and its variant, where both are told in one (ASCII's unit separator)."""


class Event(Base):
    """One thing that happened. The id is made where it happened; `EventKey` lets the first write of it win.

    On PostgreSQL each month of `corrected_at` is a partition (`timeline.partitions`).

    The id of another maker's message is the hash of its source and message id (`rules.keys.message_key`), so that
    the same rule keeps it once for ever.

    `occurred_at` is what the device's clock said, `sent_at` what it said when it sent, `received_at` what ours
    said, `corrected_at` the best estimate from all; `epoch` and `seq` order a device's own events and find gaps.
    `anonymous_id` and `user_id` are what the channel calls the visit and the customer; `consent` is what had been
    agreed to at that moment, None for nothing.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_store_id_corrected_at", "store_id", "corrected_at"),
        Index("ix_event_visit_id_corrected_at", "visit_id", "corrected_at"),
        Index("ix_event_user_id_corrected_at", "user_id", "corrected_at"),
    )
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str | None] = mapped_column(String(200))
    """What the sender calls it, where `kind` does not say so."""
    version: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    """The version of the schema its properties follow."""
    channel: Mapped[str] = mapped_column(String(20))
    source_id: Mapped[Key | None]
    message_id: Mapped[str | None] = mapped_column(String(100))
    store_id: Mapped[Key | None]
    device_id: Mapped[Key | None]
    visit_id: Mapped[UUID | None]
    anonymous_id: Mapped[str | None] = mapped_column(String(200))
    user_id: Mapped[str | None] = mapped_column(String(200))
    product_id: Mapped[Key | None]
    gtin: Mapped[str | None] = mapped_column(String(14))
    sign_id: Mapped[Key | None]
    tag_uid: Mapped[Uid | None]
    cause_id: Mapped[UUID | None]
    occurred_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime]
    corrected_at: Mapped[datetime]
    epoch: Mapped[UUID]
    seq: Mapped[int] = mapped_column(BigInteger)
    payload_hash: Mapped[str] = mapped_column(String(64))
    properties: Mapped[Document]
    context: Mapped[Document | None]
    consent: Mapped[Document | None]


class EventKey(Base):
    """The id of every event there ever was, and a hash of what it said: it is there once, even when forgotten."""

    __tablename__ = "event_key"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    payload_hash: Mapped[str] = mapped_column(String(64))


class EventHour(Base):
    """How many events of a kind a store and channel had in an hour (UTC), as a recount finds; store '' is none."""

    __tablename__ = "event_hour"
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    store_id: Mapped[Key] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    events: Mapped[int] = mapped_column(BigInteger)


class Outbox(Base):
    """Events in the order they were committed, for the live stream and the webhooks; kept some days."""

    __tablename__ = "event_outbox"
    __table_args__ = {"sqlite_autoincrement": True}  # noqa: RUF012 - SQLAlchemy reads it off the class
    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    event_id: Mapped[UUID]
    corrected_at: Mapped[datetime]


class FailedEvent(Base):
    """A message that does not fit, kept as it came: shown, repaired and taken again."""

    __tablename__ = "failed_event"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[Key] = mapped_column(index=True)
    message_id: Mapped[str] = mapped_column(String(100))
    received_at: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(2000))
    message: Mapped[Document]
    sending: Mapped[Document]
    """What stood around it: when it was sent, and by which client."""
    repaired_at: Mapped[datetime | None]


class Quarantine(Base):
    """What was refused and kept aside: the same id with another payload, or a tap that cannot be valid."""

    __tablename__ = "quarantine"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[UUID | None] = mapped_column(index=True)
    source_id: Mapped[Key | None]
    device_id: Mapped[Key | None]
    store_id: Mapped[Key | None]
    received_at: Mapped[datetime]
    code: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str] = mapped_column(String(2000))
    payload_hash: Mapped[str] = mapped_column(String(64))
    payload: Mapped[Document]
