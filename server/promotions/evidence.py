"""The price evidence: what was shown, where, when and why, with all it was made from, to be worked out again."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, delete, select, text, union
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.catalogue.queries import ProductRow, VariantRow
from server.db import CHAIN
from server.promotions.counter import Counter
from server.promotions.documents import FRESH, PARTS, add_new, documents_of
from server.promotions.models import HeldList, PriceDocument, PriceEvidence, PricingPolicy, ShownCopy, ShownTotal
from server.promotions.prior_price import PriorPolicy
from server.promotions.rules.decision import Decision, decide
from server.promotions.rules.versions import digest, inputs_of

log = logging.getLogger("shelftalker.prices")

Json = dict[str, Any]
KEY = ("store_id", "gtin", "true_from", "decision")


def shown(decision: Decision) -> Json:
    """Return what a decision lets the card show."""
    reduction = decision.reduction
    return {
        "minor": decision.minor,
        "list": decision.list_minor,
        "member": decision.member,
        "prior": reduction.prior if reduction else None,
        "percent": str(reduction.percent) if reduction else None,
        "began": reduction.began.isoformat() if reduction else None,
        "promotions": [[cut.promotion_id, cut.minor] for cut in decision.shelf.cuts],
    }


@dataclass(frozen=True, slots=True)
class Shown:
    """A price that is about to be shown: its row of `PriceEvidence`, and the bodies of its documents by hash."""

    row: dict[str, Any]
    documents: dict[str, Json]


def shown_now(counter: Counter, product: ProductRow, variant: VariantRow | None) -> list[Shown]:
    """Return what is to be kept of the variant's price as it is shown now; nothing where it has none."""
    inputs, decision = counter.decided(product, variant) if variant else (None, None)
    if inputs is None or variant is None or decision is None:
        return []
    made, says = counter.told(product, variant), shown(decision)
    since, until = counter.true_in(product)
    row = {
        "store_id": counter.store.id,
        "gtin": variant.gtin,
        "true_from": since,
        "decision": digest(made.versions | {"shown": says}),
        "true_until": until,
        "first_shown": counter.now,
        "shown": says,
        **made.versions,
    }
    return [Shown(row, made.bodies())]


def keep(engine: Engine, listed: Sequence[Shown], totals: Sequence[Mapping[str, Any]] = ()) -> None:
    """Store what is not stored yet, in a transaction of its own; where that fails, the log tells."""
    if not listed:
        return
    bodies = {key: body for one in listed for key, body in one.documents.items()}
    rows = {tuple(one.row[name] for name in KEY): one.row for one in listed}
    try:
        with engine.begin() as connection:
            add_new(connection, PriceDocument, [{"hash": key, "body": bodies[key]} for key in sorted(bodies)])
            add_new(connection, PriceEvidence, [rows[key] for key in sorted(rows)])
            add_new(connection, ShownTotal, totals)
    except SQLAlchemyError:
        log.exception("price evidence was not kept")


def file_of(session: Session, store_id: str, gtin: str, *, since: datetime, until: datetime) -> Iterator[Json]:
    """Yield what was shown of a variant in a store in `[since, until)`, and whether its documents say the same."""
    wanted = select(PriceEvidence).where(PriceEvidence.store_id == store_id, PriceEvidence.gtin == gtin)
    for row in session.scalars(
        wanted.where(PriceEvidence.first_shown >= since, PriceEvidence.first_shown < until).order_by(
            PriceEvidence.first_shown
        )
    ):
        told = documents_of(session, {part: getattr(row, part) for part in PARTS})
        again = None if told is None else decide(inputs_of(told), row.first_shown)
        yield {
            "store": row.store_id,
            "gtin": row.gtin,
            "first_shown": row.first_shown.isoformat(),
            "true_from": row.true_from.isoformat(),
            "true_until": row.true_until.isoformat(),
            "shown": row.shown,
            "versions": {part: getattr(row, part) for part in PARTS},
            "made_from": None if told is None else {part: getattr(told, part) for part in PARTS},
            "worked_out_again": again is not None and shown(again) == row.shown,
        }


def forget(session: Session, now: datetime) -> int:
    """Delete evidence older than the chain's policy keeps, and documents nothing refers to; return how much went.

    A price that is shown meanwhile waits, so that it does not lose its documents.
    """
    held = session.get(PricingPolicy, CHAIN)
    days = PriorPolicy.model_validate(held.prior).evidence_days if held else 0
    if not days:
        return 0
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))
        session.execute(text("LOCK TABLE price_document IN EXCLUSIVE MODE"))
    end = now - timedelta(days=days)
    gone = list(
        session.scalars(
            delete(PriceEvidence).where(PriceEvidence.true_until < end).returning(PriceEvidence.decision)
        )
    )
    session.execute(delete(ShownCopy).where(ShownCopy.shown_at < end))
    session.execute(delete(HeldList).where(HeldList.held_at < end))
    session.execute(delete(ShownTotal).where(ShownTotal.first_shown < end))
    named = [getattr(table, part) for table in (PriceEvidence, ShownCopy) for part in PARTS]
    used = union(*(select(column.label("hash")).where(column.is_not(None)) for column in named)).subquery()
    idle = PriceDocument.kept_at.is_(None) | (PriceDocument.kept_at < end - FRESH)
    session.execute(delete(PriceDocument).where(PriceDocument.hash.not_in(select(used.c.hash)), idle))
    return len(gone)
