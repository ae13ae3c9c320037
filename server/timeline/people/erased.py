"""What stays of somebody erased: hashes that nobody can read, so that what comes late is not taken for new."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import String, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.db import Base
from server.timeline.people.keyed import PersonKeys
from server.timeline.people.models import Id, IdKind


class ErasedId(Base):
    """The keyed hash of an id, as it was stored, of somebody erased."""

    __tablename__ = "erased_id"
    hash: Mapped[str] = mapped_column(String(200), primary_key=True)
    erased_at: Mapped[datetime]


def remember(session: Session, hashes: Iterable[str], now: datetime) -> None:
    """Keep the hashes of ids that are erased, each once, in the caller's transaction."""
    wanted = sorted(set(hashes))
    known = _known(session, wanted)
    rows = [{"hash": one, "erased_at": now} for one in wanted if one not in known]
    if rows:
        session.execute(insert(ErasedId), rows)


def erased_hashes(session: Session) -> list[str]:
    """Return the hashes of all that was erased, for the list that is kept beside the backups."""
    return list(session.scalars(select(ErasedId.hash).order_by(ErasedId.hash)))


def is_erased_card(session: Session, written: Iterable[str], keys: PersonKeys) -> bool:
    """Return whether one of these (a UID, a content) is the card of somebody erased.

    A kiosk may still hold taps of it: what they say of the card is kept no more than the card is.
    """
    forms = [form for value in written for form in keys.every(Id(IdKind.CARD, value))]
    return bool(_known(session, [one for form in forms for one in keys.hashes(form)]))


def _known(session: Session, hashes: Collection[str]) -> set[str]:
    return set(session.scalars(select(ErasedId.hash).where(ErasedId.hash.in_(list(hashes)))))
