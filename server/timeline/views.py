"""The timeline's routes and what they share, put together."""

from __future__ import annotations

import flask
from prometheus_client import Gauge

from server.timeline.group_commit import Writer
from server.timeline.people import views as people
from server.timeline.published import views as published
from server.timeline.reading import views as reading
from server.timeline.stories import views as stories
from server.timeline.taking import browsers, key
from server.timeline.taking import views as taking
from server.timeline.webhooks import models as webhooks  # noqa: F401 - its tables are known once the app is
from server.web import House


def init_app(app: flask.Flask) -> None:
    """Set up the one writer of this process and the routes to write and read."""
    house: House = app.extensions["house"]
    app.extensions["timeline_writer"] = writer = Writer(house.engine)
    told = "Events nobody waits for that the database refused, since the start"
    put_aside = Gauge("shelftalker_events_put_aside", told, registry=app.extensions["registry"])
    put_aside.set_function(lambda: writer.riding.put_aside)
    told = "Entries the database refused for what they say, put aside in the quarantine, since the start"
    refused = Gauge("shelftalker_events_refused", told, registry=app.extensions["registry"])
    refused.set_function(lambda: writer.refused)
    key.init_app(app)
    taking.init_app(app)
    browsers.init_app(app)
    reading.init_app(app)
    published.init_app(app)
    people.init_app(app)
    stories.init_app(app)
