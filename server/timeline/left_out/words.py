"""Quarantines and test visits as the API takes and gives them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import StringConstraints

from server.timeline.left_out.models import LONGEST_REASON
from server.wire import Frozen, Moment
from server.wire.records import Record
from server.wire.values import Told

Reason = Annotated[Told, StringConstraints(min_length=1, max_length=LONGEST_REASON)]
Id = Annotated[Told, StringConstraints(min_length=1, max_length=64)]


class QuarantineAsked(Frozen):
    """A kiosk is not to be believed, from a moment on (or from now), and why."""

    kiosk_id: Id
    reason: Reason
    since: Moment | None = None


class ReleaseAsked(Frozen):
    """A kiosk may be believed again, from a moment on (or now); `until` as `since`: as if never in quarantine."""

    reason: Reason
    until: Moment | None = None


class QuarantineRecord(Record):
    """A quarantine as it is stored."""

    id: UUID
    kiosk_id: str
    store_id: str
    since: Moment
    until: Moment | None
    reason: str
    made_by: str | None
    made_at: Moment
    ended_by: str | None
    ended_at: Moment | None


class QuarantineList(Frozen):
    """Quarantines of a store's kiosks, ended ones too, the newest first."""

    quarantines: tuple[QuarantineRecord, ...]


class WhyAsked(Frozen):
    """Why a visit is marked as a test, or counts again."""

    reason: Reason


class TestVisitRecord(Record):
    """A visit marked as a test."""

    visit_id: UUID
    store_id: str
    reason: str
    made_by: str | None
    made_at: Moment


class TestVisitList(Frozen):
    """Visits marked as tests, the newest first."""

    test_visits: tuple[TestVisitRecord, ...]
