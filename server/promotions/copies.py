"""The evidence of what kiosks showed of their own copies while no server was asked: kept when the tap arrives."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from server.access.rules import Device
from server.promotions.documents import PARTS, add_new, documents_of
from server.promotions.models import ShownCopy
from server.promotions.rules.decision import Decision, decide
from server.promotions.rules.versions import Json, inputs_of
from server.wire import Showed, ShownPrice

Row = dict[str, Any]


def rows_of(tap_id: UUID, showed: Showed, device: Device, *, shown_at: datetime, received: datetime) -> list[Row]:
    """Return the rows to keep of what a tap tells."""
    copy = {"at": showed.at.isoformat(), "made_at": showed.made_at.isoformat(), "revision": showed.revision}
    return [
        {
            "tap_id": tap_id,
            "place": place,
            "store_id": device.store_id,
            "device_id": device.id,
            "product_id": price.product_id,
            "shown_at": shown_at,
            "received_at": received,
            "told": copy | price.model_dump(mode="json", exclude={"versions", "product_id"}),
            **{part: getattr(price.versions, part, None) for part in PARTS},
        }
        for place, price in enumerate(showed.prices)
    ]


def keep_copies(engine: Engine, rows: Sequence[Row]) -> None:
    """Keep them, each once, in a transaction of its own; what the database raises lets the tap come again."""
    if rows:
        with engine.begin() as connection:
            add_new(connection, ShownCopy, sorted(rows, key=lambda row: (row["tap_id"], row["place"])))


def copies_shown(
    session: Session, store_id: str, product_id: str, *, gtin: str, since: datetime, until: datetime
) -> Iterator[Json]:
    """Yield what kiosks of a store showed of a product by themselves in `[since, until)`.

    What is known to be of another variant than `gtin` is left out. `allowed`: whether the price stood within its
    interval by the clock the kiosk judged by. `worked_out_again`: whether its documents say the same price; None
    where the kiosk named none, as older kiosks do of tiles.
    """
    wanted = select(ShownCopy).where(ShownCopy.store_id == store_id, ShownCopy.product_id == product_id)
    wanted = wanted.where(ShownCopy.shown_at >= since, ShownCopy.shown_at < until)
    for row in session.scalars(wanted.order_by(ShownCopy.shown_at, ShownCopy.tap_id, ShownCopy.place)):
        price = ShownPrice.model_validate({"product_id": row.product_id} | row.told)
        told = documents_of(session, {part: getattr(row, part) for part in PARTS})
        of = told.catalogue["gtin"] if told else price.gtin
        if of in {None, gtin}:
            at = datetime.fromisoformat(row.told["at"])
            again = decide(inputs_of(told), at) if told else None
            yield _line(row, of) | {
                "made_from": None if told is None else {part: getattr(told, part) for part in PARTS},
                "allowed": (price.true_from is None or price.true_from <= at) and at < price.true_until,
                "worked_out_again": (again is not None and _says(again, price)) if row.catalogue else None,
            }


def _line(row: ShownCopy, gtin: str | None) -> Json:
    return {
        "store": row.store_id,
        "kiosk": row.device_id,
        "tap": str(row.tap_id),
        "where": "card" if row.catalogue and not row.told.get("tile") else "tile",
        "gtin": gtin,
        "shown_at": row.shown_at.isoformat(),
        "told_at": row.received_at.isoformat(),
        "shown": row.told,
        "versions": {part: getattr(row, part) for part in PARTS},
    }


def _says(decision: Decision, price: ShownPrice) -> bool:
    percent = int(decision.reduction.percent) if decision.reduction else 0
    prior = decision.reduction.prior if decision.reduction and percent else None
    said = (price.now.minor, price.member and price.member.minor, price.was and price.was.minor)
    return said == (decision.minor, decision.member, prior) and (price.percent_off or 0) == percent
