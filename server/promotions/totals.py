"""The evidence of what lists came to: what was shown, to which kiosk, from what; and worked out again from it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.promotions.documents import PARTS, documents_of
from server.promotions.models import ShownTotal
from server.promotions.rules.pricing import Line, PricedList, price_list
from server.promotions.rules.running import Running
from server.promotions.rules.situation import Shopper
from server.promotions.rules.versions import Json, digest, inputs_of
from server.wire.lists import PricedListAnswer

OF_THE_SHELF = {"list_id", "held", "held_until"}


def total_shown(
    answer: PricedListAnswer, *, store_id: str, device_id: str, made_from: Json, now: datetime
) -> dict[str, Any]:
    """Return the row to keep of a list that is about to be shown."""
    shown = answer.model_dump(mode="json", exclude=OF_THE_SHELF)
    return {
        "list_id": answer.list_id,
        "decision": digest({"shown": shown, "made_from": {k: v for k, v in made_from.items() if k != "at"}}),
        "store_id": store_id,
        "device_id": device_id,
        "first_shown": now,
        "shown": shown,
        "made_from": made_from,
    }


def totals_shown(session: Session, store_id: str, *, since: datetime, until: datetime) -> Iterator[Json]:
    """Yield what lists came to in a store in `[since, until)`, and whether their documents say the same."""
    wanted = select(ShownTotal).where(ShownTotal.store_id == store_id)
    wanted = wanted.where(ShownTotal.first_shown >= since, ShownTotal.first_shown < until)
    for row in session.scalars(wanted.order_by(ShownTotal.first_shown, ShownTotal.list_id, ShownTotal.decision)):
        again = _again(session, row.made_from)
        yield {
            "list": str(row.list_id),
            "store": row.store_id,
            "kiosk": row.device_id,
            "first_shown": row.first_shown.isoformat(),
            "shown": row.shown,
            "made_from": row.made_from,
            "worked_out_again": again is not None and _says(again, row.shown),
        }


def _again(session: Session, made_from: Json) -> PricedList | None:
    at = datetime.fromisoformat(made_from["at"])
    lines: list[Line] = []
    live: dict[str, Running] = {}
    place, policy = None, None
    for line in made_from["lines"]:
        told = documents_of(session, {part: line[part] for part in PARTS})
        inputs = inputs_of(told) if told else None
        wanted = inputs.priced(at) if inputs else None
        if inputs is None or wanted is None:
            return None
        place, policy = inputs.place, inputs.policy
        lines.append(Line(wanted, line["quantity"]))
        live |= {one.id: one for one in inputs.promotions if one.runs_at(at, place.zone)}
    if place is None or policy is None:
        return None
    situation = place.situation(at, _shopper(made_from["shopper"]), frozenset(made_from["used_up"]))
    return price_list(lines, list(live.values()), situation=situation, policy=policy)


def _shopper(told: Json) -> Shopper:
    return Shopper(frozenset(told["segments"]), frozenset(told["signs"]), told["orders"])


def _says(again: PricedList, shown: Json) -> bool:
    units = [[minor for minor, _ in line.units] for line in again.lines]
    return units == [line["units"] for line in shown["lines"]] and again.total == shown["total"]["minor"]
