"""What the properties of each kind of event must look like: schemas, version 1, after Segment's e-commerce v2.

Unknown properties are kept and unchecked: a schema says what those we know may hold.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, WithJsonSchema

from server.timeline.models import EventKind
from server.timeline.rules.misfit import Misfit

VERSION = 1

_AS_TOLD: Any = WithJsonSchema({"type": ["string", "number"]})
"""A number is as good as a text, and stays what it was."""

Reference = Annotated[str, StringConstraints(max_length=200), _AS_TOLD]
Named = Annotated[str, _AS_TOLD]
Amount = Annotated[Decimal, Field(allow_inf_nan=False)]
Currency = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{3}$")]


class Properties(BaseModel):
    """Properties of any event."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)


class ProductProperties(Properties):
    """A product, as in Product Viewed."""

    product_id: Reference | None = None
    sku: Reference | None = None
    name: Named | None = None
    price: Amount | None = None
    quantity: Amount | None = None
    value: Amount | None = None
    currency: Currency | None = None


class ListProperties(Properties):
    """Several products, as in Product List Viewed and Cart Viewed."""

    products: list[ProductProperties] | None = None
    value: Amount | None = None
    currency: Currency | None = None


class OrderProperties(ListProperties):
    """An order: without its number it cannot be told from another."""

    order_id: Reference
    total: Amount | None = None
    revenue: Amount | None = None


_PRODUCT = (
    EventKind.PRODUCT_CLICKED,
    EventKind.PRODUCT_VIEWED,
    EventKind.PRODUCT_ADDED,
    EventKind.PRODUCT_REMOVED,
    EventKind.PRODUCT_ADDED_TO_WISHLIST,
    EventKind.PRODUCT_REMOVED_FROM_WISHLIST,
    EventKind.WISHLIST_PRODUCT_ADDED_TO_CART,
    EventKind.PRODUCT_SHARED,
    EventKind.PRODUCT_REVIEWED,
)
_LIST = (
    EventKind.PRODUCT_LIST_VIEWED,
    EventKind.PRODUCT_LIST_FILTERED,
    EventKind.CART_VIEWED,
    EventKind.CART_SHARED,
    EventKind.CHECKOUT_STARTED,
)
_ORDER = (
    EventKind.ORDER_UPDATED,
    EventKind.ORDER_COMPLETED,
    EventKind.ORDER_REFUNDED,
    EventKind.ORDER_CANCELLED,
)

SCHEMAS: dict[EventKind, type[Properties]] = {
    **dict.fromkeys(_PRODUCT, ProductProperties),
    **dict.fromkeys(_LIST, ListProperties),
    **dict.fromkeys(_ORDER, OrderProperties),
}


def check(kind: EventKind, properties: dict[str, Any]) -> None:
    """Raise `Misfit` naming the first property that is not what the kind's schema says."""
    schema = SCHEMAS.get(kind)
    if schema is None:
        return
    try:
        schema.__pydantic_validator__.validate_python(properties)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        msg = f"properties.{where}: {first['msg']}."
        raise Misfit("schema", msg) from error
