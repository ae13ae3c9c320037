"""What training reads and where models are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.catalogue.models import Category, Product
from server.errors import Conflict
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


def serving_version(session: Session) -> int:
    """Return the version that serves: the newest that may, 0 where none may."""
    return session.scalar(select(func.max(TrainedModel.version)).where(TrainedModel.serving)) or 0


def newest_serving(session: Session) -> TrainedModel | None:
    """Return the model that serves, if there is one."""
    return session.get(TrainedModel, serving_version(session))


def keep(
    session: Session, *, file: bytes, report: dict[str, object], now: datetime, serving: bool = True
) -> TrainedModel:
    """Store a model as the newest; of those that may serve and of the others the last `KEPT` stay besides."""
    model = TrainedModel(trained_at=now, file=file, report=report, serving=serving)
    session.add(model)
    session.flush()
    alike = select(TrainedModel).where(TrainedModel.serving == serving).order_by(TrainedModel.version.desc())
    for row in session.scalars(alike.offset(KEPT + 1)).all():
        session.delete(row)
    return model


def take_back(session: Session, now: datetime) -> tuple[int, int]:
    """Let the model that served before the serving one serve again; return the versions of both, old first.

    Raises `Conflict` where there is none.
    """
    wanted = select(TrainedModel).where(TrainedModel.serving).order_by(TrainedModel.version.desc())
    rows = session.scalars(wanted.limit(2)).all()
    if len(rows) < 2:
        msg = "There is no model before the serving one that could serve again."
        raise Conflict(msg)
    rows[0].serving = False
    rows[0].report = {**rows[0].report, "taken_back_at": now.isoformat()}
    return rows[0].version, rows[1].version
