"""The list a customer made at home, at this store's prices: what the kiosk asks for once their card was tapped.

It is theirs only with their yes, in a visit in which this kiosk saw their card or their app said whose it is: a
number that is typed in proves nothing.
"""

from __future__ import annotations

from uuid import UUID

import flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.guard import devices_only, this_device
from server.access.models import KioskKind
from server.access.queries import store as find_store
from server.access.rules import Device
from server.catalogue.models import Variant
from server.openapi import documented
from server.promotions.cards import tile_of
from server.promotions.counter import Counter
from server.promotions.evidence import Shown, keep, shown_now
from server.timeline.models import Event, EventKind
from server.timeline.people import consenting
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind
from server.timeline.people.queries import events_of, person_of
from server.timeline.people.requests import may_profile
from server.timeline.reading.wish_list import KINDS, Wished, wish_list
from server.web import engine, house, now, open_snapshot, said
from server.wire import HomeLine, HomeList

routes = flask.Blueprint("from_home", __name__, url_prefix="/api/v1")

MOST = 20


@routes.get("/visits/<uuid:visit_id>/list")
@devices_only(KioskKind.KIOSK)
@documented(gives=HomeList)
def from_home(visit_id: UUID) -> flask.Response:
    """Give the list of the visit's customer; empty where there is none, or no yes."""
    device, evidence = this_device(), list[Shown]()
    with open_snapshot() as session:
        wished = _wished(session, visit_id, device)
        store = find_store(session, device.store_id)
        counter = Counter.open(session, store, {one.product_id for one in wished}, now=now())
        lines = _lines(counter, wished, evidence)
    keep(engine(), evidence)
    return said(HomeList(lines=tuple(lines), server_time=counter.now))


def _wished(session: Session, visit_id: UUID, device: Device) -> tuple[Wished, ...]:
    keys, visit = PersonKeys(house().settings.person_keys), Id(IdKind.VISIT, str(visit_id))
    if not keys or not _met(session, visit_id, device) or not consenting.holds(session, visit_id).known:
        return ()
    if not consenting.proven(session, visit_id) or not may_profile(session, visit, keys):
        return ()
    return wish_list(events_of(session, person_of(session, visit), kinds=KINDS))[:MOST]


def _met(session: Session, visit_id: UUID, device: Device) -> bool:
    met = select(Event.id).where(Event.visit_id == visit_id, Event.device_id == device.id)
    said = Event.kind.in_((EventKind.CARD_TAPPED, EventKind.CUSTOMER_INTRODUCED))
    return session.scalar(met.where(said).limit(1)) is not None


def _lines(counter: Counter, wished: tuple[Wished, ...], evidence: list[Shown]) -> list[HomeLine]:
    gtins = _gtins(counter.session, [one.sku for one in wished if one.sku])
    lines = []
    for one in wished:
        product = counter.goods.products.get(one.product_id)
        if product is None or (product.withdrawn_at is not None and product.withdrawn_at <= counter.now):
            continue
        variants = counter.goods.variants.get(product.id, [])
        meant = [variant for variant in variants if variant.gtin == gtins.get(one.sku)]
        exact = meant[0] if meant else None
        evidence += shown_now(counter, product, counter.shown(product, exact.gtin if exact else None)[0])
        lines.append(
            HomeLine(
                tile=tile_of(counter, product, exact.gtin if exact else None),
                size=exact.size if exact else None,
                colour=exact.colour if exact else None,
                in_stock=sum(counter.count(variant) for variant in meant or variants),
            )
        )
    return sorted(lines, key=lambda line: not line.in_stock)


def _gtins(session: Session, skus: list[str]) -> dict[str, str]:
    """Return the GTIN of each variant that is named, whether by its SKU or by the GTIN itself."""
    by_gtin = {sku.zfill(14): sku for sku in skus if sku.isdigit() and len(sku) <= 14}
    named = (Variant.sku.in_(skus)) | (Variant.gtin.in_(list(by_gtin)))
    found: dict[str, str] = {}
    for sku, gtin in session.execute(select(Variant.sku, Variant.gtin).where(named)).all():
        found |= {sku: gtin, by_gtin.get(gtin, sku): gtin}
    return found
