"""Rows that name a card or a customer, each in a column of its own: which of the two, and back."""

from __future__ import annotations

from typing import Protocol

from server.timeline.people.models import Id, IdKind

COLUMNS = {"card_id": IdKind.CARD, "customer_id": IdKind.CUSTOMER}
"""The columns in which any table names somebody, and what kind of id stands there."""


class Naming(Protocol):
    """A row that names a card or a customer, or nobody."""

    @property
    def card_id(self) -> str | None: ...  # noqa: D102 - a column

    @property
    def customer_id(self) -> str | None: ...  # noqa: D102 - a column


def named(row: Naming) -> Id | None:
    """Return whom a row names, as the id is stored; None for nobody."""
    if row.card_id is not None:
        return Id(IdKind.CARD, row.card_id)
    return None if row.customer_id is None else Id(IdKind.CUSTOMER, row.customer_id)


def naming(one: Id | None) -> dict[str, str | None]:
    """Return what the columns hold that name an id of either kind, or nobody."""
    return {column: one.value if one and one.kind is kind else None for column, kind in COLUMNS.items()}
