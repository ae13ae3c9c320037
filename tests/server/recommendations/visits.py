"""A store with six products and visits to it, for what is learned from them."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from server.access.models import Store
from server.catalogue.models import Category, Product
from server.timeline.models import Event, EventKind, Outbox
from tests.clock import NOW

PRODUCTS = ("boots", "socks", "tent", "mat", "lamp", "new-tent")


def open_shop(session: Session) -> Session:
    """Make one store, six products, ten visits of boots → socks and ten of tent → mat five days ago."""
    session.add(Store(id="MAD", name="Madrid", time_zone="Europe/Madrid", currency="EUR", locale="es_ES"))
    session.add(Category(id="all", name={"en": "All"}))
    session.flush()
    for name in PRODUCTS:
        words = {"en": name.replace("-", " ")}
        session.add(Product(id=name, category_id="all", brand="Own", name=words, summary=words))
    for number in range(10):
        at = NOW - timedelta(days=5) + timedelta(hours=number)
        visit(session, 2 * number, "boots", "socks", at=at)
        visit(session, 2 * number + 1, "tent", "mat", at=at)
    session.commit()
    return session


def visit(session: Session, number: int, *products: str, at: datetime, device: str = "k1") -> None:
    """Put a visit on the timeline, a look every half minute, and out for those who follow it."""
    for step, product in enumerate(products):
        row = look(number, step, product, at=at + timedelta(seconds=30 * step), device=device)
        session.add(row)
        session.flush()
        session.add(Outbox(event_id=row.id, corrected_at=row.corrected_at))
        session.flush()


def look(number: int, step: int, product: str, *, at: datetime, device: str = "k1") -> Event:
    """Return a tap on a product in a visit of this number."""
    return Event(
        id=UUID(int=number * 1000 + step + 1),
        kind=EventKind.PRODUCT_TAPPED,
        channel="kiosk",
        store_id="MAD",
        device_id=device,
        visit_id=UUID(int=1_000_000 + number),
        product_id=product,
        occurred_at=at,
        received_at=at,
        corrected_at=at,
        epoch=UUID(int=1),
        seq=number,
        payload_hash="",
        properties={},
    )
