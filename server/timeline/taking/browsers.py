"""What the browser libraries load before they send: settings that name no other destination than this server."""

from __future__ import annotations

from typing import Any

import flask

from server.access.guard import sources_only
from server.timeline.taking import cors

routes = flask.Blueprint("timeline_browsers", __name__)
routes.after_request(cors.allow)

EVER_THE_SAME = "2026-01-01T00:00:00Z"
"""RudderStack's library wants to know when its settings changed: these never do."""


def init_app(app: flask.Flask) -> None:
    """Add the routes."""
    app.register_blueprint(routes)


@routes.get("/v1/projects/<key>/settings", strict_slashes=False)
@sources_only()
def segment(key: str) -> dict[str, Any]:
    """Give Segment's library its settings; whether the key may write shows when it writes."""
    return {
        "integrations": {"Segment.io": {"apiKey": key, "unbundledIntegrations": [], "addBundledMetadata": True}},
        "plan": {"track": {"__default": {"enabled": True, "integrations": {}}}},
        "edgeFunction": {},
        "analyticsNextEnabled": True,
        "middlewareSettings": {},
        "enabledMiddleware": {},
        "metrics": {"sampleRate": 0},
        "legacyVideoPluginsEnabled": False,
        "remotePlugins": [],
    }


@routes.route("/sourceConfig", methods=["GET", "OPTIONS"], strict_slashes=False)
@sources_only()
def rudderstack() -> dict[str, Any]:
    """Give RudderStack's library its settings."""
    key = flask.request.args.get("writeKey", "")
    quiet = {"enabled": False}
    source = {"id": "source", "name": "web", "writeKey": key, "enabled": True, "workspaceId": "shop"}
    collects = {"statsCollection": {"errors": quiet, "metrics": quiet}}
    return {
        "source": {**source, "config": collects, "destinations": [], "dataplanes": {}},
        "updatedAt": EVER_THE_SAME,
    }
