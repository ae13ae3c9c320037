"""Kiosks put in quarantine and released again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Kiosk
from server.errors import Conflict, Invalid, NotFound
from server.timeline.left_out.models import MOST_LISTED, QuarantinedKiosk
from server.timeline.left_out.saying import Said


def quarantine(
    session: Session, kiosk_id: str, said: Said, *, row_id: UUID, since: datetime, store_id: str | None = None
) -> QuarantinedKiosk:
    """Let nothing count that a kiosk delivers from `since` on; one quarantine of a kiosk at a time.

    Raises `NotFound` for a kiosk there is not (in the store, where one is named), `Conflict` for one in
    quarantine, `Invalid` without a reason or for a moment to come.
    """
    kiosk = session.get(Kiosk, kiosk_id, with_for_update=True)
    if kiosk is None or store_id not in {None, kiosk.store_id}:
        msg = f"There is no kiosk {kiosk_id} here."
        raise NotFound(msg)
    if since > said.at:
        msg = "A quarantine begins now or began earlier."
        raise Invalid(msg)
    if _open(session, kiosk_id) is not None:
        msg = f"{kiosk_id} is in quarantine already; release it first."
        raise Conflict(msg)
    row = QuarantinedKiosk(id=row_id, kiosk_id=kiosk_id, store_id=kiosk.store_id, since=since)
    row.reason, row.made_by, row.made_at = said.why(), said.staff_id, said.at
    session.add(row)
    subject = f"kiosk:{kiosk_id}"
    said.note(session, row.store_id, action="kiosk quarantined", subject=subject, since=since.isoformat())
    return row


def release(
    session: Session, kiosk_id: str, said: Said, *, store_id: str | None = None, until: datetime | None = None
) -> QuarantinedKiosk:
    """End a kiosk's quarantine: what happens from `until` (or now) on counts.

    With `until` its beginning, it is as if there had been none. Raises `NotFound` where it is in none, `Invalid`
    without a reason or for a moment outside of it.
    """
    row = _open(session, kiosk_id)
    if row is None or store_id not in {None, row.store_id}:
        msg = f"{kiosk_id} is in no quarantine here."
        raise NotFound(msg)
    row.until = until or said.at
    if not row.since <= row.until <= said.at:
        msg = f"A quarantine that began at {row.since.isoformat()} ends between then and now."
        raise Invalid(msg)
    said.why()
    row.ended_by, row.ended_at = said.staff_id, said.at
    subject, told = f"kiosk:{kiosk_id}", row.until.isoformat()
    said.note(session, row.store_id, action="kiosk released", subject=subject, until=told)
    return row


def quarantines(session: Session, store_id: str) -> list[QuarantinedKiosk]:
    """Return the quarantines of a store's kiosks, ended ones too, the newest first."""
    wanted = select(QuarantinedKiosk).where(QuarantinedKiosk.store_id == store_id)
    return list(session.scalars(wanted.order_by(QuarantinedKiosk.made_at.desc()).limit(MOST_LISTED)))


def _open(session: Session, kiosk_id: str) -> QuarantinedKiosk | None:
    wanted = select(QuarantinedKiosk).where(QuarantinedKiosk.kiosk_id == kiosk_id)
    return session.scalars(wanted.where(QuarantinedKiosk.ended_at.is_(None)).with_for_update()).first()
