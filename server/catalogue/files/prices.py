"""Prices as a file: what was asked stays in the history, what will be asked may be planned and mended. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import Field

from server.catalogue.files.cells import flat, nested
from server.catalogue.files.judging import Change, Judge, Judged, Key, Verdict
from server.catalogue.files.rows import Gtin14, Id, Part, Row
from server.catalogue.rules import ListPrice, major_units, minor_units
from server.errors import Invalid
from server.wire import Moment

Amount = Annotated[Decimal, Field(ge=0, lt=10**12, allow_inf_nan=False)]


class Amounts(Row):
    """A price with what members pay and the floor no promotion goes below: amounts as written on a shelf."""

    price: Amount
    member: Amount | None = None
    floor: Amount = Decimal(0)


class PriceRow(Amounts):
    """What a variant costs in a store from a moment on (from now on where none is given), taxes included."""

    parts: ClassVar[tuple[Part, ...]] = (
        Part("price", ("store_id", "gtin", "applies_from"), {"store": "store_id", "gtin": "gtin"}),
    )

    store: Id
    gtin: Gtin14
    currency: str | None = None
    applies_from: Moment | None = None


@dataclass(slots=True)
class PriceJudge(Judge):
    """Judges the rows of a file of prices; `steps` are the stored prices by store and GTIN, in order of time."""

    steps: dict[tuple[str, str], list[ListPrice]] = field(default_factory=dict)
    _planned: dict[Key, tuple[int, ListPrice]] = field(default_factory=dict)

    def _judge(self, number: int, cells: dict[str, str]) -> Judged:
        self._name(cells)
        currency = self.known.currencies.get(cells.get("store", ""))
        if currency is None:
            msg = f"there is no store {cells.get('store', '')!r}."
            raise Invalid(msg)
        if cells["gtin"] not in self.known.articles:
            msg = f"there is no gtin {cells['gtin']}."
            raise Invalid(msg)
        steps = self.steps.get((cells["store"], cells["gtin"]), [])
        written = PriceRow.model_validate(nested({"price": "0"} | cells)).applies_from
        at = written or self.known.now
        stands = next((step for step in reversed(steps) if step.at <= at), None)
        row = PriceRow.model_validate(nested(price_cells(stands, currency) | cells))
        if row.currency not in {None, currency}:
            msg = f"{row.store} sells in {currency}, not in {row.currency}."
            raise Invalid(msg)
        asked = asked_in(row, at, currency)
        self._once(number, row, asked)
        return self._against(number, row, asked, steps=steps, stands=stands, written=written)

    def _once(self, number: int, row: PriceRow, asked: ListPrice) -> None:
        earlier, said = self._planned.setdefault((row.store, row.gtin, asked.at), (number, asked))
        if said != asked:
            msg = f"it is not what row {earlier} says of the same price."
            raise Invalid(msg)

    def _against(
        self,
        number: int,
        row: PriceRow,
        asked: ListPrice,
        *,
        steps: list[ListPrice],
        stands: ListPrice | None,
        written: datetime | None,
    ) -> Judged:
        """Judge a price against those stored: an equal one changes nothing, and none in the past is rewritten."""
        same_time = stands is not None and stands.at == asked.at
        if stands is not None and _says(stands) == _says(asked) and (same_time or written is None):
            return Judged(number, Verdict.UNCHANGED)
        if written is not None and written <= self.known.now and steps:
            msg = f"what {row.gtin} cost in {row.store} on {written:%Y-%m-%d %H:%M} UTC stays as it was asked;"
            raise Invalid(msg + " give a time to come, or none for a price from now on.")
        address = "price", (row.store, row.gtin, asked.at)
        before = _values(row, stands) if stands is not None and same_time else None
        self.changes.setdefault(address, Change("price", address[1], before, _values(row, asked)))
        if stands is None:
            return Judged(number, Verdict.NEW)
        words = f"{row.gtin} in {row.store}: {_told(stands, row, self.known.currencies)} →"
        return Judged(number, Verdict.CHANGED, f"{words} {_told(asked, row, self.known.currencies)}")


def asked_in(row: Amounts, at: datetime, currency: str) -> ListPrice:
    """Return what a row asks from a moment on, in minor units; raises `Invalid` for amounts that cannot be."""
    member = None if row.member is None else minor_units(row.member, currency)
    asked = ListPrice(at, minor_units(row.price, currency), member, minor_units(row.floor, currency))
    if asked.floor > asked.minor or (member is not None and not asked.floor <= member <= asked.minor):
        msg = "member must not be more than price, and floor not more than either."
        raise Invalid(msg)
    return asked


def price_cells(step: ListPrice | None, currency: str) -> dict[str, str]:
    """Return a stored price as cells, without its time."""
    if step is None:
        return {}
    member = None if step.member is None else major_units(step.member, currency)
    floor = major_units(step.floor, currency) if step.floor else None
    return flat({"price": major_units(step.minor, currency), "member": member, "floor": floor})


def _says(step: ListPrice) -> tuple[int, int | None, int]:
    return step.minor, step.member, step.floor


def _values(row: PriceRow, step: ListPrice) -> dict[str, Any]:
    return {
        "store_id": row.store,
        "gtin": row.gtin,
        "applies_from": step.at,
        "minor": step.minor,
        "member_minor": step.member,
        "floor_minor": step.floor,
    }


def _told(step: ListPrice, row: PriceRow, currencies: Mapping[str, str]) -> str:
    return " ".join(price_cells(step, currencies[row.store]).values()) + f" {currencies[row.store]}"
