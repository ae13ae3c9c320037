"""Sources that may write, as the recorded clients' keys have it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from server.timeline.sources.models import Right
from server.timeline.sources.queries import add_source
from tests.clock import NOW

SOURCES = {
    "wk_store42": ("store", "pos", [Right.WRITE, Right.VOUCH]),
    "wk_web": ("web", "web", [Right.WRITE]),
    "id": ("jitsu", "app", [Right.WRITE]),
    "rk_crm": ("crm", "crm", [Right.READ]),
    "pk_desk": ("privacy", "crm", [Right.PEOPLE]),
}
"""Write key, then the source's name, channel and rights."""


@pytest.fixture
def sources(app: Flask) -> Flask:
    """The app, with sources."""
    with Session(app.extensions["house"].engine) as session, session.begin():
        for key, (name, channel, rights) in SOURCES.items():
            add_source(session, name, channel=channel, store_id=None, rights=rights, key=key, now=NOW)
    return app
