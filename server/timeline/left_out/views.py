"""Quarantined kiosks and test visits over the API: managers for their stores, operators for all."""

from __future__ import annotations

from uuid import UUID

import flask

from server.access.guard import own_store, staff_only, this_staff
from server.access.models import Role
from server.openapi import documented
from server.timeline.left_out import kiosks, visits
from server.timeline.left_out.saying import Said
from server.timeline.left_out.words import (
    QuarantineAsked,
    QuarantineList,
    QuarantineRecord,
    ReleaseAsked,
    TestVisitList,
    TestVisitRecord,
    WhyAsked,
)
from server.web import fresh_id, now, read_json, said

routes = flask.Blueprint("left_out", __name__, url_prefix="/api/v1/stores/<store_id>")


def init_app(app: flask.Flask) -> None:
    """Add the routes."""
    app.register_blueprint(routes)


@routes.get("/quarantines")
@staff_only(Role.MANAGER, Role.OPERATOR)
@documented(gives=QuarantineList)
def quarantines(store_id: str) -> flask.Response:
    """List the quarantines of a store's kiosks."""
    with own_store(store_id) as (store, session):
        rows = kiosks.quarantines(session, store.id)
        return said(QuarantineList(quarantines=tuple(QuarantineRecord.of(row) for row in rows)))


@routes.post("/quarantines")
@staff_only(Role.MANAGER, Role.OPERATOR)
@documented(takes=QuarantineAsked, gives=QuarantineRecord)
def quarantine(store_id: str) -> flask.Response:
    """Put a kiosk in quarantine: what it delivers from then on is kept, and counts for nothing."""
    asked = read_json(QuarantineAsked)
    with own_store(store_id) as (store, session):
        since, why = asked.since or now(), _said(asked.reason)
        row = kiosks.quarantine(session, asked.kiosk_id, why, row_id=fresh_id(), since=since, store_id=store.id)
        return said(QuarantineRecord.of(row))


@routes.post("/quarantines/<kiosk_id>/release")
@staff_only(Role.MANAGER, Role.OPERATOR)
@documented(takes=ReleaseAsked, gives=QuarantineRecord)
def release(store_id: str, kiosk_id: str) -> flask.Response:
    """End a kiosk's quarantine."""
    asked = read_json(ReleaseAsked)
    with own_store(store_id) as (store, session):
        row = kiosks.release(session, kiosk_id, _said(asked.reason), store_id=store.id, until=asked.until)
        return said(QuarantineRecord.of(row))


@routes.get("/test-visits")
@staff_only(Role.MANAGER, Role.OPERATOR)
@documented(gives=TestVisitList)
def test_visits(store_id: str) -> flask.Response:
    """List the visits of a store that are marked as tests."""
    with own_store(store_id) as (store, session):
        rows = visits.marked(session, store.id)
        return said(TestVisitList(test_visits=tuple(TestVisitRecord.of(row) for row in rows)))


@routes.put("/test-visits/<uuid:visit_id>")
@staff_only(Role.MANAGER, Role.OPERATOR)
@documented(takes=WhyAsked, gives=TestVisitRecord)
def mark(store_id: str, visit_id: UUID) -> flask.Response:
    """Mark a visit as a test: it is kept, and counts for nothing. Twice is harmless."""
    why = _said(read_json(WhyAsked).reason)
    with own_store(store_id) as (store, session):
        return said(TestVisitRecord.of(visits.mark(session, visit_id, why, row_id=fresh_id(), store_id=store.id)))


@routes.post("/test-visits/<uuid:visit_id>/count")
@staff_only(Role.MANAGER, Role.OPERATOR)
@documented(takes=WhyAsked, gives=TestVisitRecord)
def count_again(store_id: str, visit_id: UUID) -> flask.Response:
    """Let a visit that was marked as a test count."""
    why = _said(read_json(WhyAsked).reason)
    with own_store(store_id) as (store, session):
        return said(TestVisitRecord.of(visits.count_again(session, visit_id, why, store_id=store.id)))


def _said(reason: str) -> Said:
    return Said(this_staff().id, reason, now())
