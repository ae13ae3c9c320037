"""The server, put together: a table of contents."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime

from apiflask import APIFlask

from server import health, home, openapi, problems, web, words
from server.access import guard
from server.access import views as access
from server.analytics import left_out_pages, replay_page
from server.analytics import views as analytics
from server.calls import pages as call_pages
from server.calls import views as calls
from server.catalogue import views as catalogue
from server.catalogue.files import views as files
from server.catalogue.reading import views as reading
from server.fleet import pages as fleet_pages
from server.fleet import views as fleet
from server.live import pages as live_pages
from server.phone import pages as phone_pages
from server.phone import views as phone
from server.promotions import pages as promotion_pages
from server.promotions import policies, proof
from server.promotions import preview as price_pages
from server.recommendations import views as wishes
from server.routes import Route
from server.settings import ServerSettings
from server.tags import pages as tag_pages
from server.tags import views as tags
from server.tags.alarms import pages as alarm_pages
from server.tags.enrolment import views as enrolment
from server.taps import lists, stories
from server.taps import views as taps
from server.timeline import pages as timeline_pages
from server.timeline import views as timeline
from server.timeline.failed import pages as failed_pages
from server.timeline.left_out import views as left_out


def create_app(
    settings: ServerSettings, *, now: Callable[[], datetime], luck: Callable[[int], bytes] = os.urandom
) -> APIFlask:
    """Return the app. Nothing is connected: it starts with the database away and heals by itself."""
    app = APIFlask("server", title="Shelftalker", version="1", docs_path=None, spec_path=None, json_errors=False)
    app.url_rule_class = Route
    web.init_app(app, settings, now=now, luck=luck)
    problems.init_app(app)
    access.init_app(app)
    health.init_app(app)
    openapi.init_app(app)
    for routes in (
        catalogue,
        files,
        reading,
        tags,
        enrolment,
        timeline,
        taps,
        stories,
        calls,
        fleet,
        lists,
        wishes,
        phone,
        left_out,
        left_out_pages,
    ):
        routes.init_app(app)
    for pages in (
        home,
        tag_pages,
        alarm_pages,
        call_pages,
        phone_pages,
        fleet_pages,
        timeline_pages,
        failed_pages,
        live_pages,
        promotion_pages,
        price_pages,
        proof,
        policies,
        analytics,
        replay_page,
    ):
        pages.init_app(app)
    words.init_app(app)
    guard.refuse_unguarded(app)
    return app
