"""Visits offered to a phone, as rows that go with the person they may be of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, delete, false, or_
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.db import Base, Json, Key, StoreKey
from server.timeline.people.models import Id, IdKind
from server.timeline.people.named import named
from server.timeline.people.queries import Person


class HandOver(Base):
    """One offer. Of the link, the phone that asked and the phone that was let in, only hashes are kept.

    `asks_who` where the kiosk can ask the shopper about a phone that says whose visit it is. `by` is who said so:
    the `number` typed in on the phone, or `source:…`; it counts for nothing before the yes.
    """

    __tablename__ = "hand_over"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[StoreKey]
    kiosk_id: Mapped[Key] = mapped_column(index=True)
    visit_id: Mapped[UUID] = mapped_column(index=True)
    offered_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10))
    link_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asker_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    phone_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    sign: Mapped[str | None] = mapped_column(String(2))
    kept: Mapped[list[Any]] = mapped_column(Json)
    asks_who: Mapped[bool] = mapped_column(server_default=false())
    by: Mapped[Key | None]
    card_id: Mapped[str | None] = mapped_column(String(200))
    customer_id: Mapped[str | None] = mapped_column(String(200))
    tries: Mapped[int] = mapped_column(server_default="0")
    """How many numbers were typed in that nobody has; counted here, for every worker counts them."""

    @property
    def who(self) -> Id | None:
        """Return whose visit the phone says it is, as it is stored."""
        return named(self)


def forget_hand_overs(session: Session, person: Person) -> None:
    """Delete what was offered of a person's visits, or named them: no phone sees what is left of them."""
    cards, customers = person.values(IdKind.CARD), person.values(IdKind.CUSTOMER)
    theirs = or_(HandOver.card_id.in_(cards), HandOver.customer_id.in_(customers))
    session.execute(delete(HandOver).where(or_(HandOver.visit_id.in_(person.visits), theirs)))
