"""What taps mean and what refused ones leave behind, in the database."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

from pydantic_core import to_json
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.access.rules import Device
from server.catalogue.models import Product
from server.catalogue.queries import product_of_gtin
from server.promotions.cards import card_key
from server.tags.models import TargetKind
from server.tags.queries import forget_unknown, note_unknown, open_bindings
from server.tags.rules import Target, hinted_gtin
from server.taps.rules import Meaning
from server.timeline import rollups
from server.timeline.models import Event, Quarantine
from server.timeline.recording import Entry

REFUSED = UUID("0d7f1a52-3c55-5b1e-8f0e-2f7c64a1b9d3")
"""Name space of the ids that refused taps are kept under (RFC 9562, version 5); their own cannot be trusted."""

Asked = tuple[str | None, str | None, str | None]
"""UID, address and picked product of a tap: all that its meaning depends on, besides the store."""


def meanings(
    session: Session, store_id: str, asked: Collection[Asked], *, trusted_hosts: Collection[str]
) -> dict[Asked, Meaning]:
    """Return what each tap means in the store: the binding decides, a trusted content is a hint."""
    bound = open_bindings(session, store_id, {uid for uid, _, _ in asked if uid})
    hints = {uri: hinted_gtin(uri, trusted_hosts) for uid, uri, _ in asked if uid not in bound}
    gtins = {gtin for gtin in hints.values() if gtin}
    gtins |= {target.id for target in bound.values() if target.kind is TargetKind.VARIANT}
    products = product_of_gtin(session, gtins)
    found: dict[Asked, Meaning] = {}
    for uid, uri, picked in asked:
        if picked is not None:
            known = session.get(Product, picked) is not None
            found[uid, uri, picked] = Meaning(card_key(picked), picked) if known else Meaning()
        elif uid in bound:
            found[uid, uri, picked] = _meaning(bound[uid], products)
        else:
            gtin = hints.get(uri)
            product = products.get(gtin or "")
            hinted = Meaning(card_key(product, gtin), product, gtin, hinted=True) if product else Meaning()
            found[uid, uri, picked] = hinted
    return found


def _meaning(target: Target, products: dict[str, str]) -> Meaning:
    if target.kind is TargetKind.SIGN:
        return Meaning(f"sign:{target.id}", sign_id=target.id)
    if target.kind is TargetKind.PRODUCT:
        return Meaning(card_key(target.id), target.id)
    product = products[target.id]
    return Meaning(card_key(product, target.id), product, target.id)


def correct(session: Session, written: Entry, current: Entry) -> None:
    """Put right what an event says was meant, where the binding had changed a moment before it was written."""
    row = current.row
    fields = {name: row[name] for name in ("kind", "product_id", "gtin", "sign_id", "properties")}
    session.execute(update(Event).where(Event.id == row["id"]).values(**fields))
    before, after = rollups.hour_of(written.row), rollups.hour_of(row)
    if before != after:
        rollups.add(session.connection(), {before: -1, after: 1})
    if current.unknown and not written.unknown:
        note_unknown(session.connection(), [current.unknown])
    elif written.unknown and not current.unknown:
        forget_unknown(session, store_id=written.unknown.store_id, uid=written.unknown.uid)


def put_aside(session: Session, device: Device, *, reason: str, payload: dict[str, Any], now: datetime) -> None:
    """Keep a tap that can never be taken, with the reason; once, however often the same device sends it."""
    payload_hash = sha256(to_json(payload)).hexdigest()
    refusal = uuid5(REFUSED, f"{device.id} {payload_hash}")
    if session.scalar(select(Quarantine.id).where(Quarantine.event_id == refusal).limit(1)) is not None:
        return
    session.add(
        Quarantine(
            event_id=refusal,
            device_id=device.id,
            store_id=device.store_id,
            received_at=now,
            code="invalid",
            reason=reason[:2000],
            payload_hash=payload_hash,
            payload=payload,
        )
    )


def took_place(session: Session, device_id: str, visit_id: UUID) -> bool:
    """Return whether anything of a visit was told by this kiosk."""
    told = select(Event.id).where(Event.visit_id == visit_id, Event.device_id == device_id)
    return session.scalar(told.limit(1)) is not None
