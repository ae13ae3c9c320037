"""The kiosk's route by which a shopper lets the team see this visit, or no longer does."""

from __future__ import annotations

import flask

from server.access.guard import devices_only, this_device
from server.access.models import KioskKind
from server.access.rules import Device
from server.openapi import documented
from server.taps.rules import OF_THE_SENDING, corrected
from server.timeline.group_commit import Writer
from server.timeline.models import EventKind
from server.timeline.own_properties import StoryProperties
from server.timeline.recording import Entry, device_event
from server.web import now, read_json, told_as_ours
from server.wire import StoryChoice

routes = flask.Blueprint("story_choices", __name__, url_prefix="/api/v1")


def init_app(app: flask.Flask) -> None:
    """Add the route."""
    app.register_blueprint(routes)


@routes.post("/visits/stories")
@devices_only(KioskKind.KIOSK)
@documented(takes=StoryChoice)
def story() -> tuple[str, int]:
    """Take whether the team may see what a shopper looked at; told twice is harmless."""
    writer: Writer = flask.current_app.extensions["timeline_writer"]
    with told_as_ours():
        writer.write([_entry(read_json(StoryChoice), this_device())])
    return "", 204


def _entry(choice: StoryChoice, device: Device) -> Entry:
    payload, received = choice.model_dump_json(exclude={*OF_THE_SENDING}).encode(), now()
    row = device_event(
        device,
        EventKind.STORY_SHARED,
        event_id=choice.choice_id,
        visit_id=choice.visit_id,
        occurred_at=choice.occurred_at,
        received_at=received,
        payload=payload,
        corrected_at=corrected(choice.occurred_at, received, choice.age_ms),
        properties=StoryProperties(yes=choice.yes, text_version=choice.text_version, language=choice.language),
    )
    return Entry(row, payload)
