"""What a row of each kind of file may say: the map of its columns, and which stored rows it speaks of. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from server.catalogue.details import Details
from server.catalogue.hours import OpeningHours
from server.catalogue.rules import BASES, gtin14
from server.errors import Invalid
from server.wire import Fact, Moment, Picture

Id = Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f:/]{1,64}$")]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=10_000)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
Texts = Annotated[dict[Language, Line], Field(min_length=1)]
Gtin14 = Annotated[str, BeforeValidator(gtin14)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Count = Annotated[int, Field(ge=0, lt=2**31)]
Degrees = Annotated[float, Field(allow_inf_nan=False)]


def _local(time: datetime) -> datetime:
    if time.tzinfo is not None:
        msg = "it is each store's own time: leave the zone out"
        raise ValueError(msg)
    return time


LocalTime = Annotated[datetime, AfterValidator(_local)]

CLOCK_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Part:
    """One stored row that a row of a file speaks of: its table, and the table's column for each field."""

    table: str
    key: tuple[str, ...]
    columns: Mapping[str, str]


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


class Row(BaseModel):
    """A row of a file, complete: what it leaves open was filled in from what is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    parts: ClassVar[tuple[Part, ...]]

    def settled(self, before: Self | None, given: frozenset[str], now: datetime) -> Self:  # noqa: ARG002 - for rows that need it
        """Return the row as it shall be stored; `before` is what stands, `given` the columns of the file.

        Raises `Invalid` for what cannot be in the light of them.
        """
        return self


class CategoryRow(Row):
    """A category: its id, the one above it, its name."""

    parts = (Part("category", ("id",), {"category": "id", "parent": "parent_id", "name": "name"}),)

    category: Id
    parent: Id | None = None
    name: Texts


class CatalogueRow(Row):
    """A variant, with all of its product; further variants of the product may leave that empty."""

    parts = (
        Part(
            "product",
            ("id",),
            {"product": "id", "category": "category_id"}
            | _same(
                "brand",
                "name",
                "summary",
                "pictures",
                "facts",
                "notice",
                "withdrawn_at",
                "discountable",
                "details",
            ),
        ),
        Part(
            "variant",
            ("gtin",),
            {"product": "product_id"}
            | _same("gtin", "sku", "size", "colour", "colour_code", "axes", "position", "content", "content_unit"),
        ),
    )

    product: Id
    category: Id
    brand: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    name: Texts
    summary: dict[Language, Line] = Field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()
    facts: tuple[Fact, ...] = ()
    notice: Texts | None = None
    withdrawn_at: Moment | None = None
    discountable: bool = True
    details: Details = Details()
    gtin: Gtin14
    sku: Annotated[Line, StringConstraints(min_length=1, max_length=64)]
    size: Annotated[Line, StringConstraints(max_length=20)] | None = None
    colour: Texts | None = None
    colour_code: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None
    axes: tuple[Fact, ...] = ()
    position: Count = 0
    content: Annotated[Decimal, Field(gt=0, max_digits=12, decimal_places=3)] | None = None
    content_unit: str | None = None

    @model_validator(mode="after")
    def _content_has_its_unit(self) -> Self:
        if (self.content is None) != (self.content_unit is None) or self.content_unit not in {None, *BASES}:
            msg = f"content needs content_unit, and both or none: one of {', '.join(BASES)}"
            raise ValueError(msg)
        return self


class StockRow(Row):
    """How many of a variant stand in a store; without `counted_at` they were counted now."""

    parts = (
        Part(
            "stock",
            ("store_id", "gtin"),
            {"store": "store_id", "gtin": "gtin", "count": "count", "counted_at": "counted_at"},
        ),
    )

    store: Id
    gtin: Gtin14
    count: Count
    counted_at: Moment | None = None

    def settled(self, before: Self | None, given: frozenset[str], now: datetime) -> Self:
        """Return the row with its time; an earlier count than the stored one changes nothing."""
        if "counted_at" not in given:
            same = before is not None and before.count == self.count
            return before if before is not None and same else self.model_copy(update={"counted_at": now})
        if self.counted_at is None or self.counted_at > now + CLOCK_SKEW:
            msg = f"counted_at {self.counted_at or 'is empty'}: give a time that has been, or leave the column out"
            raise Invalid(msg)
        late = before is not None and before.counted_at is not None and self.counted_at < before.counted_at
        return before if before is not None and late else self


class PlaceRow(Row):
    """Where a product stands in a store."""

    parts = (
        Part(
            "shelf_place",
            ("store_id", "product_id"),
            {"store": "store_id", "product": "product_id", "zone": "zone", "fixture": "fixture", "shelf": "shelf"},
        ),
    )

    store: Id
    product: Id
    zone: Texts
    fixture: Texts | None = None
    shelf: Count | None = None


class StoreRow(Row):
    """A store: the clock, money and language it lives by, where it stands and when it is open."""

    parts = (
        Part(
            "store",
            ("id",),
            {"store": "id"}
            | _same(
                "name", "time_zone", "currency", "locale", "place", "region", "latitude", "longitude", "hours"
            ),
        ),
    )

    store: Id
    name: Annotated[Line, StringConstraints(min_length=1, max_length=200)]
    time_zone: Annotated[str, StringConstraints(max_length=64)]
    currency: Currency
    locale: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")]
    place: Texts | None = None
    region: Annotated[Line, StringConstraints(max_length=64)] | None = None
    latitude: Annotated[Degrees, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[Degrees, Field(ge=-180, le=180)] | None = None
    hours: OpeningHours | None = None

    @field_validator("time_zone")
    @classmethod
    def _is_a_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (OSError, ValueError, KeyError) as error:
            msg = f"{name} is no time zone; they are written like Europe/Madrid"
            raise ValueError(msg) from error
        return name

    @model_validator(mode="after")
    def _coordinates_come_in_pairs(self) -> Self:
        if (self.latitude is None) != (self.longitude is None):
            msg = "latitude and longitude go together"
            raise ValueError(msg)
        return self

    def settled(self, before: Self | None, given: frozenset[str], now: datetime) -> Self:  # noqa: ARG002 - the house's signature
        """Refuse to change the money of a store: its prices are amounts of it."""
        if before is not None and before.currency != self.currency:
            msg = f"the prices of {self.store} are in {before.currency}; add a new store for {self.currency}"
            raise Invalid(msg)
        return self


def stored_as(part: Part, row: Row) -> dict[str, Any]:
    """Return what the part's table keeps of a row, by column."""
    return {column: _kept(getattr(row, field)) for field, column in part.columns.items()}


def _kept(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_defaults=True)
    return [_kept(one) for one in value] if isinstance(value, tuple) else value


def document_of(part: Part, stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a stored row says, by field: the inverse of `stored_as`."""
    return {field: stored[column] for field, column in part.columns.items()}
