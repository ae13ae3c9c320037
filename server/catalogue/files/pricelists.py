"""Price lists as files: the lists, and what they ask; both fixed from when a list starts, only its end moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self

from pydantic import model_validator

from server.catalogue.files.cells import flat, nested
from server.catalogue.files.judging import Change, Clocks, Judge, Judged, Verdict
from server.catalogue.files.prices import Amounts, asked_in, price_cells
from server.catalogue.files.rows import Currency, Gtin14, Id, LocalTime, Part, Row, Texts
from server.catalogue.rules import ListPrice
from server.errors import Invalid


class PriceListRow(Row):
    """A price list: of a store or (none named) of the chain, in one currency, from a local time until another."""

    parts: ClassVar[tuple[Part, ...]] = (
        Part(
            "price_list",
            ("id",),
            {
                "list": "id",
                "name": "name",
                "store": "store_id",
                "currency": "currency",
                "starts": "starts",
                "ends": "ends",
            },
        ),
    )

    list: Id
    name: Texts
    store: Id | None = None
    currency: Currency
    starts: LocalTime
    ends: LocalTime | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends is not None and self.ends <= self.starts:
            msg = f"it ends at {self.ends}, not after it starts at {self.starts}"
            raise ValueError(msg)
        return self


class ListedPriceRow(Amounts):
    """What a list asks for a variant, taxes included."""

    parts: ClassVar[tuple[Part, ...]] = (
        Part("listed_price", ("list_id", "gtin"), {"list": "list_id", "gtin": "gtin"}),
    )

    list: Id
    gtin: Gtin14


@dataclass(slots=True)
class PriceListJudge(Judge):
    """Judges the rows of a file of price lists by the clocks of all stores."""

    def _judge(self, number: int, cells: dict[str, str]) -> Judged:
        judged = Judge._judge(self, number, cells)
        change = self.changes.get(("price_list", (cells["list"],)))
        if change is not None:
            _refuse(change.before, change.after or {}, self.known.clocks)
        return judged


def _refuse(before: Mapping[str, Any] | None, after: Mapping[str, Any], clocks: Clocks) -> None:
    begun = before is not None and before["starts"] <= clocks.ahead
    if before is None or not begun:
        if after["starts"] <= clocks.ahead:
            msg = f"starts {after['starts']} is past: a list begins in the time to come, once it has its prices."
            raise Invalid(msg)
        return
    fixed = [name for name in ("store_id", "currency", "starts") if before[name] != after[name]]
    over = before["ends"] is not None and before["ends"] <= clocks.ahead
    if fixed or over or (after["ends"] is not None and after["ends"] < clocks.ahead):
        msg = "it has begun, so what it asked stays; only its end can be moved, and not into the past."
        raise Invalid(msg)


@dataclass(slots=True)
class ListedPriceJudge(Judge):
    """Judges what lists ask; `lists` are the stored ones, `asked` their stored prices by list and GTIN."""

    lists: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    asked: dict[tuple[str, str], ListPrice] = field(default_factory=dict)
    _said: dict[tuple[str, str], tuple[int, ListPrice]] = field(default_factory=dict)

    def _judge(self, number: int, cells: dict[str, str]) -> Judged:
        self._name(cells)
        held = self.lists.get(cells.get("list", ""))
        if held is None:
            msg = f"there is no price list {cells.get('list', '')!r}."
            raise Invalid(msg)
        if cells["gtin"] not in self.known.articles:
            msg = f"there is no gtin {cells['gtin']}."
            raise Invalid(msg)
        key = held["id"], cells["gtin"]
        stands = self.asked.get(key)
        row = ListedPriceRow.model_validate(nested(price_cells(stands, held["currency"]) | cells))
        asked = asked_in(row, self.known.now, held["currency"])
        earlier, said = self._said.setdefault(key, (number, asked))
        if said != asked:
            msg = f"it is not what row {earlier} says of the same price."
            raise Invalid(msg)
        return self._against(number, held, key, asked=asked, stands=stands)

    def _against(
        self,
        number: int,
        held: Mapping[str, Any],
        key: tuple[str, str],
        *,
        asked: ListPrice,
        stands: ListPrice | None,
    ) -> Judged:
        after, before = _values(key, asked), _values(key, stands) if stands else None
        if after == before:
            return Judged(number, Verdict.UNCHANGED)
        if held["starts"] <= self.known.clocks.ahead:
            msg = (
                f"list {key[0]} has begun, so what it asks stays; plan another that begins later: it goes before."
            )
            raise Invalid(msg)
        self.changes.setdefault(("listed_price", key), Change("listed_price", key, before, after))
        if stands is None:
            return Judged(number, Verdict.NEW)
        told = [" ".join(price_cells(one, held["currency"]).values()) for one in (stands, asked)]
        return Judged(number, Verdict.CHANGED, f"{key[1]} on {key[0]}: {told[0]} → {told[1]} {held['currency']}")


def _values(key: tuple[str, str], step: ListPrice) -> dict[str, Any]:
    amounts = {"minor": step.minor, "member_minor": step.member, "floor_minor": step.floor}
    return {"list_id": key[0], "gtin": key[1], **amounts}


def listed_cells(row: Mapping[str, Any], currency: str) -> dict[str, str]:
    """Return a stored price of a list as a row of its file."""
    step = ListPrice(row["starts"], row["minor"], row["member_minor"], row["floor_minor"])
    return flat({"list": row["list_id"], "gtin": row["gtin"]}) | price_cells(step, currency)
