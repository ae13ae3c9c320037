"""What training reads and where models are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.catalogue.models import Category, Product
from server.recommendations.models import TrainedModel

KEPT = 5
"""Models kept besides the newest, so that one can go back."""


@dataclass(frozen=True, slots=True)
class ProductWords:
    """A product as the content model reads it: its words in all languages, and its family."""

    product_id: str
    family: str
    words: str


def product_words(session: Session) -> list[ProductWords]:
    """Return every product with name, brand, facts and the names of its categories as one text."""
    categories = {row.id: row for row in session.scalars(select(Category))}
    products = session.scalars(select(Product).order_by(Product.id))
    return [ProductWords(row.id, row.category_id, _words(row, categories)) for row in products]


def _words(product: Product, categories: dict[str, Category]) -> str:
    parts = [*product.name.values(), product.brand, *product.summary.values()]
    parts += [word for fact in product.facts for word in fact["value"].values()]
    above: str | None = product.category_id
    while above in categories:
        parts += [*categories[above].name.values()] * 2
        above = categories[above].parent_id
    return " ".join(parts)


def newest_serving(session: Session, *, after: int = 0) -> TrainedModel | None:
    """Return the serving model with the highest version above `after`, if there is one."""
    wanted = select(TrainedModel).where(TrainedModel.serving, TrainedModel.version > after)
    return session.scalars(wanted.order_by(TrainedModel.version.desc()).limit(1)).first()


def keep(session: Session, *, file: bytes, report: dict[str, object], now: datetime) -> TrainedModel:
    """Store a model as the newest and forget those older than the last `KEPT`."""
    model = TrainedModel(trained_at=now, file=file, report=report)
    session.add(model)
    session.flush()
    old: Sequence[TrainedModel] = session.scalars(
        select(TrainedModel).order_by(TrainedModel.version.desc()).offset(KEPT + 1)
    ).all()
    for row in old:
        session.delete(row)
    return model
