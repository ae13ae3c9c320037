"""Who says that something does not count, or counts again, and why: noted in the audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from server.access.queries import record
from server.errors import Invalid
from server.timeline.left_out.models import LONGEST_REASON


@dataclass(frozen=True, slots=True)
class Said:
    """Who says so (None for the operator at a terminal), why, and when."""

    staff_id: str | None
    reason: str
    at: datetime

    def why(self) -> str:
        """Return the reason; raises `Invalid` where there is none, or a whole novel."""
        reason = self.reason.strip()
        if not 1 <= len(reason) <= LONGEST_REASON:
            msg = f"Say why, in 1 to {LONGEST_REASON} characters."
            raise Invalid(msg)
        return reason

    def note(self, session: Session, store_id: str, *, action: str, subject: str, **after: str) -> None:
        """Add the row of audit, in the caller's transaction."""
        told = {"reason": self.reason.strip(), **after}
        record(
            session,
            now=self.at,
            staff_id=self.staff_id,
            store_id=store_id,
            action=action,
            subject=subject,
            after=told,
        )
