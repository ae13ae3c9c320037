"""Webhooks and their deliveries in the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.errors import Conflict, NotFound
from server.timeline import outbox
from server.timeline.models import Event
from server.timeline.people.erasure_notice import ErasureNotice
from server.timeline.webhooks.models import Delivery, State, Webhook
from server.timeline.webhooks.sealing import Seal

ONCE = UUID("0d0e5c3c-5f0f-5d3f-8f58-0c6a0d7d6a11")
"""Name space of deliveries' ids (RFC 9562, version 5): an event is delivered to a webhook under one id."""

FANNED_OUT = 500

KEPT_WHEN_GIVEN_UP = timedelta(days=30)
"""How long a sealed notice nobody took waits for `redeliver`."""


def all_webhooks(session: Session) -> list[Webhook]:
    """Return every webhook by name, disabled ones too."""
    return list(session.scalars(select(Webhook).order_by(Webhook.id)))


def webhook(session: Session, webhook_id: str) -> Webhook:
    """Return the webhook; raises `NotFound`."""
    row = session.get(Webhook, webhook_id)
    if row is None:
        msg = f"There is no webhook {webhook_id}; `shelftalker webhooks list` names them."
        raise NotFound(msg)
    return row


def add_webhook(
    session: Session, webhook_id: str, *, url: str, secret: bytes, kinds: Sequence[str], now: datetime
) -> Webhook:
    """Store a webhook that is told what happens from now on; raises `Conflict` where the name is taken."""
    if session.get(Webhook, webhook_id) is not None:
        msg = f"There is a webhook {webhook_id} already; choose another name."
        raise Conflict(msg)
    row = Webhook(id=webhook_id, url=url, secret=secret, wanted={"kinds": list(kinds)}, created_at=now)
    row.seq = outbox.newest(session)
    session.add(row)
    return row


def fan_out(session: Session, now: datetime) -> int:
    """Make the deliveries of what was committed since; return how many events were looked at."""
    looked = _announce(session, now)
    for row in session.scalars(
        select(Webhook).where(Webhook.disabled_at.is_(None)).with_for_update(skip_locked=True)
    ):
        found = outbox.after(session, row.seq, limit=FANNED_OUT)
        kinds = row.wanted["kinds"]
        for seq, event in found:
            if not kinds or event.kind in kinds:
                session.add(_delivery(row, (event.id, event.corrected_at), now))
            row.seq = seq
        looked += len(found)
    return looked


def _announce(session: Session, now: datetime) -> int:
    """Put in line for every webhook, whatever kinds it wants, that somebody was erased; return how many were."""
    notices = session.scalars(select(ErasureNotice).with_for_update(skip_locked=True)).all()
    if notices:
        old = (Delivery.state == State.GIVEN_UP) & (Delivery.next_at < now - KEPT_WHEN_GIVEN_UP)
        session.execute(update(Delivery).where(old, Delivery.sealed.is_not(None)).values(sealed=None))
        for row in session.scalars(select(Webhook).where(Webhook.disabled_at.is_(None))):
            session.add_all(
                _delivery(row, (notice.id, notice.at), now, sealed=notice.sealed) for notice in notices
            )
    for notice in notices:
        session.delete(notice)
    return len(notices)


def _delivery(row: Webhook, of: tuple[UUID, datetime], now: datetime, *, sealed: bytes | None = None) -> Delivery:
    event_id, at = of
    made = Delivery(id=uuid5(ONCE, f"{row.id} {event_id}"), webhook_id=row.id, event_id=event_id, sealed=sealed)
    made.corrected_at, made.state, made.tries, made.next_at = at, State.WAITING, 0, now
    return made


def due(session: Session, now: datetime) -> tuple[Delivery, Webhook, Event | None] | None:
    """Return the delivery that has been due longest, held for this transaction, None where none is."""
    wanted = (
        select(Delivery, Webhook)
        .join(Webhook, Webhook.id == Delivery.webhook_id)
        .where(Delivery.state == State.WAITING, Delivery.next_at <= now, Webhook.disabled_at.is_(None))
        .order_by(Delivery.next_at)
        .limit(1)
        .with_for_update(of=Delivery, skip_locked=True)
    )
    found = session.execute(wanted).first()
    if found is None:
        return None
    delivery, row = found
    event = session.scalars(
        select(Event).where(Event.id == delivery.event_id, Event.corrected_at == delivery.corrected_at)
    ).first()
    return delivery, row, event


def reseal(session: Session, *, old: Seal, new: Seal) -> int:
    """Seal every secret anew and return how many; raises `SettingsError`, and changes nothing, where `old` is not
    the seal of one.
    """
    count = 0
    for row in session.scalars(select(Webhook).with_for_update()):
        row.secret, count = new.seal(old.unseal(row.secret)), count + 1
        if row.old_secret is not None:
            row.old_secret, count = new.seal(old.unseal(row.old_secret)), count + 1
    return count


def send_again(session: Session, webhook_id: str, now: datetime) -> int:
    """Put all that was given up back in line, and return how many that is."""
    given_up = (Delivery.webhook_id == webhook_id) & (Delivery.state == State.GIVEN_UP)
    count = len(list(session.scalars(select(Delivery.id).where(given_up))))
    session.execute(update(Delivery).where(given_up).values(state=State.WAITING, tries=0, next_at=now))
    return count
