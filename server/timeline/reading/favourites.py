"""What somebody looks at most: products, and the categories and sizes the catalogue says they are of. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from server.timeline.models import Event

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Goods:
    """What the catalogue says: the category of a product by its id, the size of a variant by its GTIN or SKU.

    Of what it does not know, the channel that told of it is believed: so a web shop's words and ours do not count
    as two.
    """

    categories: Mapping[str, str] = field(default_factory=dict)
    sizes: Mapping[str, str] = field(default_factory=dict)

    def category(self, event: Event) -> object:
        """Return the category of what an event is about, None where nobody says."""
        return self.categories.get(event.product_id or "") or event.properties.get("category")

    def size(self, event: Event) -> object:
        """Return the size of what an event is about, None where nobody says."""
        return self.sizes.get(variant_of(event)) or event.properties.get("size")


NOTHING_KNOWN = Goods()


def variant_of(event: Event) -> str:
    """Return the GTIN or SKU an event names, '' for none."""
    told = event.gtin or event.properties.get("sku")
    return told if isinstance(told, str) else ""


def most_often(values: Iterable[object]) -> tuple[str, ...]:
    """Return the texts among the values, the most frequent first."""
    counted = Counter(value for value in values if isinstance(value, str) and value)
    return tuple(sorted(counted, key=lambda value: (-counted[value], value))[:SHOWN])
