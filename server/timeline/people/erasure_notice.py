"""That somebody was erased, for the systems that were told of them: they have to forget, too (GDPR, article 19).

It names nothing but what those systems were told of already: customer numbers and visits.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.db import Base
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import IdKind
from server.timeline.people.queries import Person

CUSTOMER_ERASED = "customer.erased"


class ErasureNotice(Base):
    """That somebody was erased, sealed, for the systems told of events; gone once it is in line for all."""

    __tablename__ = "erasure_notice"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


def announce(session: Session, person: Person, keys: PersonKeys, *, request_id: UUID, at: datetime) -> None:
    """Keep the notice, in the caller's transaction, where others were told of the person under any id."""
    ids = {"user_ids": person.values(IdKind.CUSTOMER), "visit_ids": person.values(IdKind.VISIT)}
    if any(ids.values()):
        said = {"type": CUSTOMER_ERASED, "timestamp": at, "data": {"request_id": request_id, **ids}}
        session.add(ErasureNotice(id=request_id, at=at, sealed=keys.seal(to_json(said))))
