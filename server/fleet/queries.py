"""The last word of each kiosk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access.models import Kiosk
from server.fleet.models import KioskState
from server.wire import Heartbeat

SILENT_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class KioskLine:
    """A kiosk with its last heartbeat, if it ever sent one; `silent` where it should have been heard since."""

    kiosk: Kiosk
    heard_at: datetime | None
    heartbeat: Heartbeat | None
    silent: bool


def note_heartbeat(session: Session, *, kiosk_id: str, store_id: str, heartbeat: Heartbeat, now: datetime) -> None:
    """Keep the newest heartbeat of a kiosk."""
    body = heartbeat.model_dump(mode="json")
    session.merge(KioskState(kiosk_id=kiosk_id, store_id=store_id, heard_at=now, heartbeat=body))


def kiosks_with_state(session: Session, store_ids: Collection[str], now: datetime) -> list[KioskLine]:
    """Return the kiosks of the stores that are not revoked, by store and name."""
    wanted = (
        select(Kiosk, KioskState)
        .join(KioskState, KioskState.kiosk_id == Kiosk.id, isouter=True)
        .where(Kiosk.store_id.in_(list(store_ids)), Kiosk.revoked_at.is_(None))
        .order_by(Kiosk.store_id, Kiosk.name)
    )
    return [_line(kiosk, state, now) for kiosk, state in session.execute(wanted)]


def _line(kiosk: Kiosk, state: KioskState | None, now: datetime) -> KioskLine:
    if state is None:
        return KioskLine(kiosk, None, None, silent=True)
    heartbeat = Heartbeat.model_validate(state.heartbeat)
    return KioskLine(kiosk, state.heard_at, heartbeat, silent=now - state.heard_at > SILENT_AFTER)
