"""Which products a wish means."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.catalogue.models import Product
from server.catalogue.queries import parents
from server.recommendations.models import SuggestionWish


class Goods:
    """The products each wish means: one, or all of a category and those below it."""

    def __init__(self, session: Session, rows: Sequence[SuggestionWish]) -> None:
        self._of_category: dict[str, frozenset[str]] = {}
        wanted = {row.category_id for row in rows if row.category_id}
        above = parents(session) if wanted else {}
        for category in wanted:
            below = {one for one in above if category in _line(one, above)}
            found = session.scalars(select(Product.id).where(Product.category_id.in_(below)))
            self._of_category[category] = frozenset(found)

    def of(self, row: SuggestionWish) -> frozenset[str]:
        """Return the products of a wish."""
        return self._of_category[row.category_id] if row.category_id else frozenset({str(row.product_id)})


def _line(category: str, above: dict[str, str | None]) -> set[str]:
    line: set[str] = set()
    one: str | None = category
    while one is not None and one not in line:
        line.add(one)
        one = above.get(one)
    return line
